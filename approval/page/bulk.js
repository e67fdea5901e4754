// Deciding about many together.
import { el, button, freshId, plural } from "./element.js";
import { ask } from "./dialog.js";
import { rules } from "./rules.js";
import { rejectFields, ends } from "./reject.js";
import { shown } from "./text.js";
import { nameOf } from "./table.js";

const lines = {
  enable: (n) => `Enable ${plural(n, "account")}`,
  disable: (n) => `Disable ${plural(n, "account")}`,
  join: (n) => `Add to a group: ${plural(n, "account")}`,
  create: (n) => `Create again: ${plural(n, "account")}`,
  adopt: (n) => `Take over: ${plural(n, "account")}, with names, password, state, end and groups as they are`,
  asIs: (n) => `Take over: ${plural(n, "account")}, as ${n === 1 ? "it is" : "they are"}; only the anchor is written`,
  anew: (n) => `Take over from before: ${plural(n, "account")}, disabled until enabled with a new password`,
  leave: (n) => `Remove from a group: ${plural(n, "account")}`,
};

const lineOf = (q) => (q.anew ? "anew" : q.asIs ? "asIs" : q.kind);

// summary says what would be done, and to whom.
const summary = (list) =>
  el(
    "ul",
    { class: "about" },
    Object.entries(lines)
      .map(([kind, line]) => [list.filter((q) => lineOf(q) === kind), line])
      .filter(([of]) => of.length)
      .map(([of, line]) => el("li", {}, line(of.length), people(of))),
  );

// written counts, by attribute, the accounts of which the user file's value is written.
function written(list, code, says) {
  const counts = new Map();
  for (const f of list.flatMap((q) => (q.kind === "adopt" ? q.context : [])))
    if (f.code === code)
      for (const text of f.after) {
        const name = code === "group" ? text : text.slice(0, text.indexOf(":"));
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
  const told = [...counts].sort().map(([name, n]) => `${name} ${code === "group" ? "to" : "of"} ${n}`);
  return told.length ? el("p", {}, `The user file ${says}: `, shown(told.join(", ")), ".") : null;
}

// moved counts what accounts lose and gain that are moved in from outside.
function moved(list) {
  const what = { policies: "Group policy ", delegations: "Delegation ", "place-unread": "Not known: " },
    counts = new Map();
  for (const q of list)
    for (const f of q.kind === "adopt" ? q.context : [])
      for (const text of what[f.code] ? f.after : []) counts.set(what[f.code] + text, (counts.get(what[f.code] + text) ?? 0) + 1);
  return counts.size
    ? el("div", { class: "about" }, el("p", {}, "By being moved into the managed container:"),
        el("ul", {}, [...counts].sort().map(([text, n]) => el("li", {}, shown(text), ` (${plural(n, "account")})`))))
    : null;
}

const people = (list) =>
  el(
    "div",
    { class: "people", tabindex: "0", role: "region", "aria-label": `Who they are: ${lines[lineOf(list[0])](list.length)}` },
    el("ul", {}, list.map(one)),
  );

const one = (q) =>
  el(
    "li",
    {},
    shown(nameOf(q)),
    " ",
    q.person.accountName && shown(q.person.accountName, { class: "mono quiet" }),
    q.group && [": ", shown(q.group.cn)],
  );

// acceptTogether asks, and sends the consent to all of a list but the person's own.
export async function acceptTogether(all, desk) {
  const own = all.filter((q) => q.own).length;
  const list = all.filter((q) => !q.own);
  if (!list.length) return;
  const enables = list.filter((q) => q.kind === "enable");
  const passwords = passwordChoice(enables);
  const number = list.length > rules.freely ? list.length : 0;
  const body = [summary(list), written(list, "overwritten", "overwrites"), written(list, "filled-in", "fills in"), written(list, "group", "grants the groups"), moved(list), own > 0 && el("p", {}, "Your own account is left out."), passwords.node];
  if (!(await ask({ title: `Accept ${plural(list.length, "question")}?`, body, accept: "Accept", number }))) return;
  desk.decide(
    list.map((q) => ({
      id: q.id,
      accept: true,
      ...(q.kind === "enable" ? { password: passwords.keep() && q.mayKeep ? "keep" : "generated" } : {}),
    })),
  );
}

export function bulk({ chosen, desk, clear }) {
  const count = el("span", { class: "count", role: "status" });
  const node = el(
    "div",
    { class: "bulk", hidden: true, role: "region", "aria-label": "Decide together" },
    count,
    el(
      "div",
      { class: "buttons" },
      button("Accept…", accept, { class: "primary" }),
      button("Reject…", reject),
      button("Clear", clear, { class: "plain" }),
    ),
  );

  function accept() {
    return acceptTogether(chosen(), desk);
  }

  async function reject() {
    const list = chosen();
    if (!list.length) return;
    const fields = rejectFields(list.some(ends));
    const number = list.length > rules.freely ? list.length : 0;
    if (
      !(await ask({
        title: `Reject ${plural(list.length, "question")}?`,
        body: [summary(list), fields.node],
        accept: "Reject",
        number,
      }))
    )
      return;
    desk.decide(list.map((q) => ({ id: q.id, accept: false, reason: fields.reason(), until: fields.until(q) })));
  }

  return {
    node,
    update() {
      const n = chosen().length;
      node.hidden = n === 0;
      count.textContent = `${n} selected`;
    },
  };
}

// passwordChoice asks how the enabled accounts get their passwords.
function passwordChoice(enables) {
  const may = enables.filter((q) => q.mayKeep).length;
  if (!enables.length) return { node: null, keep: () => false };
  if (!may) return { node: el("p", {}, "Each gets a generated passphrase of its own."), keep: () => false };
  const name = freshId(),
    each = freshId(),
    keep = freshId();
  const keeping = el("input", { type: "radio", name, id: keep });
  return {
    node: el(
      "fieldset",
      {},
      el("legend", {}, "Passwords"),
      el(
        "div",
        { class: "choice" },
        el("input", { type: "radio", name, id: each, checked: true }),
        el("label", { for: each }, "A generated passphrase for each"),
      ),
      el(
        "div",
        { class: "choice" },
        keeping,
        el("label", { for: keep }, `${may === 1 ? "The one who is back keeps the" : `The ${may} who are back keep their`} present password${may < enables.length ? "; the others get a passphrase" : ""}`),
      ),
    ),
    keep: () => keeping.checked,
  };
}
