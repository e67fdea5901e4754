// One question: what will happen, why, before and after, and the decision.
import { el, button, freshId, plural, unseen } from "./element.js";
import { flat, shown, told } from "./text.js";
import { troubleText } from "./trouble.js";
import { what, badge, outcomeBadge } from "./words.js";
import { decision, context, guarded, sideBySide } from "./facts.js";
import { passwordField } from "./password.js";
import { nameField } from "./names.js";
import { rejectFields, ends, forOthers } from "./reject.js";
import { whyField } from "./why.js";
import { takeOver } from "./takeover.js";
import { ask } from "./dialog.js";
import { searched } from "./find.js";

// card builds the element of a question. desk has decide(decisions) and
// select(q, on); the card keeps what a person typed while it is open.
export function card(q, desk) {
  const heading = freshId();
  const trouble = el("div", { class: "trouble", role: "alert", hidden: true });
  const password = sets(q) ? passwordField(q) : null,
    why = offered(q) ? whyField() : null;
  const accept = (more = {}) => {
    const problem = password?.problem() || why?.problem();
    if (problem) return show(problem);
    return desk.decide([{ id: q.id, accept: true, ...(password?.answer() ?? {}), ...(why?.answer() ?? {}), ...more }], q);
  };
  const name = q.kind === "name" ? nameField(q, (more) => (more.takeOver ? taken(more) : accept(more))) : null;

  async function taken(more) {
    const keeps = await takeOver(q);
    if (keeps) accept({ ...more, keeps });
  }

  async function rejectWithReason() {
    const fields = rejectFields(ends(q));
    if (await ask({ title: "Reject", body: [el("p", {}, ...what(q)), fields.node], accept: "Reject" })) {
      desk.decide([{ id: q.id, accept: false, reason: fields.reason(), until: fields.until(q) }], q);
    }
  }

  const box = el("input", {
    type: "checkbox",
    class: "pick",
    "aria-label": `Select: ${q.words.accept || q.kind} ${flat(q.person.cn)}`,
    onchange: () => desk.select(q, box.checked),
  });
  const accepting =
    q.own || (q.kind === "adopt" && q.barred)
      ? []
      : name
        ? name.buttons
        : [
            button(q.words.accept || "Accept", q.kind === "adopt" ? () => taken({}) : () => accept(), {
              class: q.single ? "primary careful" : "primary",
              "data-accept": "",
            }),
          ];
  const actions = el(
    "div",
    { class: "buttons" },
    accepting,
    !forOthers(q) && !why && button("Reject", () => desk.decide([{ id: q.id, accept: false }], q), { "data-reject": "" }),
    !forOthers(q) && !why && button("Reject with reason…", rejectWithReason, { class: "plain" }),
  );

  let mark = badge(q),
    told = false,
    said = "";
  const setMark = (fresh) => {
    mark.replaceWith(fresh);
    mark = fresh;
    told = false;
  };
  const title = el("h3", { id: heading, tabindex: "-1" }, ...what(q));
  let info = infoOf(q),
    content = contentOf(q);
  const node = el(
    "article",
    { class: "card", "data-id": q.id, "data-kind": q.kind, "aria-labelledby": heading },
    el(
      "div",
      { class: "top" },
      q.single ? el("span", { class: "pick" }) : box,
      title,
      mark,
    ),
    info,
    password?.node,
    why?.node,
    name?.node,
    trouble,
    actions,
  );

  // show leaves alone what is shown already: its detail may be being read.
  function show(problem, hint, detail) {
    const text = JSON.stringify([problem, hint, detail]);
    if (text === said) return;
    said = text;
    trouble.hidden = !problem;
    trouble.replaceChildren(...(problem ? troubleText({ problem, hint, detail }) : []));
  }
  show(q.problem, q.hint, q.detail);

  return {
    node,
    update(fresh) {
      const now = contentOf(fresh);
      q = fresh;
      if (now !== content) {
        content = now;
        title.replaceChildren(...what(q));
        if (!told) setMark(badge(q));
        const next = infoOf(q);
        info[0].before(...next);
        for (const old of info) old.remove();
        info = next;
      }
      show(fresh.problem, fresh.hint, fresh.detail);
      if (fresh.passphrase) password?.update(fresh);
    },
    pick(on) {
      box.checked = on;
    },
    busy(on) {
      node.classList.toggle("busy", on);
      node.inert = on;
      if (on) box.checked = false;
      else if (told) setMark(badge(q));
    },
    fail(problem) {
      said = "";
      show(problem);
      this.busy(false);
    },
    // result is what came of it, while others are still being carried out.
    result(item) {
      setMark(outcomeBadge(item));
      told = true;
      if (item.outcome !== "failed") return;
      said = ""; // it failed again, and is announced again
      show(item.problem, item.hint, item.detail);
      this.busy(false);
    },
  };
}

const sets = (q) => q.kind === "enable" || q.kind === "password";
// offered: no one is asked, and the person says why.
const offered = (q) => q.kind === "password" || q.kind === "unlock";

// infoOf is what is shown of a question between its heading and what a person enters.
const infoOf = (q) =>
  [
    el("p", { class: "why" }, told(q.words.why)),
    change(q),
    q.own &&
      el(
        "p",
        { class: "trouble" },
        `This is the account you run as. Another administrator has to ${forOthers(q) ? "decide" : "accept"} this.`,
      ),
    q.kind === "adopt" && q.barred && el("p", { class: "quiet" }, "It cannot be taken over: ", shown(q.barred), "."),
    q.administers &&
      el(
        "p",
        { class: "trouble" },
        "This account administers the domain, as a member of ",
        shown(q.administers),
        ". Whoever gets its password can do everything here.",
      ),
    el("div", { class: "facts" }, decision(q), el("div", {}, guarded(q.group), context(q))),
    sideBySide(q),
  ].filter(Boolean);

// contentOf is equal for what is shown the same, whatever came of a decision.
const contentOf = (q) => JSON.stringify({ ...q, problem: "", hint: "", detail: "", passphrase: "" });

function change(q) {
  const { before, after } = q.words;
  if (!before) return null;
  return el(
    "p",
    { class: "change" },
    unseen("before: "),
    el("span", { class: "old" }, shown(before)),
    el("span", { class: "arrow", "aria-hidden": "true" }, " → "),
    unseen(", after: "),
    el("span", { class: "new" }, shown(after)),
  );
}

// unread are parts of a question that are no text for people.
const unread = new Set(["id", "key", "kind", "reason", "code", "passphrase"]);
const texts = (v, key = "") =>
  unread.has(key) ? [] : typeof v === "string" ? [v] : v && typeof v === "object" ? Object.entries(v).flatMap(([k, x]) => texts(x, k)) : [];

// searchText is all that is shown of a question.
export const searchText = (q) => searched(texts(q));

export const groupTitle = (person, n) =>
  el(
    "header",
    { class: "person" },
    el("h2", {}, shown(person.displayName || person.cn)),
    el(
      "p",
      { class: "quiet" },
      [
        person.cn !== person.displayName && person.displayName && shown(person.cn),
        person.accountName && shown(person.accountName, { class: "mono" }),
        person.mail && shown(person.mail),
      ]
        .filter(Boolean)
        .map((part, i) => [i ? " · " : "", part]),
    ),
    n > 1 && el("p", { class: "quiet count" }, plural(n, "question")),
  );
