// More time for accounts, while no newer user file comes.
import { el, button, freshId, plural } from "./element.js";
import { post } from "./connection.js";
import { shown, told, flat } from "./text.js";
import { searched, wordsOf } from "./find.js";

export function prolonging({ trouble }) {
  const node = el("section", { class: "prolong", "aria-label": "More time", hidden: true });
  return {
    node,
    update(state) {
      const offer = state.trips.length ? null : state.offer;
      node.hidden = !offer;
      node.replaceChildren();
      if (!offer) return;
      node.append(
        el("h2", {}, "No newer user file has come"),
        el("p", {}, told(summary(offer, state.timestamp))),
        el(
          "div",
          { class: "buttons" },
          offer.people.length > 0 && button("Give more time…", () => open(offer, trouble), { class: "primary" }),
        ),
        leftOut(offer.left) ?? "",
      );
    },
  };
}

const date = (text) => text.slice(0, 10);
const earliest = (list) => list.reduce((a, b) => (a < b ? a : b));
const latest = (list) => list.reduce((a, b) => (a > b ? a : b));

function summary(offer, timestamp) {
  const since = timestamp ? `The last is of ${date(timestamp)}. ` : "";
  if (!offer.people.length) return `${since}No account may be given more time.`;
  const ends = offer.people.map((p) => p.ends);
  const first = date(earliest(ends)),
    last = date(latest(ends));
  const when = first === last ? `on ${first}` : `from ${first} to ${last}`;
  return `${since}${plural(offer.people.length, "account")} in use ${offer.people.length === 1 ? "ends" : "end"} ${when}. Look first why no file comes. Until one does, you may give up to ${offer.most} more days, ${offer.often === 2 ? "twice" : `${offer.often} times`} at most.`;
}

function leftOut(left) {
  if (!left.length) return null;
  return el(
    "details",
    {},
    el("summary", {}, `${plural(left.length, "account")} left out: who, and why`),
    el("ul", {}, left.map((l) => el("li", {}, shown(l.user), ": ", told(l.reason)))),
  );
}

// ends is when an account ends with so many days more.
function ends(p, days) {
  const end = new Date(new Date(p.ends).getTime() + days * 86400000).toISOString();
  return end < p.most ? end : p.most;
}

const few = 50; // people who are listed at once

function open(offer, trouble) {
  const heading = freshId(),
    fresh = offer.people.filter((p) => p.times === 0);
  let scope = fresh.length && fresh.length < offer.people.length ? "fresh" : "all",
    sending = false;
  const days = el("input", { id: freshId(), type: "number", min: 1, max: offer.most, value: String(offer.most), required: true });
  const reason = el("textarea", { id: freshId(), rows: 2, maxlength: 500, required: true });
  const typed = el("input", { id: freshId(), inputmode: "numeric", autocomplete: "off", size: 6 });
  const find = el("input", { id: freshId(), type: "search", autocomplete: "off", placeholder: "Name or account" });
  const one = el("select", { size: 5, "aria-label": "Person" });
  const person = el("div", { class: "person" }, el("label", { for: find.id }, "Find "), find, one);
  const said = el("p", { class: "outcome", role: "status" });
  const yes = el("button", { type: "submit", class: "primary", disabled: true });
  const sure = el("label", { for: typed.id });
  const confirm = el("p", {}, sure, typed);

  const group = freshId();
  const choice = (value, label) => {
    const radio = el("input", { type: "radio", name: group, checked: scope === value, onchange: () => ((scope = value), draw()) });
    return el("label", { class: "choice" }, radio, el("span", {}, label));
  };
  const named = (p) => `${flat(p.person.displayName || p.person.cn)} (${flat(p.person.accountName)}), ends ${date(p.ends)}`;
  let found = [];
  function list() {
    const words = wordsOf(find.value);
    found = offer.people.filter((p) => words.every((w) => searched([named(p)]).includes(w)));
    one.replaceChildren(...found.slice(0, few).map((p) => el("option", { value: p.id }, named(p))));
    if (found.length === 1) one.selectedIndex = 0;
  }

  // chosen are those whose accounts work with so many days more.
  const wanted = () => (scope === "one" ? offer.people.filter((p) => p.id === one.value) : scope === "fresh" ? fresh : offer.people);
  const chosen = () => wanted().filter((p) => p.least <= Number(days.value));

  function draw() {
    const n = chosen().length,
      rest = wanted().length - n,
      valid = days.checkValidity() && n > 0;
    person.hidden = scope !== "one";
    confirm.hidden = n < 2;
    sure.textContent = `Type ${n} to confirm: `;
    yes.textContent = `Give ${plural(Number(days.value) || 0, "day")} to ${plural(n, "account")}`;
    yes.disabled = sending || !valid || !reason.value.trim() || (n > 1 && typed.value.trim() !== String(n));
    said.textContent = valid ? outcome(chosen(), Number(days.value), rest) : scope === "one" && !one.value ? toChoose() : `Give 1 to ${offer.most} days.`;
  }

  const toChoose = () =>
    !found.length ? "Nothing matches." : found.length <= few ? "Choose a person." : `Choose a person. The first ${few} of ${found.length.toLocaleString("en")} are listed: type more of the name.`;

  async function send() {
    if (yes.disabled) return;
    const n = chosen().length;
    sending = true;
    draw();
    try {
      await post("prolong", {
        offer: offer.digest,
        one: scope === "one" ? one.value : "",
        fresh: scope === "fresh",
        days: Number(days.value),
        reason: reason.value,
        typed: n,
      });
      close(); // what came of it is said as it is carried out
    } catch (e) {
      close();
      trouble(e.message);
    }
  }

  const dialog = el(
    "dialog",
    { class: "prolonging", "aria-labelledby": heading },
    el(
      "form",
      { method: "dialog", onsubmit: (e) => (e.preventDefault(), send()), oninput: draw },
      el("h2", { id: heading }, "Give more time"),
      el("p", { class: "quiet" }, "The days are added to the end that each account has now, and never lead past the person's own end in the source domain."),
      el(
        "fieldset",
        {},
        el("legend", {}, "To"),
        choice("all", `All ${plural(offer.people.length, "account")}`),
        fresh.length > 0 && fresh.length < offer.people.length && choice("fresh", `Only the ${fresh.length} that were given none since this file`),
        choice("one", "One person"),
        person,
      ),
      el("p", {}, el("label", { for: days.id }, `Days (1 to ${offer.most}): `), days),
      el("p", {}, el("label", { for: reason.id }, "Why (kept, and shown in reports): "), reason),
      said,
      leftOut(offer.left),
      confirm,
      el("div", { class: "buttons" }, yes, button("Cancel", () => close())),
    ),
  );
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  find.addEventListener("input", list);
  one.addEventListener("change", draw);
  dialog.addEventListener("cancel", (e) => (e.preventDefault(), close()));
  list();
  draw();
  document.body.append(dialog);
  dialog.showModal();
  reason.focus();
}

function outcome(people, days, rest) {
  const list = people.map((p) => ends(p, days));
  const first = date(earliest(list)),
    last = date(latest(list)),
    capped = people.filter((p) => ends(p, days) === p.most && p.most < new Date(new Date(p.ends).getTime() + days * 86400000).toISOString()).length;
  const parts = [`New ${people.length === 1 ? "end" : "ends"}: ${first === last ? first : `${first} to ${last}`}.`];
  if (capped) parts.push(`For ${plural(capped, "account")} it is the person's own end in the source domain.`);
  if (rest) parts.push(`${plural(rest, "account")} ended too long ago for so few days.`);
  return parts.join(" ");
}
