// Handing out the passwords that were set: an encrypted archive, or letters.
import { el, button, plural, say } from "./element.js";
import { post } from "./connection.js";
import { ask } from "./dialog.js";
import { copy } from "./password.js";

export function handout({ handed, noted, trouble }) {
  const count = el("p", {});
  const phrase = el("div", { class: "archive", hidden: true });
  const language = el("select", { "aria-label": "Language of the letters", hidden: true },
    el("option", { value: "" }, "English and German"), el("option", { value: "en" }, "English"), el("option", { value: "de" }, "German"));
  const archive = button("Download encrypted archive", download);
  const node = el(
    "section",
    { class: "handout", "aria-label": "Hand out passwords", hidden: true },
    count,
    el(
      "div",
      { class: "buttons" },
      archive,
      button("Print letters…", print),
      language,
    ),
    phrase,
  );

  async function download() {
    try {
      const archive = await post("archive");
      const bytes = Uint8Array.from(atob(archive.content), (c) => c.charCodeAt(0));
      const url = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
      el("a", { href: url, download: archive.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
      show(archive.passphrase);
      await handed(archive.ids);
      say("Archive downloaded");
    } catch (e) {
      trouble(e.message);
    }
  }

  // show keeps the passphrase in view until the person says that they have it.
  function show(passphrase) {
    phrase.hidden = !passphrase;
    if (phrase.querySelector("output")?.textContent === passphrase) return;
    phrase.replaceChildren();
    if (!passphrase) return;
    phrase.append(
      el(
        "p",
        {},
        "The archive opens with this passphrase in 7-Zip (not in the Windows Explorer). It is shown here only, until you say that you have it; note it before the session ends.",
      ),
      el(
        "p",
        {},
        el("output", { class: "passphrase" }, passphrase),
        " ",
        button("Copy", () => copy(passphrase), { class: "small" }),
        " ",
        button("It is noted", () => noted().catch((e) => trouble(e.message)), { class: "small" }),
      ),
    );
  }

  async function print() {
    const place = document.getElementById("letters");
    try {
      const letters = await post("letters", { language: language.value });
      place.replaceChildren(...letters.map(letter));
      place.hidden = false;
      window.print();
      if (
        await ask({
          title: "Were the letters printed?",
          body: [el("p", {}, "If so, their passwords count as handed out.")],
          accept: "Yes, printed",
        })
      )
        await handed(letters.map((l) => l.id));
    } catch (e) {
      trouble(e.message);
    } finally {
      place.replaceChildren();
      place.hidden = true;
    }
  }

  return {
    node,
    update(state) {
      node.hidden = state.issued === 0;
      show(state.archive ?? "");
      language.hidden = !state.language;
      node.classList.toggle("urgent", state.unsaved > 0);
      archive.classList.toggle("primary", state.unsaved > 0);
      count.textContent =
        state.unsaved > 0
          ? `${plural(state.unsaved, "new password")} not yet handed out. They are kept in memory only and are lost when the session ends.`
          : `${plural(state.issued, "new password")} set in this session, all handed out.`;
    },
  };
}

// letter is the sheet of one person: paragraphs, headings begin with "# ".
function letter(l) {
  const password = () => el("span", { class: "passphrase" }, l.password);
  const sheet = [[]];
  l.text.forEach((part, i) => {
    if (i) sheet.at(-1).push(password());
    const [first, ...rest] = part.split(/\n(?:[ \t]*\n)+/);
    sheet.at(-1).push(first);
    for (const paragraph of rest) sheet.push([paragraph]);
  });
  return el(
    "article",
    { class: "letter" },
    sheet.map(([first, ...rest]) =>
      first.startsWith?.("# ") ? el("h1", {}, first.slice(2), rest) : el("p", {}, first, rest),
    ),
    l.note && el("p", { class: "trouble" }, l.note),
  );
}
