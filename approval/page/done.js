// What was decided in this session, newest first.
import { el, button, moment, say } from "./element.js";
import { outcomeBadge } from "./words.js";
import { shown } from "./text.js";
import { troubleText } from "./trouble.js";
import { post } from "./connection.js";
import { copy } from "./password.js";
import { save } from "./csv.js";

const head = ["Department", "Name", "Account", "Logon name", "Mail", "Question", "Group", "Outcome", "When", "New password"];
const line = (i) => [
  i.department,
  i.person.displayName || i.person.cn,
  i.person.accountName,
  i.person.upn,
  i.person.mail,
  i.title,
  i.group,
  i.said,
  moment(i.at),
  i.perhaps ? "perhaps" : i.password ? "yes" : "",
];
const inOrder = (a, b) => line(a).slice(0, 3).join("\t").localeCompare(line(b).slice(0, 3).join("\t"), "en");

export function doneList({ handed }) {
  const node = el("div", { id: "done" });
  let decided = [];
  const list = button("Save as CSV", () => save("decided", head, [...decided].sort(inOrder).map(line)), { title: "By department and name; without passwords" });
  const rows = new Map(); // an item never changes

  function secret(item) {
    const place = el("span", { class: "secret" });
    const fetched = () => post("reveal", { id: item.id });
    const show = button(
      "Show",
      async () => {
        if (place.childNodes.length) {
          place.replaceChildren();
          show.textContent = "Show";
          return;
        }
        try {
          place.replaceChildren(el("output", { class: "passphrase" }, (await fetched()).password));
          show.textContent = "Hide";
        } catch (e) {
          say(e.message);
        }
      },
      { class: "small" },
    );
    const take = button(
      "Copy",
      async () => {
        try {
          if (await copy((await fetched()).password)) handed([item.id]);
        } catch (e) {
          say(e.message);
        }
      },
      { class: "small" },
    );
    return el("div", { class: "secrets" }, item.perhaps ? "New password (perhaps not set): " : "New password: ", place, " ", show, " ", take);
  }

  const row = (i) =>
    el(
      "li",
      { class: "card slim", "data-id": i.id },
      el(
        "div",
        { class: "top" },
        el(
          "h2",
          {},
          shown(i.person.displayName || i.person.cn || "A question that has gone"),
          " ",
          i.person.accountName && shown(i.person.accountName, { class: "mono quiet" }),
        ),
        outcomeBadge(i),
      ),
      el(
        "p",
        { class: "quiet" },
        moment(i.at),
        " · ",
        i.accept ? "accepted" : "rejected",
        i.title && ` · ${i.title}`,
        i.outcome !== "done" && i.group && [" ", shown(i.group)],
      ),
      i.problem && el("div", { class: "trouble" }, troubleText(i)),
      i.password && secret(i),
    );

  return {
    node,
    update(items) {
      if (!items.length) {
        node.replaceChildren(el("p", { class: "empty" }, "Nothing was decided in this session yet."));
        return;
      }
      decided = items;
      const nodes = items.map((i, n) => {
        if (!rows.has(n)) rows.set(n, row(i));
        return rows.get(n);
      });
      node.replaceChildren(el("div", { class: "tools" }, list), el("ul", { class: "bare" }, nodes.reverse()));
    },
  };
}
