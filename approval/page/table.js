// The questions as a table: one row each, of which only those in view are drawn.
// A row opens the card of its question below it.
import { el, button, unseen } from "./element.js";
import { flat, shown } from "./text.js";
import { outcomeBadge, badge } from "./words.js";
import { rules } from "./rules.js";
import { isGuarded } from "./facts.js";
import { groupTitle } from "./card.js";

const spare = 8; // rows that are drawn above and below what is in view
const titleOf = (kind) => rules.titles.find((t) => t.kind === kind)?.text ?? kind;
const told = (q, code) => q.context.filter((f) => f.code === code).flatMap((f) => f.after ?? []);
export const nameOf = (q) => q.person.displayName || q.person.cn;
export const groupsOf = (q) => (q.group ? [q.group.cn] : told(q, "group"));

// samePlace: one is asked in place of the other, whose content changed.
const samePlace = (a, b) => a.person.key === b.person.key && a.kind === b.kind && a.group?.dn === b.group?.dn;

// columns: what each says of a question, and how it is drawn.
const columns = [
  { title: "Name", text: nameOf },
  { title: "Account", text: (q) => q.person.accountName, mono: true },
  { title: "Question", text: (q) => q.words.accept || titleOf(q.kind) },
  { title: "Department", text: (q) => told(q, "department").join(", ") },
  { title: "Title", text: (q) => told(q, "title").join(", ") },
  { title: "Groups", text: (q) => groupsOf(q).join(", "), also: (q) => q.group && isGuarded(q.group) && (q.group.why ? "privileged" : "guarded") },
  { title: "Reason", text: (q) => q.words.mark },
];
// head and line are a question in a list.
export const head = [...columns.map((c) => c.title), "Guarded", "Logon name", "Mail"];
export const line = (q) => [
  ...columns.map((c) => c.text(q)),
  columns.map((c) => c.also?.(q)).filter(Boolean).join(", "),
  q.person.upn,
  q.person.mail,
];
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

