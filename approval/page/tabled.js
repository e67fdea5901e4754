// The table of match that a person edited: what of it can be confirmed at once, and
// what is decided alone, and why.
import { el, button, plural } from "./element.js";
import { shown } from "./text.js";
import { acceptTogether } from "./bulk.js";

export function tabled({ desk }) {
  const node = el("section", { class: "tabled", "aria-label": "The table", hidden: true });
  return {
    node,
    update(state) {
      const t = state.table;
      node.hidden = !t || state.trips.length > 0;
      if (node.hidden) return node.replaceChildren();
      const stand = new Set((t.stand ?? []).map((row) => row.id)),
        list = state.questions.filter((q) => stand.has(q.id));
      const all = t.apart ?? [],
        opened = node.querySelector("details")?.open;
      node.replaceChildren(
        el("h2", {}, "The table"),
        el("p", {}, told(t, list.length, all.length)),
        list.length > 0 ? button(`Take over ${plural(list.length, "account")} of the table…`, () => acceptTogether(list, desk), { class: "primary" }) : "",
        all.length > 0 ? others(all, opened ?? list.length === 0) : "",
      );
    },
  };
}

const told = (t, stand, apart) =>
  `${plural(t.rows, "row")} to be taken over: ${[
    stand > 0 && `${stand} as proposed, to be confirmed together`,
    t.taken > 0 && `${t.taken} taken over`,
    apart > 0 && `${apart} not answered by the table`,
  ]
    .filter(Boolean)
    .join(", ") || "nothing waits"}.`;

const others = (list, open) =>
  el(
    "details",
    { open },
    el("summary", {}, `${plural(list.length, "row")} of the table decided alone, or not at all: who, and why`),
    el("ul", {}, list.map((row) => el("li", {}, `Line ${row.line}, `, shown(row.user), ": ", row.why, row.id ? "; it is asked below" : "", "."))),
  );
