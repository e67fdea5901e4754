// Lists for a spreadsheet. No password is ever in one.
import { el } from "./element.js";

// cell is text that no spreadsheet takes for a formula: not at its beginning, nor behind
// a semicolon, at which some cut the line, whatever stands in quotes.
export function cell(text) {
  const plain = String(text ?? "").replace(/\p{Cc}+/gu, " ");
  const safe = plain.replace(/(^|;)(?=[\s"]*[=+\-@＝＋－＠|%])/gu, "$1'");
  return `"${safe.replaceAll('"', '""')}"`;
}

// save downloads rows; the mark at the beginning lets Excel read the letters right.
export function save(name, head, rows) {
  const text = "\ufeff" + [head, ...rows].map((r) => r.map(cell).join(",") + "\r\n").join("");
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  el("a", { href: url, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
