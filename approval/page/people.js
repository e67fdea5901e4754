// Accounts that a person looks for, to give a new password or to unlock.
import { el, freshId, moment, plural, say } from "./element.js";
import { post } from "./connection.js";
import { shown, told } from "./text.js";
import { card, groupTitle } from "./card.js";

export function people({ desk }) {
  const cards = new Map();
  let last = "",
    opened = "",
    asked = 0;
  const text = el("input", { type: "search", id: freshId(), placeholder: "Name, account name or mail …", autocomplete: "off" });
  const said = el("p", { class: "quiet", role: "status" });
  const body = el("div", { class: "questions" });
  const form = el(
    "form",
    {
      class: "tools",
      role: "search",
      onsubmit: (e) => {
        e.preventDefault();
        last = text.value.trim();
        cards.clear();
        find();
      },
    },
    el("div", { class: "wide" }, el("label", { for: text.id }, "Find an account"), text),
    el("button", { type: "submit", class: "primary" }, "Find"),
  );
  const node = el(
    "div",
    { id: "people" },
    el(
      "p",
      { class: "intro" },
      "For who forgot a password or is locked out: enabled accounts that this import manages, one by one. Make sure who is asking.",
    ),
    form,
    said,
    body,
  );

  async function find() {
    const now = ++asked;
    if (!last) {
      said.textContent = "";
      body.replaceChildren();
      return;
    }
    try {
      const { accounts, all } = await post("find", { text: last });
      if (now === asked) show(accounts, all);
    } catch (e) {
      if (now === asked) said.textContent = e.message;
    }
  }

  function show(accounts, all) {
    said.textContent = !all
      ? "No account that this import manages is called so."
      : all > accounts.length
        ? `The first ${accounts.length} of ${plural(all, "account")}: type more of the name.`
        : plural(all, "account");
    const ids = new Set(accounts.flatMap((a) => a.offers.map((q) => q.id)));
    for (const id of [...cards.keys()]) if (!ids.has(id)) cards.delete(id);
    body.replaceChildren(...accounts.map(account));
  }

  function account(a) {
    return el(
      "section",
      { class: "group", "data-account": a.person.accountName },
      groupTitle(a.person, 0),
      a.locked && el("p", { class: "trouble" }, `Locked out since ${moment(a.locked)}.`),
      a.barred ? el("p", { class: "quiet" }, told(a.barred)) : a.offers.map(fold),
    );
  }

  // fold keeps what can be done closed until it is asked for: it may be a long list.
  function fold(q) {
    let c = cards.get(q.id);
    if (c) c.update(q);
    else cards.set(q.id, (c = card(q, desk)));
    c.busy(false);
    const open = el("details", { open: opened === q.id, ontoggle: () => open.open && (opened = q.id) }, el("summary", {}, shown(q.words.accept), "…"), c.node);
    return open;
  }

  return {
    node,
    update: find,
    busy(ids, on) {
      for (const id of ids) cards.get(id)?.busy(on);
    },
    result(item) {
      cards.get(item.id)?.result(item);
    },
    trouble(ids, problem) {
      for (const id of ids) cards.get(id)?.fail(problem);
      if (ids.some((id) => cards.has(id))) say(problem);
    },
  };
}
