// Starts the page: follows the address and the sandbox's version, and lets the views draw what they read.

import { announce, clock, get, h, post, Refused, refreshTimes, written } from "./dom.js";
import { queueView, writeView } from "./queue.js";
import { ticketView } from "./ticket.js";
import { companiesView, companyView } from "./companies.js";
import { chatView, hubsView, issuesView, issueView, mailView, pagerView } from "./places.js";

const VIEWS = [
  ["tickets", "Queue", (counts) => counts.tickets.unresolved],
  ["mail", "Mail", (counts) => counts.mail],
  ["issues", "Issues", (counts) => counts.issues],
  ["communities", "Communities", () => ""],
  ["chat", "Chat", (counts) => counts.chat],
  ["pager", "Pager", (counts) => counts.pager],
  ["hubs", "Hubs", (counts) => (counts.down.length ? `${counts.down.length} down` : "")],
];
const PACE = 1000;
const SLOWEST = 8000;

const main = document.getElementById("view");
const trouble = document.getElementById("trouble");
let view = null;
let version = null;
let counts = null;
let waiting = null;
let wait = PACE;

function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [place = "tickets", number] = path.split("/").filter(Boolean);
  const asked = new URLSearchParams(query);
  if (place === "tickets" && /^\d+$/.test(number || "")) return ticketView(Number(number));
  if (place === "issues" && /^\d+$/.test(number || "")) return issueView(Number(number));
  if (place === "communities" && /^\d+$/.test(number || "")) return companyView(Number(number));
  const makers = { tickets: queueView, communities: companiesView, write: writeView, mail: mailView, issues: issuesView, chat: chatView, pager: pagerView, hubs: hubsView };
  return (makers[place] || queueView)(asked);
}

