// Words come from the program; here names are put into them.
import { el } from "./element.js";
import { shown } from "./text.js";

const names = {
  who: (q) => shown(q.person.displayName || q.person.cn, { class: "who" }),
  account: (q) => shown(q.person.accountName, { class: "mono" }),
  group: (q) => shown(q.group?.cn ?? "", { class: "who" }),
};

// what is going to happen, with the names of the question.
export const what = (q) => q.words.what.split(/\{(\w+)\}/).map((part, i) => (i % 2 ? (names[part]?.(q) ?? "") : part));

export const badge = (q) => el("span", { class: `badge ${q.words.calm ? "calm" : ""}` }, shown(q.words.mark));

const outcomeClass = { done: "good", failed: "bad" };
export const outcomeBadge = (item) =>
  el(
    "span",
    { class: `badge ${outcomeClass[item.outcome] ?? ""}` },
    item.said,
    item.outcome === "done" && item.group && [" ", shown(item.group)],
  );
