// What the run did by itself: in numbers, and by name what failed or was left
// alone, and why.
import { el } from "./element.js";
import { shown, told } from "./text.js";

const few = 5; // failures that are shown without being asked for

export function runSummary() {
  const counts = el("p", { class: "quiet" });
  const failed = outcomes("failed"),
    skipped = outcomes("left alone"),
    leftOut = outcomes("values of the user file left out"),
    lapsed = outcomes("no longer kept");
  const node = el("section", { class: "run", "aria-label": "What the run did" }, counts, failed.node, leftOut.node, lapsed.node, skipped.node);
  return {
    node,
    update(state) {
      counts.textContent = inNumbers(state.counts);
      failed.update(state.failed, state.counts.failed);
      skipped.update(state.skipped, state.counts.skipped);
      leftOut.update(state.leftOut, state.counts.leftOut);
      lapsed.update(state.lapsed, state.counts.lapsed);
      if (state.counts.failed <= few) failed.openOnce();
      node.hidden = !counts.textContent && failed.node.hidden && leftOut.node.hidden && lapsed.node.hidden && skipped.node.hidden;
    },
  };
}

function inNumbers(c) {
  const parts = [...(c.done ?? []), ...(c.failed ? [`${c.failed.toLocaleString("en")} failed`] : [])];
  return parts.length ? `Done in this run so far: ${parts.join(", ")}.` : "";
}

// outcomes lists the first of those that came to nothing; the report has all.
function outcomes(word) {
  const summary = el("summary"),
    list = el("ul"),
    rest = el("p", { class: "quiet" });
  const node = el("details", { hidden: true }, summary, list, rest);
  let opened = false;
  return {
    node,
    update(first, total) {
      node.hidden = total === 0;
      summary.textContent = `${total.toLocaleString("en")} ${word}: who, and why`;
      list.replaceChildren(...(first ?? []).map((o) => el("li", {}, shown(o.user), ": ", told(o.reason))));
      const more = total - list.children.length;
      rest.textContent = more > 0 ? `… and ${more.toLocaleString("en")} more, which the report has.` : "";
    },
    openOnce() {
      if (!opened && !node.hidden) node.open = opened = true;
    },
  };
}