async function show(moved) {
  const same = view;
  const next = route();
  // A view that only changes its query keeps its fields, so that one can go on typing in a search.
  if (same && same.place === next.place && same.follow) same.follow(next);
  else {
    view = next;
    main.replaceChildren(view.element);
  }
  for (const link of document.querySelectorAll("#nav a")) {
    const here = link.dataset.place === view.place.split("/")[0];
    here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  await draw();
  if (moved && view !== same) {
    scrollTo(0, 0);
    view.element.querySelector("h2")?.focus({ preventScroll: true });
  }
}

async function draw() {
  const current = view;
  const path = current.path();
  try {
    const data = path ? await get(path) : null;
    if (current !== view || path !== current.path()) return;
    const text = JSON.stringify(data);
    if (current.drawn !== text || current.drawnPath !== path) {
      current.drawn = text;
      current.drawnPath = path;
      current.update(data);
    }
    document.title = `${current.title(data)} · Sandbox`;
    main.setAttribute("aria-busy", "false");
  } catch (error) {
    if (current !== view) return;
    if (error instanceof Refused) {
      current.drawn = null;
      current.missing?.(error.message);
    } else throw error;
  }
}

async function beat() {
  clearTimeout(waiting);
  try {
    const pulse = await get("page/pulse");
    clock.now = new Date(pulse.now);
    clock.frozen = pulse.frozen;
    tools();
    refreshTimes();
    if (pulse.version !== version) {
      tell(counts, pulse.counts);
      counts = pulse.counts;
      nav();
      await draw();
      version = pulse.version;
    }
    trouble.hidden = true;
    wait = PACE;
  } catch (error) {
    trouble.textContent = "The sandbox does not answer. What you type here stays; the page goes on by itself when it is back.";
    trouble.hidden = false;
    wait = Math.min(wait * 2, SLOWEST);
  }
  if (!document.hidden) waiting = setTimeout(beat, wait);
}

function refresh() {
  version = null;
  return beat();
}

function nav() {
  const list = document.getElementById("nav");
  if (!list.firstChild) {
    list.append(...VIEWS.map(([place, name]) =>
      h("a", { href: `#/${place}`, "data-place": place }, name, h("span", { class: "count" }))),
      h("a", { href: "#/write", "data-place": "write", class: "write" }, "Write in"));
    const here = list.querySelector(`[data-place="${view.place.split("/")[0]}"]`);
    here?.setAttribute("aria-current", "page");
  }
  for (const [place, , count] of counts ? VIEWS : []) {
    const badge = list.querySelector(`[data-place="${place}"] .count`);
    const text = String(count(counts) || "");
    if (badge.textContent.trim() !== text) badge.textContent = text && ` ${text}`;
  }
}

// A short word about what has just happened, for eyes and screen readers.
function tell(before, now) {
  if (!before) return;
  const said = [];
  const more = (amount, one, many) => {
    if (amount > 0) said.push(amount === 1 ? one : `${amount} ${many}`);
  };
  const tickets = (each) => each.tickets.all + each.tickets.hidden;
  if (tickets(now) < tickets(before)) said.push("The sandbox was laid anew");
  else {
    more(tickets(now) - tickets(before), "A ticket came in", "tickets came in");
    more(now.said - before.said, "A message was added to a ticket", "messages were added to tickets");
    more(now.mail - before.mail, "A mail went to the outbox", "mails went to the outbox");
    more(now.comments - before.comments, "A comment on an issue", "comments on issues");
    more(now.issues - before.issues, "An issue was opened", "issues were opened");
    more(now.chat - before.chat, "A chat message", "chat messages");
    more(now.pager - before.pager, "An incident was opened", "incidents were opened");
  }
  for (const hub of now.down) if (!before.down.includes(hub)) said.push(`Hub ${hub} went down`);
  for (const hub of before.down) if (!now.down.includes(hub)) said.push(`Hub ${hub} is up again`);
  if (said.length) announce(`${said.join(". ")}.`);
}

let shownClock = null;
let face = null;

function tools() {
  if (!shownClock) {
    shownClock = h("span", { class: "now" });
    face = h("button", { type: "button", onclick: () => turn(clock.frozen ? { run: true } : { now: clock.now.toISOString() }) });
    document.getElementById("tools").append(
      shownClock,
      h("button", { type: "button", "aria-label": "+1 hour: advance the clock by an hour", onclick: () => turn({ advance: 3600 }) }, "+1 hour"),
      h("button", { type: "button", "aria-label": "+1 day: advance the clock by a day", onclick: () => turn({ advance: 86400 }) }, "+1 day"),
      face,
      h("button", { type: "button", class: "quiet", onclick: askReset }, "Reset…"),
    );
  }
  const text = `${written(clock.now)} UTC, ${clock.frozen ? "stopped" : "running"}`;
  if (shownClock.textContent !== text) shownClock.textContent = text;
  const word = clock.frozen ? "Run" : "Stop";
  if (face.textContent !== word) {
    face.textContent = word;
    face.setAttribute("aria-label", clock.frozen ? "Let the clock run" : "Stop the clock");
  }
}

async function turn(wish) {
  await attempt(() => post("sandbox/clock", wish));
}

async function attempt(work, said) {
  try {
    await work();
    await refresh();
    if (said) announce(said);
  } catch (error) {
    announce(error.message);
  }
}

function askReset() {
  const dialog = h("dialog", { "aria-labelledby": "reset-title" },
    h("h2", { id: "reset-title" }, "Reset the sandbox?"),
    h("p", {}, "Everything that happened here is forgotten, and the seed is laid again."),
    h("form", { method: "dialog", class: "row" },
      h("button", { value: "no", autofocus: true }, "Keep it"),
      h("button", { value: "yes", class: "danger" }, "Reset to the seed")));
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") attempt(() => post("sandbox/reset", {}), "The sandbox was reset.");
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address of the view stays
  main.focus();
});
addEventListener("hashchange", () => show(true).catch(() => beat()));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) beat();
});
document.addEventListener("changed", () => refresh());
await show(false).catch(() => {});
nav();
beat();
