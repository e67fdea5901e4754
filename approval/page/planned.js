// All that a stopped plan would do, by kind, the worst first.
import { el, button, freshId, plural } from "./element.js";
import { shown } from "./text.js";
import { searched, wordsOf } from "./find.js";

const step = 100; // people who are drawn at once

export function whole(planned) {
  const total = planned.reduce((n, p) => n + p.doing.length, 0);
  if (!total) return null;
  const id = freshId();
  const find = el("input", { type: "search", id, autocomplete: "off", placeholder: "Name, account, group, value …" });
  const said = el("p", { class: "quiet", role: "status" });
  const kinds = planned.map(kindOf);
  find.addEventListener("input", () => {
    const words = wordsOf(find.value),
      found = kinds.reduce((n, k) => n + k.filter(words), 0);
    said.textContent = !words.length ? "" : found ? `${found.toLocaleString("en")} of ${plural(total, "change")} shown` : "Nothing matches.";
  });
  return el(
    "article",
    { class: "planned" },
    el("h3", {}, `All that this plan would do (${plural(total, "change")})`),
    el("p", {}, el("label", { for: id }, "Find "), find),
    said,
    kinds.map((k) => k.node),
  );
}

function kindOf(p) {
  const summary = el("summary"),
    list = el("ul"),
    more = button("Show more", onward, { class: "small" });
  const node = el("details", { class: p.takes ? "takes" : "" }, summary, list, more);
  const texts = p.doing.map(textOf);
  let found = p.doing,
    drawn = step;

  function draw() {
    summary.textContent = `${p.title} (${found.length === p.doing.length ? "" : `${found.length.toLocaleString("en")} of `}${p.doing.length.toLocaleString("en")})`;
    if (!node.open) return;
    list.replaceChildren(...found.slice(0, drawn).map(line));
    offer();
  }
  function offer() {
    more.hidden = found.length <= drawn;
    more.textContent = `Show more (${(found.length - drawn).toLocaleString("en")})`;
  }
  // onward leaves the focus at what is next to be read.
  function onward() {
    const fresh = found.slice(drawn, (drawn += step)).map(line);
    list.append(...fresh);
    offer();
    if (!more.hidden) return;
    fresh[0].tabIndex = -1;
    fresh[0].focus();
  }
  node.addEventListener("toggle", draw);
  draw();
  return {
    node,
    filter(words) {
      found = p.doing.filter((_, i) => words.every((w) => texts[i].includes(w)));
      drawn = step;
      node.hidden = found.length === 0;
      draw();
      return found.length;
    },
  };
}

// textOf is what a line shows, and the common name.
const textOf = (d) =>
  searched([
    d.person.displayName,
    d.person.cn,
    d.person.accountName,
    d.group,
    d.why,
    ...(d.from ?? []),
    ...(d.changes ?? []).flatMap((c) => [c.attribute, ...(c.before ?? []), ...(c.after ?? [])]),
  ]);

const values = (list) => (list?.length ? list.map((v, i) => [i ? ", " : "", shown(v)]) : "nothing");

const line = (d) =>
  el(
    "li",
    {},
    shown(d.person.displayName || d.person.cn),
    " ",
    d.person.accountName && shown(d.person.accountName, { class: "mono quiet" }),
    d.group && [": ", shown(d.group)],
    d.from?.length > 0 && [" from ", values(d.from)],
    d.why && el("span", { class: "quiet" }, " (", shown(d.why), ")"),
    d.changes?.length > 0 &&
      el(
        "ul",
        {},
        d.changes.map((c) => el("li", {}, shown(c.attribute), ": ", values(c.before), " → ", values(c.after))),
      ),
  );
