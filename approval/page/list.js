// The open questions, grouped by person, with filter and selection.
import { el, button, freshId, plural } from "./element.js";
import { card, groupTitle, searchText } from "./card.js";
import { bulk } from "./bulk.js";
import { rules } from "./rules.js";

const step = 60; // people who are drawn at once: the others as the end comes into view
const calm = 350; // ms

export function questionList({ id, intro, empty, desk }) {
  const cards = new Map(),
    sections = new Map(),
    selected = new Set(),
    held = new Set(),
    waiting = new Set(),
    search = new Map();
  let questions = [],
    visible = [],
    drawn = step, // people
    settling = 0;
  const own = {
    ...desk,
    select: (q, on) => {
      on ? selected.add(q.id) : selected.delete(q.id);
      toolbar();
    },
  };

  const text = el("input", {
    type: "search",
    id: freshId(),
    placeholder: "Name, account, mail, group …",
    autocomplete: "off",
  });
  const kind = el("select", { id: freshId(), onchange: filter });
  const allId = freshId();
  const all = el("input", {
    type: "checkbox",
    id: allId,
    onchange: () => {
      for (const q of visible) if (!q.single) pick(q, all.checked);
      toolbar();
    },
  });
  const allLabel = el("label", { for: allId }, "Select all shown");
  const count = el("p", { class: "quiet", role: "status" });
  const bar = bulk({
    chosen,
    desk: own,
    clear: () => {
      for (const q of questions) pick(q, false);
      toolbar();
    },
  });
  const body = el("div", { class: "groups" });
  const more = button("Show more", grow, { class: "more", hidden: true });
  new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && grow(), { rootMargin: "800px" }).observe(more);
  const tools = el(
    "div",
    { class: "tools", role: "search" },
    el("div", {}, el("label", { for: kind.id }, "Show"), kind),
    el("div", { class: "wide" }, el("label", { for: text.id }, "Find"), text),
    el("div", { class: "all" }, all, allLabel),
  );
  const node = el("div", { id }, intro && el("p", { class: "intro" }, intro), tools, count, body, more, bar.node);

  let typing;
  text.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(filter, 120);
  });

  function chosen() {
    return visible.filter((q) => selected.has(q.id));
  }
  function pick(q, on) {
    on ? selected.add(q.id) : selected.delete(q.id);
    cards.get(q.id)?.pick(on);
  }

  function toolbar() {
    const bulkable = visible.filter((q) => !q.single).length,
      n = chosen().length;
    all.disabled = bulkable === 0;
    all.checked = bulkable > 0 && n === bulkable;
    all.indeterminate = n > 0 && n < bulkable;
    all.hidden = bulkable === 0;
    allLabel.textContent = bulkable ? `Select all shown (${bulkable})` : "Each is decided on its own";
    bar.update();
  }

  function cardOf(q) {
    let c = cards.get(q.id);
    if (!c) {
      c = card(q, own);
      cards.set(q.id, c);
      if (selected.has(q.id)) c.pick(true);
      if (waiting.has(q.id)) c.busy(true);
    }
    return c;
  }

  function update(fresh) {
    questions = fresh;
    held.clear();
    waiting.clear();
    const ids = new Set(fresh.map((q) => q.id));
    for (const known of [...search.keys()]) {
      if (ids.has(known)) continue;
      if (cards.has(known)) settle();
      cards.delete(known);
      selected.delete(known);
      search.delete(known);
    }
    for (const q of fresh) {
      search.set(q.id, searchText(q));
      const c = cards.get(q.id);
      if (c) {
        c.update(q);
        c.busy(false);
      }
    }
    const chosenKind = kind.value,
      of = (k) => fresh.filter((q) => q.kind === k).length;
    kind.replaceChildren(
      el("option", { value: "" }, `Everything (${fresh.length})`),
      ...rules.titles
        .filter((t) => of(t.kind))
        .map((t) => el("option", { value: t.kind }, `${t.text} (${of(t.kind)})`)),
    );
    kind.value = of(chosenKind) ? chosenKind : "";
    draw();
  }

  function matching() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    return questions.filter(
      (q) => (!kind.value || q.kind === kind.value) && words.every((w) => search.get(q.id).includes(w)),
    );
  }

  function filter() {
    drawn = step;
    draw();
  }

  function grow() {
    drawn += step;
    draw();
  }

  function draw() {
    visible = matching();
    const groups = Map.groupBy(visible, (q) => q.person.key);
    const keys = [...groups.keys()].slice(0, drawn),
      shown = new Set(keys);
    for (const [key, s] of sections)
      if (!shown.has(key)) {
        s.node.remove();
        sections.delete(key);
      }
    body.querySelector(".empty")?.remove();
    keys.forEach((key, i) => place(section(key, groups.get(key)), i));
    more.hidden = keys.length === groups.size;
    more.textContent = `Show more people (${(groups.size - keys.length).toLocaleString("en")})`;
    if (!visible.length)
      body.append(el("p", { class: "empty" }, questions.length ? "Nothing matches the filter." : empty));
    tools.hidden = questions.length === 0;
    count.textContent =
      questions.length === 0
        ? ""
        : visible.length === questions.length
          ? `${plural(visible.length, "question")} about ${plural(groups.size, "person").replace("persons", "people")}`
          : `${visible.length.toLocaleString("en")} of ${plural(questions.length, "question")} shown`;
    toolbar();
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
    if (s?.ids === ids) return s.node;
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

  // settle lets no click of a pointer through for a moment after questions went
  // away: what has just moved under it is not what it was meant for.
  function settle() {
    settling = performance.now() + calm;
    node.setAttribute("aria-busy", "true");
    setTimeout(() => {
      if (performance.now() >= settling - 5) node.removeAttribute("aria-busy");
    }, calm);
  }
  body.addEventListener(
    "click",
    (e) => {
      if (e.detail > 0 && performance.now() < settling) {
        e.preventDefault();
        e.stopPropagation();
      }
    },
    { capture: true },
  );

  return {
    node,
    update,
    // busy takes what is being decided out of the selection, and back where it
    // could not be sent.
    busy(ids, on) {
      for (const id of ids) {
        cards.get(id)?.busy(on);
        on ? waiting.add(id) : waiting.delete(id);
        if (on && selected.delete(id)) held.add(id);
        else if (!on && held.delete(id)) pick({ id }, true);
      }
      toolbar();
    },
    result: (item) => cards.get(item.id)?.result(item),
    trouble(ids, problem) {
      for (const q of questions) if (ids.includes(q.id)) cards.get(q.id)?.update({ ...q, problem, hint: "" });
    },
    position: (id) => visible.findIndex((q) => q.id === id),
    focusAt(place) {
      const q = visible[Math.min(place, visible.length - 1)];
      const node = q && cards.get(q.id)?.node;
      (node?.querySelector("h3") ?? document.getElementById("main"))?.focus();
    },
  };
}
