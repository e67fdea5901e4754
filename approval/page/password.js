// How an account gets its password: generated, typed, or the present one kept.
import { el, button, freshId, say } from "./element.js";
import { post } from "./connection.js";
import { flat } from "./text.js";

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
    return true;
  } catch {
    say("The browser does not allow copying; select the text instead");
    return false;
  }
}

export function passwordField(q) {
  const group = freshId();
  let how = q.mayKeep && q.expired ? "keep" : "generated",
    passphrase = q.passphrase,
    good = false;
  const value = el("output", { class: "passphrase" }, passphrase);
  const input = el("input", {
    type: "password",
    autocomplete: "new-password",
    spellcheck: "false",
    "aria-label": `Password for ${flat(q.person.accountName)}`,
  });
  const rules = el("ul", { class: "rules", "aria-live": "polite" });
  const panes = {
    generated: el(
      "div",
      { class: "pane" },
      value,
      " ",
      button("New one", regenerate, { class: "small" }),
      " ",
      button("Copy", () => copy(passphrase), { class: "small" }),
    ),
    typed: el(
      "div",
      { class: "pane", hidden: true },
      input,
      " ",
      button(
        "Show",
        (e) => {
          input.type = input.type === "password" ? "text" : "password";
          e.target.textContent = input.type === "password" ? "Show" : "Hide";
        },
        { class: "small" },
      ),
      rules,
      q.history > 0 &&
        el("p", { class: "quiet" }, `The controller also refuses the last ${q.history} passwords of the account.`),
    ),
    keep: el("div", { class: "pane quiet", hidden: true }, "The account keeps the password it had."),
  };

  async function regenerate() {
    try {
      passphrase = (await post("passphrase", { id: q.id })).passphrase;
      value.textContent = passphrase;
      say("New passphrase");
    } catch (e) {
      say(e.message);
    }
  }

  let asked = 0;
  async function check() {
    const now = ++asked;
    const kept = await post("password", { id: q.id, password: input.value }).catch(() => null);
    if (!kept || now !== asked) return;
    good = kept.every((r) => r.kept);
    rules.replaceChildren(
      ...kept.map((r) =>
        el(
          "li",
          { class: r.kept ? "kept" : "" },
          el("span", { "aria-hidden": "true" }, r.kept ? "✓ " : "○ "),
          r.text,
          el("span", { class: "unseen" }, r.kept ? ", kept" : ", not yet"),
        ),
      ),
    );
  }
  input.addEventListener("input", check);

  function choose(next) {
    how = next;
    for (const [key, pane] of Object.entries(panes)) pane.hidden = key !== how;
    if (how === "typed") {
      check();
      input.focus();
    }
  }

  const choice = (key, label) => {
    const id = freshId();
    return el(
      "div",
      { class: "choice" },
      el("input", { type: "radio", name: group, id, value: key, checked: key === how, onchange: () => choose(key) }),
      el("label", { for: id }, label),
    );
  };
  const node = el(
    "fieldset",
    { class: "password" },
    el("legend", {}, "Password"),
    el(
      "div",
      { class: "choices" },
      choice("generated", "Generated"),
      choice("typed", "Type one"),
      q.mayKeep && choice("keep", "Keep the present one"),
    ),
    Object.values(panes),
  );
  choose(how);
  return {
    node,
    // answer is what goes with the decision; problem tells why it can't yet.
    answer: () => ({ password: how, ...(how === "typed" ? { typed: input.value } : {}) }),
    problem: () => (how === "typed" && !good ? "The typed password does not keep the rules yet." : ""),
    update: (fresh) => {
      passphrase = fresh.passphrase;
      value.textContent = passphrase;
    },
  };
}
