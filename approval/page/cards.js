// The questions as cards, grouped by person: those further down are drawn as the
// end comes into view.
import { el, button } from "./element.js";
import { groupTitle } from "./card.js";

const step = 60; // people who are drawn at once

export function cardView({ cardOf, known }) {
  const sections = new Map();
  let drawn = step, // people
    groups = new Map(),
    order = [];
  const body = el("div", { class: "groups" });
  const more = button("Show more", grow, { class: "more", hidden: true });
  new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && grow(), { rootMargin: "800px" }).observe(more);
  const node = el("div", {}, body, more);

  function grow() {
    drawn += step;
    draw();
  }

  function draw() {
    const keys = [...groups.keys()].slice(0, drawn),
      shown = new Set(keys);
    for (const [key, s] of sections)
      if (!shown.has(key)) {
        s.node.remove();
        sections.delete(key);
      }
    keys.forEach((key, i) => place(section(key, groups.get(key)), i));
    more.hidden = keys.length === groups.size;
    more.textContent = `Show more people (${(groups.size - keys.length).toLocaleString("en")})`;
  }

  // place moves a section only where it is not there already: moving an element
  // takes the focus, and a click that has begun, away from it.
  function place(node, at) {
    if (body.children[at] !== node) body.insertBefore(node, body.children[at] ?? null);
  }

  // section returns the element of a person, the same one for the same questions.
  function section(key, list) {
    const ids = list.map((q) => q.id).join(" ");
    let s = sections.get(key);
    if (s?.ids === ids) {
      s.node.firstChild.replaceWith(groupTitle(list[0].person, list.length));
      return s.node;
    }
    if (!s) sections.set(key, (s = { node: el("section", { class: "group" }) }));
    s.ids = ids;
    const cards = list.map((q) => cardOf(q).node);
    for (const old of [...s.node.children]) if (!cards.includes(old)) old.remove();
    s.node.prepend(groupTitle(list[0].person, list.length));
    cards.forEach((c, i) => {
      if (s.node.children[i + 1] !== c) s.node.insertBefore(c, s.node.children[i + 1] ?? null);
    });
    return s.node;
  }

  return {
    node,
    // show draws these questions; anew from the top.
    show(questions, anew) {
      order = questions;
      groups = Map.groupBy(questions, (q) => q.person.key);
      if (anew) drawn = step;
      draw();
    },
    // leave gives the cards back: another view shows them.
    leave() {
      for (const s of sections.values()) s.node.remove();
      sections.clear();
    },
    mark() {},
    order: () => order,
    focus(q) {
      (known(q.id)?.node.querySelector("h3") ?? document.getElementById("main"))?.focus();
    },
  };
}
