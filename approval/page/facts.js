// Facts of a question: the decision itself, what helps to decide, the group,
// and who holds a name.
import { el, unseen, moment, age, plural } from "./element.js";
import { shown, flat } from "./text.js";

const values = (list) =>
  list?.length ? list.map((v, i) => [i ? ", " : "", shown(v)]) : el("span", { class: "quiet" }, "nothing");

function row(f) {
  const after = el(
    "dd",
    {},
    f.change && [
      el("del", {}, unseen("before: "), values(f.before)),
      el("span", { class: "arrow", "aria-hidden": "true" }, " → "),
      unseen(" after: "),
    ],
    f.change ? el("ins", {}, values(f.after)) : values(f.after),
  );
  return el("div", {}, el("dt", {}, shown(f.name)), after);
}

const facts = (title, kind, fields, heading = "h4") =>
  fields?.length ? el("section", { class: kind }, el(heading, {}, title), el("dl", {}, fields.map(row))) : null;

export const decision = (q, heading) =>
  facts(heading ? "The decision was about" : "You decide about", "decision", q.decision, heading);
export const context = (q) => facts("For information", "context", q.context);

export function guarded(g) {
  if (!g || !(g.why || g.listed)) return null;
  return el(
    "section",
    { class: "guarded" },
    el("h4", {}, g.why ? "Privileged group" : "Guarded group"),
    el(
      "ul",
      {},
      g.why && el("li", {}, shown(g.why)),
      g.listed && el("li", {}, "listed in restricted_groups"),
      g.within?.length ? el("li", {}, "nested in: ", values(g.within)) : el("li", {}, "not nested in another group"),
      g.dn && el("li", {}, shown(g.dn, { class: "mono" })),
    ),
  );
}

const state = (h) => [
  h.enabled ? "enabled" : "disabled",
  h.expires ? `, ends ${moment(h.expires)}` : "",
  h.protected ? [", protected: ", shown(h.protected)] : "",
];

// sideBySide shows the person of the file and the account that has the name.
export function sideBySide(q) {
  const h = q.holder;
  if (!h) return null;
  const file = q.person,
    here = h.person;
  const fromFile = (name) => q.context.find((f) => f.name.toLowerCase() === name)?.after;
  const line = (label, a, b) =>
    el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, a ?? "–"), el("td", {}, b ?? "–"));
  const pair = (label, key) => {
    const same = file[key] && here[key] && file[key].toLowerCase() === here[key].toLowerCase();
    const cell = (v) => (v ? (same ? el("mark", {}, shown(v)) : shown(v)) : "–");
    return line(label, cell(file[key]), cell(here[key]));
  };
  const dated = (t) => (t ? `${moment(t)} (${age(t)})` : "never, or not known");
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `Both people: ${flat(file.cn)}, ${q.kind}` },
    el(
      "table",
      { class: "people" },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("td", {}),
          el("th", { scope: "col" }, "In the user file"),
          el("th", { scope: "col" }, "Here already (", shown(h.class), ")"),
        ),
      ),
      el(
        "tbody",
        {},
        pair("Display name", "displayName"),
        pair("CN", "cn"),
        pair("Account name", "accountName"),
        pair("Logon name", "upn"),
        pair("Mail", "mail"),
        line("Container", fromFile("container") ? values(fromFile("container")) : "managed container", [
          shown(h.parent),
          h.inside ? " (managed)" : "",
        ]),
        line("Groups", fromFile("groups") ? values(fromFile("groups")) : null, [
          h.groups?.length ? values(h.groups) : "none",
          h.mappedTo ? `, and ${plural(h.mappedTo, "mapped group")}` : "",
        ]),
        line("State", null, state(h)),
        line("Created", null, dated(h.created)),
        line("Last logon", null, dated(h.lastLogon)),
      ),
    ),
  );
}
