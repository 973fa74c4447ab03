// Small tools: elements, times, lists that keep what did not change, drafts that survive, and calls to the sandbox.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "html") element.innerHTML = value; // only text that the server has cleaned
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const clock = { now: new Date(), frozen: true };

const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC",
});

export function written(moment) {
  return DAY.format(moment).replace(" at ", ", ");
}

export function distance(moment) {
  const seconds = (clock.now - moment) / 1000;
  const size = Math.abs(seconds);
  if (size < 60) return "now";
  const [amount, unit] =
    size < 3600 ? [size / 60, "min"] : size < 172800 ? [size / 3600, "h"] : [size / 86400, "days"];
  const text = `${Math.floor(amount)} ${unit}`;
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

// A moment as an ISO text or as seconds; "near" is how far away it is, kept right as the clock moves.
export function when(at, { near = true, date = true } = {}) {
  if (!at) return h("span", {}, "–");
  const moment = typeof at === "number" ? new Date(at * 1000) : new Date(at);
  const element = h("time", { datetime: moment.toISOString() }, date ? written(moment) : "");
  if (near) element.append(date ? " · " : "", h("span", { class: "near", "data-at": moment.toISOString() }, distance(moment)));
  return element;
}

export function refreshTimes() {
  for (const element of document.querySelectorAll(".near[data-at]")) {
    const text = distance(new Date(element.dataset.at));
    if (element.textContent !== text) element.textContent = text;
  }
}

const drawn = new WeakMap();

// Make the container show these items. One whose data is the same keeps its element, and with it focus and selection.
export function sync(container, items, key, make) {
  const before = new Map();
  for (const child of [...container.children]) {
    const known = drawn.get(child);
    if (known) before.set(known.key, child);
    else child.remove();
  }
  let place = null;
  for (const item of items) {
    const name = String(key(item));
    const text = JSON.stringify(item);
    let element = before.get(name);
    if (!element || drawn.get(element).text !== text) {
      const fresh = make(item);
      drawn.set(fresh, { key: name, text });
      if (element) swap(element, fresh);
      element = fresh;
    }
    before.delete(name);
    const next = place ? place.nextSibling : container.firstChild;
    if (next !== element) container.insertBefore(element, next);
    place = element;
  }
  for (const child of before.values()) child.remove();
}

// Put one element in the place of another; the focus goes to the part with the same data-key, or the same position.
function swap(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const parts = "a[href], button, input, select, textarea, summary";
  const index = active ? [...old.querySelectorAll(parts)].indexOf(active) : -1;
  old.replaceWith(fresh);
  if (index >= 0) fresh.querySelectorAll(parts)[index]?.focus({ preventScroll: true });
}

// What somebody types stays, even over a reload; it goes when it is sent.
export function keepDraft(form, name) {
  const key = `draft ${name}`;
  const fields = () => [...form.elements].filter((field) => field.name && field.type !== "submit");
  try {
    const saved = JSON.parse(sessionStorage.getItem(key) || "{}");
    for (const field of fields()) {
      if (!(field.name in saved)) continue;
      if (["radio", "checkbox"].includes(field.type)) field.checked = field.value === saved[field.name];
      else field.value = saved[field.name];
    }
  } catch { /* a browser without storage keeps nothing */ }
  const save = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(new FormData(form))));
    } catch { /* as above */ }
  };
  form.addEventListener("input", save);
  return () => {
    try { sessionStorage.removeItem(key); } catch { /* as above */ }
  };
}

export class Refused extends Error {}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options });
  } catch {
    throw new Error("The sandbox does not answer.");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error || `The sandbox answered ${response.status}.`);
  return body;
}

export const get = (path) => call(path, {});
export const post = (path, data) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });

export function pager(data, address) {
  if (data.pages < 2) return [];
  const to = (page, text) =>
    page < 1 || page > data.pages
      ? h("span", { class: "off" }, text)
      : h("a", { href: address(page) }, text);
  return h("nav", { class: "pages", "aria-label": "Pages" },
    to(data.page - 1, "‹ Newer"), h("span", {}, `Page ${data.page} of ${data.pages}`), to(data.page + 1, "Older ›"));
}

const MARKS = { Open: "●", Pending: "◐", Resolved: "✓", Closed: "■", open: "●", closed: "✓", triggered: "▲", acknowledged: "◐", resolved: "✓" };

export function pill(text, kind = text) {
  const name = String(kind).toLowerCase().replace(/[^a-z]+/g, "-");
  return h("span", { class: `pill is-${name}` }, MARKS[text] ? h("span", { "aria-hidden": "true" }, `${MARKS[text]} `) : "", text);
}

export const tag = (text) => h("span", { class: "tag" }, text);

export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

const news = document.getElementById("news");
let fading = null;

// A short word about what has just happened, for eyes and screen readers.
export function announce(text) {
  news.textContent = text;
  news.classList.add("fresh");
  clearTimeout(fading);
  fading = setTimeout(() => news.classList.remove("fresh"), 6000);
}

// Something was written: look at once rather than at the next beat.
export const changed = () => document.dispatchEvent(new Event("changed"));