export function tableView({ cardOf, select, picked, busy, outcome, label }) {
  let rows = [],
    drawn = new Map(), // id: element
    active = "", // the row that Tab reaches
    opened = "",
    room = 0, // that the open card takes
    sort = { column: null, down: false },
    given = [];
  const body = el("tbody");
  const detail = el("tr", { class: "detail" }, el("td", { colspan: columns.length + 1 }));
  const above = el("tr", { class: "spacer", "aria-hidden": "true" }, el("td", { colspan: columns.length + 1 }));
  const below = above.cloneNode(true);
  const heads = columns.map((c) => el("th", { scope: "col" }, button(c.title, () => by(c), { class: "sort" })));
  const grid = el(
    "table",
    { class: "questions", role: "grid", "aria-label": label },
    el("thead", {}, el("tr", { "aria-rowindex": 1 }, el("td", { class: "tick" }, unseen("Selected")), heads)),
    body,
  );
  const node = el("div", { class: "window", tabindex: "0", role: "region", "aria-label": label }, grid);
  node.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  new ResizeObserver(draw).observe(node);
  new ResizeObserver(() => {
    room = detail.isConnected ? detail.offsetHeight : room;
    draw();
  }).observe(detail.firstChild);
  grid.addEventListener("keydown", move);

  function by(column) {
    sort = { column, down: sort.column === column && !sort.down };
    heads.forEach((h, i) => {
      if (columns[i] === column) h.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else h.removeAttribute("aria-sort");
    });
    arrange();
    draw();
  }

  function arrange() {
    rows = [...given];
    if (!sort.column) return;
    const text = new Map(rows.map((q) => [q.id, sort.column.text(q)]));
    rows.sort((a, b) => (sort.down ? -1 : 1) * collator.compare(text.get(a.id), text.get(b.id)));
  }

  const at = (id) => rows.findIndex((q) => q.id === id);
  const height = () => drawn.values().next().value?.offsetHeight || 44;

  // draw keeps in the document what is in view.
  function draw() {
    if (!node.checkVisibility()) return;
    const h = height(),
      open = at(opened);
    let top = node.scrollTop;
    if (open >= 0 && top > (open + 1) * h) top = Math.max((open + 1) * h, top - room);
    const first = Math.max(0, Math.min(Math.floor(top / h), rows.length) - spare);
    const last = Math.min(rows.length, first + Math.ceil(node.clientHeight / h) + 2 * spare);
    const wanted = rows.slice(first, last);
    const fresh = new Map(wanted.map((q) => [q.id, drawn.get(q.id) ?? row(q)]));
    if (grid.contains(document.activeElement) && document.activeElement.matches("tr") && !fresh.has(active)) node.focus({ preventScroll: true });
    drawn = fresh;
    const nodes = wanted.flatMap((q, i) => {
      const r = fresh.get(q.id);
      r.setAttribute("aria-rowindex", first + i + 2);
      return q.id === opened ? [r, detail] : [r];
    });
    above.firstChild.style.height = `${first * h + (open >= 0 && open < first ? room : 0)}px`;
    below.firstChild.style.height = `${(rows.length - last) * h + (open >= last ? room : 0)}px`;
    fill([above, ...nodes, below]);
    grid.setAttribute("aria-rowcount", rows.length + 1);
    if (!fresh.has(active) && at(active) < 0) active = wanted[0]?.id ?? "";
    for (const [id, r] of fresh) r.tabIndex = id === active ? 0 : -1;
  }

  // fill moves only what is not there already: what is moved loses the focus.
  function fill(nodes) {
    const stay = new Set(nodes);
    for (const old of [...body.children]) if (!stay.has(old)) old.remove();
    nodes.forEach((n, i) => {
      if (body.children[i] !== n) body.insertBefore(n, body.children[i] ?? null);
    });
  }

  function row(q) {
    const box = el("input", {
      type: "checkbox",
      tabindex: -1,
      checked: picked(q.id),
      "aria-label": q.single ? `${flat(nameOf(q))} is decided alone` : `Select: ${flat(nameOf(q))}`,
      onchange: () => select(q, box.checked),
    });
    const tr = el(
      "tr",
      { class: `row${q.danger > 1 ? " grave" : ""}`, "data-id": q.id, "aria-selected": String(picked(q.id)) },
      el("td", { class: "tick" }, box),
      columns.map((c, i) => {
        const text = c.text(q) ?? "";
        const inner = shown(text, c.mono ? { class: "mono" } : {}, 80);
        return el(
          "td",
          { title: flat(text) },
          c.also?.(q) && [el("span", { class: "badge" }, c.also(q)), " "],
          i === 0 ? button(inner, () => toggle(q.id), { class: "open", tabindex: -1, "aria-expanded": String(q.id === opened) }) : inner,
        );
      }),
    );
    tr.addEventListener("focusin", () => {
      active = q.id;
      for (const [id, r] of drawn) r.tabIndex = id === active ? 0 : -1;
    });
    dress(tr, q);
    return tr;
  }

  // dress shows what the session knows of a row: ticked, waiting, or what came of it.
  function dress(tr, q) {
    const result = outcome(q.id),
      last = tr.lastChild;
    tr.classList.toggle("busy", busy(q.id));
    tr.setAttribute("aria-selected", String(picked(q.id)));
    const box = tr.querySelector("input");
    box.checked = picked(q.id);
    box.disabled = q.single || busy(q.id);
    last.replaceChildren(result ? outcomeBadge(result) : q.problem ? el("span", { class: "badge bad", title: flat(q.problem) }, "not done") : badge(q));
  }

  // unfold puts the card of a question where rows open; one that is there stays, with
  // the focus in it.
  function unfold(q) {
    const card = cardOf(q).node,
      title = groupTitle(q.person, 1);
    if (card.parentNode === detail.firstChild) card.previousSibling.replaceWith(title);
    else detail.firstChild.replaceChildren(title, card);
  }

  function toggle(id) {
    const before = opened;
    opened = opened === id ? "" : id;
    drawn.get(before)?.querySelector(".open").setAttribute("aria-expanded", "false");
    if (opened) {
      drawn.get(id)?.querySelector(".open").setAttribute("aria-expanded", "true");
      unfold(rows[at(id)]);
    } else detail.remove();
    draw();
  }

  function focus(index) {
    const q = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!q) return;
    active = q.id;
    const h = height(),
      open = at(opened),
      i = at(q.id),
      y = i * h + (open >= 0 && open < i ? room : 0),
      head = grid.tHead.offsetHeight;
    if (y < node.scrollTop) node.scrollTop = y;
    else if (y + h + head > node.scrollTop + node.clientHeight) node.scrollTop = y + h + head - node.clientHeight;
    draw();
    drawn.get(q.id)?.focus({ preventScroll: true });
  }

  function move(e) {
    if (!e.target.matches("tr.row")) return;
    const i = at(active),
      page = Math.max(1, Math.floor(node.clientHeight / height()) - 1);
    const to = { ArrowDown: i + 1, ArrowUp: i - 1, PageDown: i + page, PageUp: i - page, Home: 0, End: rows.length - 1 }[e.key];
    if (to !== undefined) focus(to);
    else if (e.key === " ") {
      const q = rows[i];
      if (!q.single && !busy(q.id)) select(q, !picked(q.id));
    } else if (e.key === "Enter") toggle(active);
    else if (e.key === "Escape" && opened) toggle(opened);
    else return;
    e.preventDefault();
  }

  return {
    node,
    show(questions, anew) {
      const former = new Map(given.map((q) => [q.id, q]));
      given = questions;
      arrange();
      for (const q of rows) if (former.get(q.id) !== q) drawn.delete(q.id);
      const was = former.get(opened);
      if (was && at(opened) < 0) opened = rows.find((q) => samePlace(q, was))?.id ?? "";
      if (opened) unfold(rows[at(opened)]);
      else detail.remove();
      if (anew) node.scrollTop = 0;
      draw();
    },
    leave() {
      opened = "";
      detail.firstChild.replaceChildren();
      detail.remove();
    },
    // mark shows anew what changed of these, or of all that are drawn.
    mark(ids = drawn.keys()) {
      for (const id of ids) if (drawn.has(id) && at(id) >= 0) dress(drawn.get(id), rows[at(id)]);
    },
    order: () => rows,
    focus: (q) => focus(at(q.id)),
  };
}
