// The open questions, grouped by person, with filter and selection.
import { el, button, freshId, plural, say } from "./element.js";
import { card, groupTitle, searchText } from "./card.js";
import { kinds } from "./words.js";
import { bulk } from "./bulk.js";

const first = 30, step = 60; // groups drawn at once, so that the page can be used before all are

export function questionList({ id, intro, empty, desk }) {
  const cards = new Map(), selected = new Set(), search = new Map();
  let questions = [], visible = [], drawing = 0;
  const own = { ...desk, select: (q, on) => { on ? selected.add(q.id) : selected.delete(q.id); toolbar(); } };

  const text = el("input", { type: "search", id: freshId(), placeholder: "Name, account, mail, group …", autocomplete: "off" });
  const kind = el("select", { id: freshId(), onchange: draw });
  const allId = freshId();
  const all = el("input", { type: "checkbox", id: allId, onchange: () => { for (const q of visible) if (!q.single) pick(q, all.checked); toolbar(); } });
  const allLabel = el("label", { for: allId }, "Select all shown");
  const count = el("p", { class: "quiet", role: "status" });
  const bar = bulk({ chosen, desk: own, clear: () => { for (const q of questions) pick(q, false); toolbar(); } });
  const body = el("div", { class: "groups" });
  const tools = el("div", { class: "tools", role: "search" },
    el("div", {}, el("label", { for: kind.id }, "Show"), kind),
    el("div", { class: "wide" }, el("label", { for: text.id }, "Find"), text),
    el("div", { class: "all" }, all, allLabel));
  const node = el("div", { id }, intro && el("p", { class: "intro" }, intro), tools, count, body, bar.node);

  let typing;
  text.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(draw, 120); });

  function chosen() { return visible.filter((q) => selected.has(q.id)); }
  function pick(q, on) { on ? selected.add(q.id) : selected.delete(q.id); cards.get(q.id)?.pick(on); }

  function toolbar() {
    const bulkable = visible.filter((q) => !q.single).length, n = chosen().length;
    all.disabled = bulkable === 0;
    all.checked = bulkable > 0 && n === bulkable;
    all.indeterminate = n > 0 && n < bulkable;
    allLabel.textContent = bulkable ? `Select all shown (${bulkable})` : "Nothing here to select together";
    bar.update();
  }

  function cardOf(q) {
    let c = cards.get(q.id);
    if (!c) {
      c = card(q, own);
      cards.set(q.id, c);
      if (selected.has(q.id)) c.pick(true);
    }
    return c;
  }

  function update(fresh) {
    questions = fresh;
    const ids = new Set(fresh.map((q) => q.id));
    for (const known of [...cards.keys()]) if (!ids.has(known)) { cards.delete(known); selected.delete(known); search.delete(known); }
    for (const q of fresh) {
      search.set(q.id, searchText(q));
      const c = cards.get(q.id);
      if (c) { c.update(q); c.busy(false); }
    }
    const chosenKind = kind.value, of = (k) => fresh.filter((q) => q.kind === k).length;
    kind.replaceChildren(el("option", { value: "" }, `Everything (${fresh.length})`),
      ...Object.keys(kinds).filter(of).map((k) => el("option", { value: k }, `${kinds[k]} (${of(k)})`)));
    kind.value = of(chosenKind) ? chosenKind : "";
    draw();
  }

  function matching() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    return questions.filter((q) => (!kind.value || q.kind === kind.value) && words.every((w) => search.get(q.id).includes(w)));
  }

  function draw() {
    visible = matching();
    const groups = Map.groupBy(visible, (q) => q.person.key);
    const sections = [...groups.values()];
    const focused = document.activeElement;
    body.replaceChildren(...sections.slice(0, first).map(section));
    if (body.contains(focused) && document.activeElement !== focused) focused.focus();
    const round = ++drawing;
    const rest = (from) => {
      if (round !== drawing || from >= sections.length) return;
      body.append(...sections.slice(from, from + step).map(section));
      if (body.contains(focused) && document.activeElement !== focused) focused.focus();
      setTimeout(rest, 0, from + step);
    };
    setTimeout(rest, 0, first);
    if (!visible.length) body.append(el("p", { class: "empty" }, questions.length ? "Nothing matches the filter." : empty));
    tools.hidden = questions.length === 0;
    count.textContent = questions.length === 0 ? "" : visible.length === questions.length
      ? `${plural(visible.length, "question")} about ${plural(groups.size, "person").replace("persons", "people")}`
      : `${visible.length} of ${plural(questions.length, "question")} shown`;
    toolbar();
  }

  const section = (list) => el("section", { class: "group" }, groupTitle(list[0].person, list.length), list.map((q) => cardOf(q).node));

  return {
    node, update,
    busy(ids, on) { for (const id of ids) cards.get(id)?.busy(on); },
    trouble(ids, problem) { for (const q of questions) if (ids.includes(q.id)) cards.get(q.id)?.update({ ...q, problem, hint: "" }); },
    place: (id) => visible.findIndex((q) => q.id === id),
    focusAt(place) {
      const q = visible[Math.min(place, visible.length - 1)];
      const node = q && cards.get(q.id)?.node;
      (node?.querySelector("h3") ?? document.getElementById("main"))?.focus();
    },
    search: () => { text.focus(); say("Find"); },
  };
}
