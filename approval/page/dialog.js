// A question before something that is not undone with a click.
import { el, button, freshId } from "./element.js";

// ask shows a dialog; the promise resolves to true, or to false where it was cancelled.
// With a number, that number has to be typed. The body may hold form fields.
export function ask({ title, body = [], accept, number = 0, danger = false }) {
  return new Promise((resolve) => {
    const heading = freshId(),
      field = freshId();
    const typed =
      number > 0 && el("input", { id: field, inputmode: "numeric", autocomplete: "off", size: 6, required: true });
    const yes = el(
      "button",
      { type: "submit", class: danger ? "danger" : "primary", disabled: Boolean(number) },
      accept,
    );
    if (typed)
      typed.addEventListener("input", () => {
        yes.disabled = typed.value.trim() !== String(number);
      });
    const dialog = el(
      "dialog",
      { "aria-labelledby": heading },
      el(
        "form",
        {
          method: "dialog",
          onsubmit: (e) => {
            e.preventDefault();
            if (!yes.disabled) end(true);
          },
        },
        el("h2", { id: heading }, title),
        body,
        typed && el("p", {}, el("label", { for: field }, `Type ${number} to confirm: `), typed),
        el(
          "div",
          { class: "buttons" },
          yes,
          button("Cancel", () => end(false)),
        ),
      ),
    );
    const end = (value) => {
      resolve(value);
      dialog.close();
      dialog.remove();
    };
    dialog.addEventListener("cancel", (e) => {
      e.preventDefault();
      end(false);
    });
    document.body.append(dialog);
    dialog.showModal();
    (typed || dialog.querySelector("textarea, input, select") || yes).focus();
  });
}
