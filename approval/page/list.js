// The open questions as cards or as a table, with filter and selection.
import { el, button, freshId, plural } from "./element.js";
import { card, searchText } from "./card.js";
import { cardView } from "./cards.js";
import { tableView, head, line } from "./table.js";
import { bulk } from "./bulk.js";
import { save } from "./csv.js";
import { wordsOf } from "./find.js";
import { rules } from "./rules.js";

const calm = 350; // ms

export function questionList({ id, label, intro, empty, desk }) {
  const cards = new Map(),
    selected = new Set(),
    held = new Set(),
    waiting = new Set(),
    outcomes = new Map(), // of what is being decided, by ID
    search = new Map();
  let questions = [],
    visible = [],
    settling = 0;
  const own = {
    ...desk,
    select: (q, on) => {
      pick(q, on);
      toolbar();
    },
  };

  const text = el("input", {
    type: "search",
    id: freshId(),
    placeholder: "Name, department, group, reason …",
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
  const known = (id) => cards.get(id);
  const views = {
    cards: cardView({ cardOf, known }),
    table: tableView({ cardOf, select: own.select, label, picked: (id) => selected.has(id), busy: (id) => waiting.has(id), outcome: (id) => outcomes.get(id) }),
  };
  const stored = `view-${id}`;
  let view = sessionStorage.getItem(stored) === "table" ? views.table : views.cards;
  const choice = Object.entries({ cards: "Cards", table: "Table" }).map(([name, words]) =>
    el("button", { type: "button", "aria-pressed": String(view === views[name]), onclick: () => choose(name) }, words),
  );
  const none = el("p", { class: "empty", hidden: true });
  const body = el("div", { class: "questions" }, view.node, none);
  const tools = el(
    "div",
    { class: "tools", role: "search" },
    el("div", {}, el("label", { for: kind.id }, "Show"), kind),
    el("div", { class: "wide" }, el("label", { for: text.id }, "Find"), text),
    el("div", { class: "views", role: "group", "aria-label": "Shown as" }, choice),
    button("Save as CSV", () => save(`questions-${id}`, head, view.order().map(line)), { title: "What is shown, in this order; without passwords" }),
    el("div", { class: "all" }, all, allLabel),
  );
  const node = el("div", { id }, intro && el("p", { class: "intro" }, intro), tools, count, body, bar.node);

  let typing;
  text.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(filter, 120);
  });

  function choose(name) {
    if (view === views[name]) return;
    view.leave();
    view = views[name];
    sessionStorage.setItem(stored, name);
    body.firstChild.replaceWith(view.node);
    choice.forEach((b) => b.setAttribute("aria-pressed", String(b.textContent.toLowerCase() === name)));
    view.show(visible, true);
  }

  function chosen() {
    return view.order().filter((q) => selected.has(q.id));
  }
  function pick(q, on) {
    if (on && waiting.has(q.id)) return;
    on ? selected.add(q.id) : selected.delete(q.id);
    cards.get(q.id)?.pick(on);
  }

  function toolbar() {
    const bulkable = visible.filter((q) => !q.single && !waiting.has(q.id)).length,
      n = chosen().length;
    all.disabled = bulkable === 0;
    all.checked = bulkable > 0 && n === bulkable;
    all.indeterminate = n > 0 && n < bulkable;
    all.hidden = bulkable === 0;
    allLabel.textContent = bulkable ? `Select all shown (${bulkable})` : waiting.size ? "" : "Each is decided on its own";
    view.mark();
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
    const ids = new Set(fresh.map((q) => q.id)),
      before = view.order().map((q) => q.id),
      inView = new Set([...body.querySelectorAll("[data-id]")].map((node) => node.dataset.id));
    questions = fresh;
    for (const kept of [held, waiting, outcomes]) kept.clear();
    for (const known of [...search.keys()]) {
      if (ids.has(known)) continue;
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
    const after = view.order(),
      from = before.findIndex((id, i) => after[i]?.id !== id);
    if (from >= 0 && before.slice(from).some((id) => inView.has(id))) settle();
  }

  function matching() {
    const words = wordsOf(text.value);
    return questions.filter(
      (q) => (!kind.value || q.kind === kind.value) && words.every((w) => search.get(q.id).includes(w)),
    );
  }

  function filter() {
    draw(true);
  }

  // draw shows what matches; anew from the top.
  function draw(anew = false) {
    visible = matching();
    view.show(visible, anew);
    none.hidden = visible.length > 0;
    none.textContent = questions.length ? "Nothing matches the filter." : empty;
    tools.hidden = questions.length === 0;
    view.node.hidden = visible.length === 0;
    const people = new Set(visible.map((q) => q.person.key)).size;
    count.textContent =
      questions.length === 0
        ? ""
        : visible.length === questions.length
          ? `${plural(visible.length, "question")} about ${plural(people, "person").replace("persons", "people")}`
          : `${visible.length.toLocaleString("en")} of ${plural(questions.length, "question")} shown`;
    toolbar();
  }

  // settle lets no click of a pointer through for a moment after questions went
  // away, came between, or changed places: what has just moved under it is not what it was meant for.
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
    result(item) {
      outcomes.set(item.id, item);
      if (item.outcome === "failed") waiting.delete(item.id);
      cards.get(item.id)?.result(item);
      view.mark([item.id]);
    },
    trouble(ids, problem) {
      for (const q of questions)
        if (ids.includes(q.id)) {
          q.problem = problem;
          cards.get(q.id)?.update({ ...q, hint: "" });
        }
      view.mark(ids);
    },
    position: (id) => view.order().findIndex((q) => q.id === id),
    focusAt(place) {
      const order = view.order(),
        q = order[Math.min(place, order.length - 1)];
      if (q) view.focus(q);
      else document.getElementById("main")?.focus();
    },
  };
}
