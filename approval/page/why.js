// The reason that goes with what no one asked for.
import { el, freshId } from "./element.js";

export function whyField() {
  const text = el("input", { id: freshId(), type: "text", maxlength: 1000, autocomplete: "off", required: true });
  return {
    node: el("p", { class: "because" }, el("label", { for: text.id }, "Why (kept, and shown in reports) "), text),
    answer: () => ({ reason: text.value }),
    problem: () => (text.value.trim() ? "" : "Say why, first."),
  };
}
