// The page around the questions: where one is, limits, tabs, progress.
import { obey } from "./rules.js";
import { el, button, moment, plural } from "./element.js";
import { shown, told, dn } from "./text.js";
import { questionList } from "./list.js";
import { rejectedList } from "./rejected.js";
import { doneList } from "./done.js";
import { handout } from "./handout.js";
import { limits } from "./limits.js";
import { prolonging } from "./prolong.js";
import { runSummary } from "./run.js";
import { people } from "./people.js";
import { tabled } from "./tabled.js";
import { tabs } from "./tabs.js";

export function frame({ desk, end, again, handed, noted }) {
  const problem = el("div", { class: "banner", role: "alert", hidden: true });
  const silence = el(
    "div",
    { class: "banner", role: "alert", hidden: true },
    "The program has not been heard of for a while. Is it still running?",
  );
  const company = el("div", { class: "company", role: "status", hidden: true });
  const trouble = (text, retry) => {
    problem.hidden = !text;
    problem.replaceChildren(
      ...(text
        ? [
            el("p", {}, told(text)),
            retry
              ? button("Try again", () => {
                  problem.hidden = true;
                  retry();
                })
              : button("Close", () => {
                  problem.hidden = true;
                }),
          ]
        : []),
    );
  };
  const lists = {
    open: questionList({ id: "open", label: "Open questions", desk, empty: "Nothing is waiting for a decision." }),
    elsewhere: questionList({
      id: "elsewhere",
      label: "Questions about accounts disabled by someone else",
      desk,
      empty: "No account was disabled or expired here by anyone else.",
      intro: "Another administrator disabled or expired these accounts here. Each is decided on its own.",
    }),
  };
  const rejected = rejectedList({ again }),
    done = doneList({ handed });
  const passwords = handout({ handed, noted, trouble }),
    limit = limits({ trouble }),
    prolong = prolonging({ trouble });
  const table = tabled({ desk });
  const helped = people({ desk }),
    parts = [...Object.values(lists), helped];
  const bar = tabs([
    { id: "open", label: "Open", content: lists.open.node },
    { id: "elsewhere", label: "By someone else", content: lists.elsewhere.node },
    { id: "people", label: "Accounts", content: helped.node },
    { id: "rejected", label: "Rejected", content: rejected.node },
    { id: "done", label: "Done", content: done.node },
  ]);
  const where = el("div", { class: "where" }),
    notices = el("ul", { class: "notices" }),
    run = runSummary();
  const meter = el("progress", { "aria-label": "Carried out" }),
    meterText = el("span", { role: "status" });
  const working = el(
    "div",
    { class: "working", role: "region", "aria-label": "Progress", hidden: true },
    el("div", {}, meterText, meter),
  );
  const main = el(
    "main",
    { id: "main", tabindex: "-1" },
    silence,
    problem,
    company,
    limit.node,
    prolong.node,
    notices,
    passwords.node,
    run.node,
    table.node,
    bar.node,
  );
  document
    .getElementById("app")
    .replaceChildren(el("header", { class: "head" }, where, button("End session", end)), working, main);

  const list = () => lists[bar.current()] ?? lists.open;
  bar.node.hidden = true;
  let stale = false;
  return {
    // unread says why nothing fresh can be shown. What was shown stays: every
    // decision is checked against a fresh reading anyhow.
    unread(state, retry) {
      stale = true;
      where.replaceChildren(...heading(state));
      passwords.update(state);
      trouble(state.problem, retry);
      this.progress(state.job);
    },
    update(state) {
      obey(state);
      if (stale) trouble("");
      stale = false;
      document.title = `${state.questions.length ? `(${state.questions.length}) ` : ""}Approvals for ${state.domain} · ad-user-sync`;
      where.replaceChildren(...heading(state));
      limit.update(state);
      prolong.update(state);
      bar.node.hidden = state.trips.length > 0;
      bar.hide("people", state.old);
      notices.replaceChildren(...state.notices.map((n) => el("li", {}, told(n))));
      run.update(state);
      table.update(state);
      passwords.update(state);
      this.others(state.others);
      const elsewhere = state.questions.filter((q) => q.elsewhere),
        open = state.questions.filter((q) => !q.elsewhere);
      lists.open.update(open);
      lists.elsewhere.update(elsewhere);
      rejected.update(state.refusals);
      done.update(state.items);
      helped.update();
      bar.count({
        open: open.length,
        elsewhere: elsewhere.length,
        rejected: state.refusals.length,
        done: state.items.length,
      });
      this.progress(state.job);
    },
    progress(job) {
      working.hidden = !job;
      limit.progress(!!job);
      if (!job) return;
      meter.max = Math.max(job.total, 1);
      meter.value = job.done;
      meterText.textContent = job.what !== "again" && job.total > 1 ? `Carrying out ${job.done} of ${job.total}` : "Carrying out …";
    },
    problem: trouble,
    // others tells who else has a session open.
    others(list) {
      company.hidden = list.length === 0;
      company.replaceChildren(
        el("p", {}, el("strong", {}, list.length === 1 ? "Another session is open" : "Other sessions are open"), ": ",
          list.map((who, i) => [i ? "; " : "", shown(who)]), "."),
        el("p", { class: "quiet" }, "Each question is answered once: whoever comes second is told by whom, and nothing is done twice."),
      );
    },
    silent(on) {
      silence.hidden = !on;
    },
    busy(ids, on) {
      for (const l of parts) l.busy(ids, on);
    },
    trouble(ids, text) {
      for (const l of parts) l.trouble(ids, text);
      if (ids.length > 1) trouble(text);
    },
    result(item) {
      for (const l of parts) l.result(item);
    },
    position: (id) => list().position(id),
    focusAt: (n) => list().focusAt(n),
  };
}

function heading(s) {
  const facts = [
    s.source && ["from ", shown(s.source)],
    s.timestamp && ["file of ", moment(s.timestamp)],
    s.users && plural(s.users, "user"),
    s.signed ? "signed" : "not signed",
    s.controller && ["controller ", shown(s.controller)],
    s.identity && ["bound as ", shown(s.identity)],
    s.operator && ["decided by ", shown(s.operator)],
  ].filter(Boolean);
  return [
    el("h1", {}, "Approvals for ", shown(s.domain)),
    el(
      "p",
      { class: "quiet" },
      facts.map((f, i) => [i ? " · " : "", f]),
    ),
    el("p", { class: "quiet" }, dn(s.container)),
  ];
}
