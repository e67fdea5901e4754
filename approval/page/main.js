// Wires connection, state and what is shown.
import { signIn, listen, state as readState, post, whenSignedOut, Problem } from "./connection.js";
import { say, plural } from "./element.js";
import { flat } from "./text.js";
import { frame } from "./frame.js";
import { ask } from "./dialog.js";
import * as screens from "./screens.js";

let view,
  state,
  over = false,
  heard = Date.now(),
  beat = 2,
  place = -1,
  running = false,
  stream;
const queue = [],
  overtaken = []; // decisions that nothing was done about

const desk = {
  // decide sends decisions, one batch after the other.
  decide(decisions, q) {
    place = q ? view.position(q.id) : -1;
    view.busy(
      decisions.map((d) => d.id),
      true,
    );
    queue.push(decisions);
    pump();
  },
};

async function pump() {
  if (running || !queue.length) return;
  running = true;
  const decisions = queue.shift(),
    ids = decisions.map((d) => d.id);
  view.progress({ what: "decisions", done: 0, total: decisions.length });
  try {
    await post("decisions", { decisions, typed: decisions.length });
  } catch (e) {
    running = false;
    view.progress(null);
    view.busy(ids, false);
    view.trouble(ids, e.message);
    pump();
  }
}

async function load(connected) {
  try {
    state = await readState();
  } catch (e) {
    if (over || e.status === 401) return;
    if (view) view.problem(e.message, load);
    else screens.unread(e.message, load);
    return;
  }
  if (over) return;
  if (!view) view = frame({ desk, end, again, handed, noted: haveNoted });
  if (state.problem) {
    view.unread(state, load);
    return;
  }
  beat = state.heartbeat;
  view.update(state);
  if (connected && running && !state.job) {
    running = false; // its end was missed with the connection
    view.progress(null);
    pump();
  }
  performance.mark("usable", { detail: document.querySelectorAll("article").length });
  if (place >= 0 && document.activeElement === document.body) view.focusAt(place);
  place = -1;
}

async function handed(ids) {
  await post("handed", { ids });
  await load();
}
async function haveNoted() {
  await post("noted");
  await load();
}
async function again(id) {
  try {
    await post("again", { id });
  } catch (e) {
    view.problem(e.message);
    throw e;
  }
}

async function end() {
  const n = state.unsaved;
  const body = n
    ? [
        `${plural(n, "new password")} not handed out. They are lost when the session ends; the accounts would need another password.`,
      ]
    : ["What is not decided stays open for the next time."];
  if (state.archive) body.push(" The passphrase of the archive is still shown: note it first, it is lost with the session.");
  if (
    !(await ask({
      title: "End the session?",
      body,
      accept: n ? "End without handing out" : "End session",
      danger: n > 0,
    }))
  )
    return;
  try {
    await post("end", { leave: n > 0 });
  } catch (e) {
    view.problem(e.message);
  }
}

// tellOvertaken says what became of questions that went away while they were decided;
// of those that are asked anew the card says it.
function tellOvertaken() {
  const gone = overtaken
    .splice(0)
    .filter((i) => !state?.questions.some((q) => q.kind === i.kind && q.person.key === i.person.key));
  if (!gone.length || !view) return;
  const more = gone.length > 3 ? ` And ${gone.length - 3} more, on the tab Done.` : "";
  view.problem(gone.slice(0, 3).map(announced).join(" ") + more);
}

const announced = (item) =>
  `${flat(item.person.displayName || item.person.cn)}: ${item.said}${item.problem ? `. ${flat(item.problem)}` : ""}`;

const on = {
  progress(e) {
    view?.progress(e.job);
    if (e.result) view?.result(e.result);
    if (e.result?.outcome === "changed" && e.result.problem) overtaken.push(e.result);
    if (e.result && e.job.total <= 3) say(announced(e.result));
    else if (e.job.done === e.job.total) say(`${e.job.total} carried out`);
  },
  async refresh() {
    running = false;
    if (queue.length) {
      pump();
      return;
    }
    view?.progress(null);
    await load();
    tellOvertaken();
  },
  others(e) {
    view?.others(e.others ?? []);
  },
  unsaved() {
    view?.problem(
      "The session is about to end, and new passwords are not handed out yet. Download the archive or print the letters now.",
    );
    load();
  },
  taken() {
    close();
    screens.taken(() => {
      over = false;
      view = undefined;
      start();
    });
  },
  locked() {
    close();
    screens.locked();
  },
  ended(e) {
    close();
    screens.ended(e.summary);
  },
};

function close() {
  over = true;
  running = false;
  queue.length = 0;
  view = undefined;
  state = undefined;
}

// follow listens as long as the session goes on, and connects again when the
// connection was lost. The first greeting starts the page.
async function follow() {
  for (let tries = 0; !over && tries < 5; tries++) {
    try {
      stream = new AbortController();
      await listen((e) => {
        heard = Date.now();
        tries = 0;
        if (e.type === "hello") load(true);
        else on[e.type]?.(e);
      }, stream.signal);
    } catch (e) {
      if (e.status === 401) return;
      if (e.status === 410) break;
    }
    if (!over) await new Promise((r) => setTimeout(r, 400 * (tries + 1)));
  }
  if (!over) {
    close();
    screens.lost(() => {
      over = false;
      start();
    });
  }
}

async function start() {
  try {
    if (!(await signIn())) return screens.signedOut();
  } catch (e) {
    return screens.signedOut(e instanceof Problem ? e.message : "");
  }
  heard = Date.now();
  follow();
}

whenSignedOut(() => {
  if (!over) {
    close();
    screens.signedOut("This session has ended or was locked.");
  }
});

// The page is being used: tells the program at most twice a minute.
let noted = 0;
for (const kind of ["pointerdown", "keydown"])
  addEventListener(
    kind,
    () => {
      if (over || !view || Date.now() - noted < 30000) return;
      noted = Date.now();
      post("active").catch(() => {});
    },
    { capture: true, passive: true },
  );

addEventListener("beforeunload", (e) => {
  if (!over && state?.unsaved > 0) e.preventDefault();
});
// A stream that went silent, as those of frozen pages do, or that never spoke, is
// opened again.
let reopened = 0;
setInterval(() => {
  if (over) return;
  const patience = beat * 3000 + 5000,
    silent = Date.now() - heard > patience;
  view?.silent(silent);
  if (silent && Date.now() - reopened > patience) {
    reopened = Date.now();
    stream?.abort();
  }
}, 1000);
navigator.locks?.request("ad-user-sync-page", { mode: "shared" }, () => new Promise(() => {})); // browsers do not freeze a tab that holds a lock

start();
