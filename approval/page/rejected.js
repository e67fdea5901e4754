// What was rejected and is not asked, with who, when, until and why.
import { el, button, moment } from "./element.js";
import { what } from "./words.js";
import { shown } from "./text.js";
import { decision } from "./facts.js";

export function rejectedList({ again }) {
  const node = el("div", { id: "rejected" });
  const one = (r) =>
    el(
      "article",
      { class: "card", "data-id": r.question.id },
      el("h2", {}, ...what(r.question)),
      el(
        "dl",
        { class: "plain" },
        el("div", {}, el("dt", {}, "Rejected by"), el("dd", {}, r.by ? shown(r.by) : "not recorded")),
        el("div", {}, el("dt", {}, "When"), el("dd", {}, moment(r.at))),
        el("div", {}, el("dt", {}, "Until"), el("dd", {}, r.until ? moment(r.until) : "no end date")),
        el("div", {}, el("dt", {}, "Why"), el("dd", {}, r.reason ? shown(r.reason) : "no reason given")),
      ),
      decision(r.question, "h3"),
      el(
        "div",
        { class: "buttons" },
        button("Ask again", (e) => {
          e.target.disabled = true;
          again(r.question.id).catch(() => {
            e.target.disabled = false;
          });
        }),
      ),
    );
  return {
    node,
    update(refusals) {
      node.replaceChildren(
        ...(refusals.length ? refusals.map(one) : [el("p", { class: "empty" }, "Nothing is rejected.")]),
      );
    },
  };
}
