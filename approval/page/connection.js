// Speaks to the program. The token lives in sessionStorage: it dies with the
// tab, and no other port of this host can ask for it.

export class Problem extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
const token = () => sessionStorage.getItem("token");

let onSignedOut = () => {};
export const whenSignedOut = (f) => {
  onSignedOut = f;
};
export const forget = () => sessionStorage.removeItem("token");

async function request(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", redirect: "error", credentials: "omit", ...options });
  } catch {
    throw new Problem("The program cannot be reached. Is it still running?", 0);
  }
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => ({}));
  const problem = new Problem(body.problem || `The program answered with ${answer.status}.`, answer.status);
  if (answer.status === 401) onSignedOut();
  throw problem;
}

const headers = () => ({ Authorization: `Bearer ${token()}`, Tab: tab });

async function send(path, body, extra = {}) {
  const answer = await request(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...extra },
  });
  return answer.status === 204 ? null : answer.json();
}

export const post = (what, body = {}) => send(`/api/${what}`, body, headers());
export const state = async () => (await request("/api/state", { headers: headers() })).json();

// signIn exchanges the code of the address, which leaves address bar and
// history at once. It reports whether this tab has a token.
export async function signIn() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (!code) return Boolean(token());
  history.replaceState(null, "", "/");
  forget();
  const answer = await send("/session", { code });
  sessionStorage.setItem("token", answer.token);
  return true;
}

// listen passes each event of the program to a function until the stream ends or
// is aborted.
export async function listen(onEvent, signal) {
  const answer = await request("/api/events", { headers: headers(), signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) return;
    rest += value;
    const events = rest.split("\n\n");
    rest = events.pop();
    for (const e of events) if (e.startsWith("data: ")) onEvent(JSON.parse(e.slice(6)));
  }
}
