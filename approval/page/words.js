// What is going to happen, and why, in words.
import { el } from "./element.js";
import { shown } from "./text.js";

export const kinds = {
  enable: "Enable",
  disable: "Disable",
  join: "Add to group",
  leave: "Remove from group",
  name: "Account name",
  adopt: "Take over",
  create: "Create again",
};

export const accepts = (q) => (stays(q) ? "Keep in group" : acceptLabel[q.kind]);

const acceptLabel = {
  enable: "Enable",
  disable: "Disable",
  join: "Add to group",
  leave: "Remove from group",
  adopt: "Take over",
  create: "Create",
};

const who = (q) => shown(q.person.displayName || q.person.cn, { class: "who" });
const account = (q) => shown(q.person.accountName, { class: "mono" });
const group = (q) => shown(q.group?.cn ?? "", { class: "who" });

// stays tells a membership that a person has to agree to from one that is to come.
const stays = (q) => ["in a group that became guarded", "in a group that became privileged"].includes(q.reason);

export function what(q) {
  switch (q.kind) {
    case "enable":
      return ["Enable the account ", account(q), " of ", who(q)];
    case "disable":
      return ["Disable the account ", account(q), " of ", who(q)];
    case "join":
      if (stays(q)) return ["Keep ", who(q), " (", account(q), ") in the group ", group(q)];
      return ["Add ", who(q), " (", account(q), ") to the group ", group(q)];
    case "leave":
      return ["Remove ", who(q), " (", account(q), ") from the group ", group(q)];
    case "name":
      return ["Decide the account name of ", who(q), ": ", account(q), " can not be used"];
    case "adopt":
      return ["Take over an existing account for ", who(q)];
    case "create":
      return ["Create another account for ", who(q)];
    default:
      return [q.kind, " ", who(q)];
  }
}

const reasons = {
  "in a group that became privileged":
    "Somebody agreed to this membership before the group had rights over the domain. Accepting records that you agree to it as it is now; after a rejection the next import removes the person.",
  "in a group that became guarded":
    "This program put the person in unasked, before the group was guarded. Accepting records that you agree; after a rejection the next import removes the person.",
  new: "This person is new in the user file. The account was created disabled and has never had a password.",
  "taken over":
    "This account was taken over without its password, and is disabled until it gets a new one.",
  returned: "This person is back in the user file. The account was disabled by this program earlier.",
  "disabled here by somebody else":
    "Somebody disabled this account here, in this domain; this program did not. Find out why before you enable it.",
  "expired here by somebody else":
    "Somebody gave this account an earlier end date here, in this domain; this program did not. Find out why before you enable it.",
  "the end it kept has come":
    "This account kept its own end when it was taken over, and that has come. Once enabled, it ends as everybody's.",
  "disabled in source": "The account is disabled in the source domain.",
  "missing in file": "This person is no longer in the user file.",
  "name taken": "Another object of this domain already has this account name or logon name.",
  "name invalid": "The account name of the user file can not be used in this domain.",
  "same person?":
    "An account of the managed container has the same full name or the same account name, but not both. It may or may not be the same person.",
  "unconfirmed stamp": "An account bears this person's stamp, but this program does not remember having set it.",
  "moved out of the managed container": "The account that bears this person's stamp is outside the managed container.",
  "seen nowhere":
    "This person had an account that can not be found any more: it was deleted, or moved to where the import may not read. Look for it before another one is created.",
  "made anew in the source":
    "An account of somebody who left has the same names. Perhaps it is the same person, who was made anew in the source domain; perhaps a namesake.",
  "same mail":
    "Exactly one account of this domain has the same mail address, and a full or display name that is the same, too. Perhaps it is this person's, made by hand before; perhaps a namesake's. After a rejection a new account is created without the address.",
  "matched by name": "An account of the managed container has the same full name and the same account name.",
};

const groups = {
  join: ["group given", "The user file gives this person a group that stands for this one."],
  leave: ["group not given", "The user file gives this person no group that stands for this one."],
};
const ofGroup = (q) => (q.reason === "group_map" ? groups[q.kind] : undefined);

