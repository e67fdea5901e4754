// Why something was not done: in words, with what can be done about it, and
// what the directory itself said for whoever looks into it.
import { el } from "./element.js";
import { told } from "./text.js";

export const troubleText = ({ problem, hint, detail }) =>
  [
    el("strong", {}, told(problem)),
    hint && [" ", told(hint)],
    detail && el("details", {}, el("summary", {}, "What the directory said"), el("p", { class: "mono" }, told(detail))),
  ]
    .flat()
    .filter(Boolean);
