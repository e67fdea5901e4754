// Shows text that others wrote: isolated, so that it cannot reorder what
// stands beside it, and with U+XXXX for what cannot be seen or told apart.
import { el, button } from "./element.js";

const usual = 160; // code points shown at first
const unseenPoint =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]/u;
const oddSpace = /(?! )\p{Zs}/u;
const mark = /\p{M}/u;
const latin = /\p{Script=Latin}/u;
const near = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]/u; // have letters that look Latin
const twin =
  /[АВЕЅІЈКМНОРСТУХҮӀԌԚԜаеѕіјоԛрсԝухүһӏԁвкмнтΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχՕՏՍԼօոսհցքզյ\p{Script=Cherokee}\p{Script=Lisu}]/u;

const code = (c) => "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");

const words = /[\p{L}\p{M}]+/gu;

// disguised tells where letters of another script stand in a Latin word, or
// make one up that looks the same. A name in its own script is fine.
function disguised(text) {
  const odd = new Set();
  if (!near.test(text)) return odd;
  const all = [...text.matchAll(words)].map((m) => ({ at: m.index, word: m[0], letters: Array.from(m[0]) }));
  const foreign = (w) => w.letters.some((c) => near.test(c) && !twin.test(c));
  const native = all.some((w) => foreign(w) && !latin.test(w.word));
  for (const w of all) {
    const mixed = latin.test(w.word) && near.test(w.word);
    const posing = !native && near.test(w.word) && !foreign(w);
    if (mixed || posing) for (let i = 0; i < w.word.length; i++) odd.add(w.at + i);
  }
  return odd;
}

// pieces returns [text, marks] pairs: marks is the code point to be shown.
function pieces(text) {
  const odd = disguised(text);
  const out = [];
  let at = 0;
  let plain = "",
    marks = 0;
  const flush = () => {
    if (plain) out.push([plain, ""]);
    plain = "";
  };
  for (const c of text) {
    marks = mark.test(c) ? marks + 1 : 0;
    if (unseenPoint.test(c) || oddSpace.test(c) || marks > 2) {
      flush();
      out.push(["", code(c)]);
    } else if (odd.has(at) && near.test(c)) {
      flush();
      out.push([c, code(c)]);
    } else plain += c;
    at += c.length;
  }
  flush();
  return out;
}

const nodes = (text) =>
  pieces(text).map(([plain, point]) =>
    point ? [plain, el("span", { class: "point", title: "unusual character" }, point)] : plain,
  );

// shown is a text from outside, as an isolated element.
export function shown(text, props = {}, most = usual) {
  text = String(text ?? "");
  const points = Array.from(text.slice(0, 2 * most + 2));
  if (points.length <= most) return el("bdi", props, nodes(text));
  const whole = el("bdi", props, nodes(points.slice(0, most).join("")));
  const more = button(
    `… show all ${Array.from(text).length.toLocaleString("en")} characters`,
    () => {
      whole.replaceChildren(...el("bdi", {}, nodes(text)).childNodes);
      more.remove();
    },
    { class: "link" },
  );
  return el("span", {}, whole, " ", more);
}

// dn is a distinguished name: it breaks behind its commas where it must.
export function dn(text) {
  text = String(text ?? "");
  if (text.length > usual) return shown(text, { class: "mono" });
  const parts = text.split(/(?<=,)/);
  return el(
    "bdi",
    { class: "mono" },
    parts.map((part, i) => [i ? el("wbr") : "", nodes(part)]),
  );
}

// told is what the program or the directory says: as long as it is.
export const told = (text) => shown(text, {}, 4000);

// flat is the same for places that take no elements.
export function flat(text) {
  const short = Array.from(String(text ?? "").slice(0, 240))
    .slice(0, 120)
    .join("");
  return pieces(short)
    .map(([plain, point]) => plain + (point ? `[${point}]` : ""))
    .join("");
}
