// Facts of a question: the decision itself, what helps to decide, the group,
// and who holds a name.
import { el, unseen, moment, age, plural } from "./element.js";
import { shown, flat, dn } from "./text.js";

const list = (texts, props) =>
  texts?.length ? texts.map((v, i) => [i ? ", " : "", shown(v, props)]) : el("span", { class: "quiet" }, "nothing");

// onLines are fields of which every value is a sentence of its own, or a name that may have commas.
const onLines = ["evidence", "overwritten", "filled-in", "policies", "delegations", "place-unread", "guarded-member"];

// value shows what a field holds: a group by its name beside the identifier
// that was decided about.
function value(q, f, texts) {
  if (f.code === "group" && q.group && q.group.cn && texts?.length === 1 && texts[0] !== q.group.cn)
    return [shown(q.group.cn), el("span", { class: "id" }, shown(texts[0], { class: "mono" }))];
  if (f.code === "distinguished-name") return texts?.map((t, i) => [i ? "; " : "", dn(t)]);
  const why = f.code === "guarded-member" && ["password", "unlock"].includes(q.kind); // one group, and what guards it
  if (onLines.includes(f.code) && !why && texts?.length > 1) return texts.map((t) => el("div", {}, shown(t)));
  return list(texts, f.code === "account" || f.code === "reaches" ? { class: "mono" } : {});
}

function row(q, f) {
  const after = el(
    "dd",
    {},
    f.change && [
      el("del", {}, unseen("before: "), value(q, f, f.before)),
      el("span", { class: "arrow", "aria-hidden": "true" }, " → "),
      unseen(" after: "),
    ],
    f.change ? el("ins", {}, value(q, f, f.after)) : value(q, f, f.after),
  );
  return el("div", {}, el("dt", {}, shown(f.label)), after);
}

// worth leaves out what is empty, and puts together what has one name.
function worth(fields) {
  const out = [];
  for (const f of fields ?? []) {
    if (!f.change && !f.after?.some(Boolean)) continue;
    const same = out.find((o) => o.code === f.code && !o.change && !f.change);
    if (same) same.after = [...same.after, ...f.after];
    else out.push({ ...f });
  }
  return out;
}

function facts(title, kind, q, fields, heading = "h4") {
  const rows = worth(fields).map((f) => row(q, f));
  return rows.length ? el("section", { class: kind }, el(heading, {}, title), el("dl", {}, rows)) : null;
}

export const decision = (q, heading) =>
  facts(heading ? "The decision was about" : "You decide about", "decision", q, q.decision, heading);

const ofGroup = ["group-name", "guarded-because", "privileged-because"];
// toldElsewhere is what the card says in another place.
const toldElsewhere = (q, f) =>
  (q.group && (ofGroup.includes(f.code) || (f.code === "nested-in" && isGuarded(q.group)))) ||
  (q.kind === "enable" && f.code === "would-expire") ||
  (q.holder && f.code === "last-logon") ||
  (q.kind === "name" && q.holder && f.code === "why");
export const context = (q) =>
  facts(
    "For information",
    "context",
    q,
    q.context.filter((f) => !toldElsewhere(q, f)),
  );

const term = (label, value) => el("div", {}, el("dt", {}, label), el("dd", {}, value));

export const isGuarded = (g) => Boolean(g.why || g.listed || g.under);

export function guarded(g) {
  if (!g || !isGuarded(g)) return null;
  return el(
    "section",
    { class: "guarded" },
    el("h4", {}, g.why ? "Privileged group" : "Guarded group"),
    el(
      "dl",
      {},
      term(
        "Why",
        [g.why, g.listed && "listed in restricted_groups", g.under]
          .filter(Boolean)
          .map((text, i) => [i ? "; " : "", shown(text)]),
      ),
      term("Nested in", g.within?.length ? list(g.within) : "no other group"),
      g.dn && term("Where it is", dn(g.dn)),
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
  const given = worth(q.context).find((f) => f.code === "group")?.after;
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
        pair("Full name", "cn"),
        pair("Account name", "accountName"),
        pair("Logon name", "upn"),
        pair("Mail", "mail"),
        line("Container", "managed container", [
          dn(h.parent),
          h.inside ? " (managed)" : "",
        ]),
        line("Groups", given ? list(given) : "none", [
          h.groups?.length ? list(h.groups) : h.mappedTo ? "" : "none",
          h.mappedTo ? `${h.groups?.length ? ", and " : ""}${plural(h.mappedTo, "mapped group")}` : "",
        ]),
        line("State", null, state(h)),
        line("Created", null, dated(h.created)),
        line("Last logon", null, dated(h.lastLogon)),
      ),
    ),
  );
}