const expired = (q) =>
  q.reason === "disabled in source" && q.context.some((f) => f.name === "in the source")
    ? "The account has expired in the source domain."
    : undefined;

export const why = (q) => ofGroup(q)?.[1] ?? expired(q) ?? reasons[q.reason] ?? q.reason;

// hasExpired tells whether an account is enabled that has come to its end, so
// that its password still works.
export const hasExpired = (q) =>
  q.reason === "expired here by somebody else" || q.reason === "the end it kept has come";

// becomes is the state before and after, in a few words; null where the facts
// of the question say it.
export function becomes(q) {
  const ends = q.context.find((f) => f.name === "would expire");
  const until = (days) => (!days?.length ? "" : days[0] === "never" ? ", without an end" : `, ends ${days[0]}`);
  const after = `enabled${until(ends?.after)}`;
  switch (q.kind) {
    case "enable":
      if (hasExpired(q)) return [`enabled${until(ends?.before)}`, after];
      return [q.reason === "new" ? "disabled, without a password" : "disabled", after];
    case "disable":
      return ["enabled", "disabled"];
    case "join":
      return stays(q) ? null : ["not a member", "member"];
    case "leave":
      return ["member", "not a member"];
    default:
      return null;
  }
}

const badgeClass = { new: "calm", returned: "calm" };
export const badge = (q) =>
  el("span", { class: `badge ${badgeClass[q.reason] ?? ""}` }, shown(ofGroup(q)?.[0] ?? q.reason));

// Names of fields, as people call them. What is not listed is shown as it is.
const labels = {
  "common name": "Full name",
  "account name": "Account name",
  "user principal name": "Logon name",
  mail: "Mail",
  "display name": "Display name",
  cause: "Cause",
  because: "Cause",
  reason: "Reason",
  administers: "Administrator by",
  protected: "Protected",
  group: "Group",
  guarded: "Guarded group",
  reaches: "Leads into",
  flag: "Mind",
  conflict: "Conflict",
  account: "Object",
  "distinguished name": "Where it is",
  department: "Department",
  title: "Title",
  company: "Company",
  "would expire": "Ends",
  created: "Created",
  why: "Why",
  "what to do": "What to do",
  "in the source": "In the source domain",
  "so far": "So far",
  "last seen": "Last seen",
  "former account": "Former account",
  "former objectGUID in the source": "objectGUID in the source before",
};
const wanted = { name: "Wanted name", adopt: "Wanted name" };
export const label = (q, name) => (name === "account name" && wanted[q.kind]) || (labels[name] ?? name);

const values = {
  conflict: {
    sAMAccountName: "the account name is taken",
    userPrincipalName: "the logon name is taken",
    invalid: "the account name is not acceptable",
  },
};
export const valueText = (name, value) => values[name]?.[value] ?? value;

const outcomes = {
  enable: "enabled",
  disable: "disabled",
  join: "added to",
  leave: "removed from",
  name: "account name set",
  adopt: "taken over",
  create: "created",
};

export function outcome(item) {
  if (item.outcome === "done" && item.stays) return "kept in";
  if (item.outcome === "done") return outcomes[item.kind] ?? "done";
  return item.outcome;
}
const outcomeClass = { done: "good", failed: "bad" };
export const outcomeBadge = (item) =>
  el(
    "span",
    { class: `badge ${outcomeClass[item.outcome] ?? ""}` },
    outcome(item),
    item.outcome === "done" && item.group && [" ", shown(item.group)],
  );

const trips = {
  disable: "too many accounts would be disabled, or end earlier",
  leave: "too many accounts would leave a group",
  rename: "too many accounts would be renamed",
  update: "too many accounts would be changed",
  create: "too many accounts would be created",
  join: "too many accounts would join a group",
  "all accounts": "every enabled account at once",
  "empty group": "a group would lose all its members",
  container: "the managed container",
  prefix: "the prefix of common names",
  "another container": "accounts of another container would be left behind",
};
export const brake = (name) => trips[name] ?? `more “${name}” than allowed`;
