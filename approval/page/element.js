// Builds elements. Text only ever becomes a text node.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key === "value" || key === "checked" || key === "disabled" || key === "hidden") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== undefined && c !== null && c !== false && c !== ""));
  return node;
}

export const button = (label, onclick, props = {}) => el("button", { type: "button", onclick, ...props }, label);

// unseen is read by screen readers alone.
export const unseen = (...text) => el("span", { class: "unseen" }, ...text);

let serial = 0;
export const freshId = () => `x${++serial}`;

export function plural(n, noun) {
  return `${n.toLocaleString("en")} ${n === 1 ? noun : noun + "s"}`;
}

export function moment(text) {
  if (!text) return "never";
  const t = new Date(text);
  const two = (n) => String(n).padStart(2, "0");
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}`;
}

export function age(text) {
  if (!text) return "";
  const days = Math.floor((Date.now() - new Date(text)) / 86400000);
  if (days < 1) return "today";
  if (days < 60) return `${plural(days, "day")} ago`;
  if (days < 730) return `${plural(Math.floor(days / 30.4), "month")} ago`;
  return `${plural(Math.floor(days / 365.25), "year")} ago`;
}

// say announces a result to screen readers.
export function say(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}
