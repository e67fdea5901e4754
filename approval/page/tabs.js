// Tabs as of the ARIA authoring practices: arrow keys move, one is in the tab order.
import { el } from "./element.js";

export function tabs(list) {
  const buttons = list.map((t, i) =>
    el("button", {
      type: "button",
      role: "tab",
      id: `tab-${t.id}`,
      "aria-controls": `panel-${t.id}`,
      onclick: () => show(i),
      onkeydown: (e) => move(e, i),
    }),
  );
  const panels = list.map((t) =>
    el("div", { role: "tabpanel", id: `panel-${t.id}`, "aria-labelledby": `tab-${t.id}` }, t.content),
  );
  const bar = el("div", { role: "tablist", "aria-label": "Questions" }, buttons);
  let current = 0;

  function show(i, focus) {
    current = i;
    buttons.forEach((b, n) => {
      b.setAttribute("aria-selected", String(n === i));
      b.tabIndex = n === i ? 0 : -1;
    });
    panels.forEach((p, n) => {
      p.hidden = n !== i;
    });
    if (focus) buttons[i].focus();
  }

  function move(e, i) {
    const seen = list.map((_, n) => n).filter((n) => !buttons[n].hidden),
      at = seen.indexOf(i);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    show(seen.at(to % seen.length), true);
  }

  show(0);
  return {
    node: el("div", { class: "tabs" }, bar, panels),
    current: () => list[current].id,
    hide(id, on) {
      const i = list.findIndex((t) => t.id === id);
      buttons[i].hidden = on;
      if (on && current === i) show(0);
    },
    count(counts) {
      buttons.forEach((b, i) =>
        b.replaceChildren(list[i].label, " ", ...(list[i].id in counts ? [el("span", { class: "n" }, String(counts[list[i].id]))] : [])),
      );
    },
  };
}
