// Full pages in place of the questions. They hold no names of people.
import { el, button, plural } from "./element.js";
import { forget } from "./connection.js";
import { told } from "./text.js";

function only(title, ...body) {
  document.getElementById("letters").replaceChildren();
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
  const heading = el("h1", { tabindex: "-1" }, title);
  document
    .getElementById("app")
    .replaceChildren(el("main", { id: "main", class: "screen", tabindex: "-1" }, heading, body));
  document.title = `${title} · ad-user-sync`;
  heading.focus();
}

const enter = "Go to the terminal where the program runs, press Enter, and open the new address.";

export const signedOut = (why) =>
  only("Not signed in", el("p", {}, why || "This page belongs to no open session."), el("p", {}, enter));

export const locked = () => {
  forget();
  only(
    "Locked",
    el("p", {}, "This page was not used for 15 minutes. What was decided is kept, and the session goes on."),
    el("p", {}, enter),
  );
};

export const taken = (resume) =>
  only(
    "Continued in another tab",
    el("p", {}, "The session continues in another tab or window. This one takes no more decisions."),
    el("p", {}, button("Continue here", resume)),
  );

export const unread = (why, retry) =>
  only(
    "Nothing could be read",
    el("p", {}, told(why)),
    el("p", {}, button("Try again", retry, { class: "primary" })),
  );

export const lost = (retry) =>
  only(
    "No connection",
    el("p", {}, "The program does not answer. It may have ended; the terminal shows what was done."),
    el("p", {}, button("Try again", retry, { class: "primary" })),
  );

export function ended(s) {
  forget();
  only(
    "The session has ended",
    el("p", {}, `Reason: ${s.ended}.`),
    el(
      "ul",
      { class: "totals" },
      el("li", {}, `${s.done} done${s.what?.length ? `: ${s.what.join(", ")}` : ""}`),
      el("li", {}, `${s.rejected} rejected`),
      s.lapsed ? el("li", {}, `${s.lapsed} rejected before and no longer kept; the report names them`) : null,
      el("li", {}, `${s.failed} failed`),
      el("li", {}, `${s.changed} changed meanwhile`),
      el("li", {}, `${s.open} still open`),
    ),
    s.unsaved?.length
      ? el(
          "p",
          { class: "trouble" },
          `${plural(s.unsaved.length, "password")} not handed out. The terminal lists the accounts.`,
        )
      : null,
    el("p", {}, "You can close this page."),
  );
}
