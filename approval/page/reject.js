// The fields of a rejection: why, and for disable and leave, until when.
import { el, freshId } from "./element.js";
import { rules } from "./rules.js";

const day = 86400000;
const date = (t) => new Date(t - new Date(t).getTimezoneOffset() * 60000).toISOString().slice(0, 10);

export const ends = (q) => q.takes;

// forOthers: to reject it would be a decision in one's own favour.
export const forOthers = (q) => q.own && ends(q);

export function rejectFields(withEnd) {
  const why = freshId(),
    last = freshId();
  const reason = el("textarea", { id: why, rows: 2, maxlength: 1000 });
  const until = el("input", {
    id: last,
    type: "date",
    value: date(Date.now() + rules.rejection.usual * day),
    min: date(Date.now()),
    max: date(Date.now() + rules.rejection.most * day),
    required: true,
  });
  const node = el(
    "div",
    { class: "fields" },
    el("p", {}, el("label", { for: why }, "Reason (kept, and shown to whoever looks)"), reason),
    withEnd && el("p", {}, el("label", { for: last }, `Until, at most ${rules.rejection.most} days`), until),
  );
  return {
    node,
    reason: () => reason.value.trim(),
    until: (q) => (ends(q) ? until.value : ""),
    focus: () => reason.focus(),
  };
}
