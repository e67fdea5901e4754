// The two ways out of a name that is taken: another name, or taking over.
import { el, button, freshId } from "./element.js";
import { post } from "./connection.js";
import { shown } from "./text.js";

const pause = 250; // ms without typing before a name is checked

export function nameField(q, decide) {
  const id = freshId(),
    told = freshId();
  const input = el("input", {
    id,
    class: "mono",
    value: q.proposal,
    maxlength: 64,
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": told,
  });
  const verdict = el("span", { id: told, class: "verdict", "aria-live": "polite" });
  const use = button("Use this name", () => decide({ newName: input.value.trim() }), {
    class: "primary",
    disabled: true,
  });

  let timer,
    asked = 0;
  const judge = async () => {
    const now = ++asked,
      name = input.value.trim();
    use.disabled = true;
    if (!name) {
      verdict.textContent = "Type an account name.";
      return;
    }
    let problem;
    try {
      problem = (await post("name", { id: q.id, name })).problem;
    } catch (e) {
      problem = e.message;
    }
    if (now !== asked) return;
    use.disabled = problem !== "";
    verdict.className = problem ? "verdict bad" : "verdict good";
    verdict.textContent = problem ? `✗ ${problem}` : "✓ This name is free.";
  };
  input.addEventListener("input", () => {
    use.disabled = true;
    clearTimeout(timer);
    timer = setTimeout(judge, pause);
  });
  input.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !use.disabled) use.click();
  });
  // A proposal was free when it was made; it is checked when it is looked at.
  if (q.proposal) {
    verdict.textContent = "Proposed: free when this page was read.";
    use.disabled = false;
  }

  const barred = q.barred && q.holder
    ? el("p", { class: "quiet" }, "The account that has the name cannot be taken over: ", shown(q.barred), ".")
    : null;
  const over =
    !q.barred && q.holder
      ? button("Take over this account", () => decide({ takeOver: true }), { class: "careful" })
      : null;
  return {
    node: el("div", { class: "names" }, el("label", { for: id }, "Another account name"), input, verdict, barred),
    buttons: [use, over].filter(Boolean),
  };
}
