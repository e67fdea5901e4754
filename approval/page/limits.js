// Limits that stopped the run: shown before everything else.
import { el, button, freshId, plural } from "./element.js";
import { post } from "./connection.js";
import { shown, told } from "./text.js";
import { whole } from "./planned.js";

export function limits({ trouble }) {
  const node = el("section", { class: "limits", role: "alert", hidden: true });
  const heading = el("h2"),
    advice = el("p");
  let drawn = "",
    typed = ""; // by the person, for the plan that is drawn

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
    const input = el("input", { id, inputmode: "numeric", autocomplete: "off", size: 6, value: typed });
    const release = el("button", { type: "submit", class: "danger" }, "Override for this plan");
    const judge = () => {
      typed = input.value;
      release.disabled = typed.trim() !== String(state.stopped);
    };
    input.addEventListener("input", judge);
    judge();
    return el(
      "form",
      {
        onsubmit: async (e) => {
          e.preventDefault();
          if (release.disabled) return;
          release.disabled = input.disabled = true;
          try {
            await post("release", { plan: state.plan, accounts: state.stopped });
            drawn = typed = ""; // should it still stand, it is asked anew
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
    // working: the plan was released, and is being carried out.
    progress(working) {
      const [title, text] = working
        ? ["The limit was overridden", "This plan is being carried out."]
        : [
            "The run was stopped before the first write",
            "Nothing was changed in the directory. Look at the cause first; a wrong or incomplete user file is the usual one. If you are not sure, end the session: nothing will be done.",
          ];
      if (heading.textContent !== title) heading.textContent = title; // an alert is read aloud again
      if (advice.textContent !== text) advice.textContent = text;
      for (const form of node.querySelectorAll(":scope > form")) form.hidden = working;
    },
    update(state) {
      node.hidden = state.trips.length === 0;
      const { plan, trips, planned, stopped, firm } = state,
        fresh = JSON.stringify({ plan, trips, planned, stopped, firm });
      if (drawn === fresh) return;
      if (drawn && JSON.parse(drawn).plan !== plan) typed = ""; // it was meant for the former plan
      drawn = fresh;
      node.replaceChildren(
        heading,
        advice,
        ...state.trips.map(one),
        whole(state.planned ?? []) ?? "",
        releaseForm(state),
      );
      if (node.hidden) node.replaceChildren();
    },
  };
}
