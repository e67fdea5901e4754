// Limits that stopped the run: shown before everything else.
import { el, button, freshId, plural } from "./element.js";
import { post } from "./connection.js";
import { shown, told } from "./text.js";
import { whole } from "./planned.js";

export function limits({ trouble }) {
  const node = el("section", { class: "limits", role: "alert", hidden: true });
  let plan = null;

  const person = (p) => el("li", {}, shown(p.displayName || p.cn), " ", shown(p.accountName, { class: "mono quiet" }));
  const one = (t) =>
    el(
      "article",
      {},
      el("h3", {}, "Limit: ", t.name),
      el("p", {}, told(t.reason)),
      t.accounts.length > 0 &&
        el(
          "details",
          {},
          el("summary", {}, plural(t.accounts.length, "account")),
          el("ul", {}, t.accounts.map(person)),
        ),
    );

  function releaseForm(state) {
    if (state.firm)
      return el("p", {}, "This limit cannot be overridden here. Correct the cause, then run the import again.");
    const id = freshId();
    const input = el("input", { id, inputmode: "numeric", autocomplete: "off", size: 6 });
    const release = el("button", { type: "submit", class: "danger", disabled: true }, "Override for this plan");
    input.addEventListener("input", () => {
      release.disabled = input.value.trim() !== String(state.stopped);
    });
    return el(
      "form",
      {
        onsubmit: async (e) => {
          e.preventDefault();
          if (release.disabled) return;
          release.disabled = input.disabled = true;
          try {
            await post("release", { plan: state.plan, accounts: state.stopped });
          } catch (problem) {
            release.disabled = input.disabled = false;
            trouble(problem.message);
          }
        },
      },
      el(
        "p",
        {},
        el("label", { for: id }, `To go on all the same, type the number of accounts (${state.stopped}): `),
        input,
        " ",
        release,
      ),
    );
  }

  return {
    node,
    update(state) {
      node.hidden = state.trips.length === 0;
      if (plan === state.plan && !node.hidden && node.childNodes.length) return; // keeps what is being typed
      plan = state.plan;
      node.replaceChildren(
        el("h2", {}, "The run was stopped before the first write"),
        el(
          "p",
          {},
          "Nothing was changed in the directory. Look at the cause first; a wrong or incomplete user file is the usual one. If you are not sure, end the session: nothing will be done.",
        ),
        ...state.trips.map(one),
        whole(state.planned ?? []),
        releaseForm(state),
      );
      if (node.hidden) node.replaceChildren();
    },
  };
}
