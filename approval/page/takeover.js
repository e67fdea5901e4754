// What is said before an account is taken over, and what it is to keep.
import { el, freshId, moment } from "./element.js";
import { shown } from "./text.js";
import { ask } from "./dialog.js";

// takeOver asks, and returns what the account keeps, or null where it was cancelled.
export async function takeOver(q) {
  const anew = q.anew;
  const own = q.matched ? [names(q), values()] : [];
  const ticks = (anew ? [q.mayKeep && same()] : q.asIs ? [] : [password(q), expiry(q), memberships(q), ...own]).filter(Boolean);
  const others = q.holder?.groups ?? [];
  const body = [
    el(
      "p",
      {},
      "The account ",
      shown(q.holder?.person.accountName ?? "", { class: "mono" }),
      " of ",
      shown(q.holder?.person.displayName || q.holder?.person.cn || ""),
      " becomes the account of ",
      shown(q.person.displayName || q.person.cn),
      q.asIs
        ? ". It is anchored to this person and stays as it is; the next import treats it as any other account."
        : ". It is moved into the managed container if it is elsewhere, ",
      !q.asIs && !q.matched && "gets the names of the user file, ",
      !q.asIs && "and is anchored to this person.",
    ),
    anew &&
      el(
        "p",
        {},
        "It stays disabled until it is enabled by an answer of its own",
        !q.mayKeep && ", with a new password",
        ". It stays in the groups that the user file grants, joins those it lacks, and leaves the others; guarded groups are asked about.",
      ),
    ticks.length > 0 && el("fieldset", { class: "keeps" }, el("legend", {}, "It keeps"), ticks.map((t) => t.node)),
    others.length > 0 &&
      el("p", { class: "quiet" }, "It stays in the groups that are not mapped: ", others.map((g, i) => [i ? ", " : "", shown(g)]), "."),
  ];
  if (!(await ask({ title: "Take over this account?", body, accept: "Take over", danger: true }))) return null;
  return { password: !anew, expiry: !anew, memberships: !anew, names: q.matched, values: q.matched, ...Object.fromEntries(ticks.map((t) => [t.name, t.box.checked])) };
}

function tick(name, label, otherwise, checked = true) {
  const id = freshId(),
    told = freshId();
  const box = el("input", { type: "checkbox", id, checked, "aria-describedby": told });
  const node = el(
    "div",
    { class: "choice" },
    box,
    el("div", {}, el("label", { for: id }, label), el("p", { id: told, class: "quiet" }, otherwise)),
  );
  return { name, box, node };
}

function password(q) {
  return q.holder?.enabled
    ? tick("password", "its password, and stays enabled", "Otherwise it is disabled now, and enabled with a new password only.")
    : tick("password", "its password; it is disabled", "Otherwise it can be enabled with a new password only.");
}

// same is the password of someone who was made anew, who has to be the same person for it.
function same() {
  return tick("password", "its password: it is the same person", "Otherwise it can be enabled with a new password only.", false);
}

// expiry is null where ends are none of this program's business.
function expiry(q) {
  const lease = q.ends;
  if (!lease) return null;
  const now = q.holder?.expires ? moment(q.holder.expires) : "none, it never expires";
  return tick(
    "expiry",
    `its end: ${now}`,
    `It stays so, whether or not user files come. Otherwise it ends on ${lease}, and each user file puts that off.`,
  );
}

function names(q) {
  return tick(
    "names",
    ["its names: ", shown(q.holder.person.cn), ", ", shown(q.holder.person.accountName, { class: "mono" })],
    "They stay until the name changes in the source. Otherwise it is called as the user file says.",
  );
}

function values() {
  return tick("values", "what it has where the user file is empty", "Until the user file has a value. Otherwise that is cleared.");
}

// memberships is null where the user file grants all of them.
function memberships(q) {
  if (!q.losing?.length) return null;
  const names = q.losing.map((g, i) => [i ? ", " : "", shown(g.cn), g.guarded && " (guarded)"]);
  return tick(
    "memberships",
    ["its memberships of ", names],
    "The user file does not give these. Otherwise the account leaves them.",
  );
}
