// The queue: tickets by status and words, and the form to write in as a customer.

import { announce, changed, h, pager, pill, sync, tag, when } from "./dom.js";
import { writeIn } from "./compose.js";

const FILTERS = [
  ["unresolved", "Unresolved"], ["open", "Open"], ["pending", "Pending"], ["resolved", "Resolved"],
  ["closed", "Closed"], ["all", "All"], ["hidden", "Spam and deleted"],
];

export function queueView(asked) {
  let wanted = read(asked);
  const search = h("input", { type: "search", name: "q", value: wanted.q, placeholder: "Subject, person, community, tag or number", "aria-label": "Search tickets", autocomplete: "off" });
  const sort = h("select", { "aria-label": "Order" },
    h("option", { value: "changed" }, "Last changed first"), h("option", { value: "created" }, "Newest first"));
  sort.value = wanted.sort;
  const filters = h("div", { class: "filters", role: "group", "aria-label": "Status" });
  const list = h("ul", { class: "queue" });
  const total = h("p", { class: "total" });
  const pages = h("div");
  const go = (change) => {
    location.hash = address({ ...wanted, page: 1, ...change });
  };
  const now = (change) => location.replace(address({ ...wanted, page: 1, ...change }));
  let typing = null;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => now({ q: search.value }), 250);
  });
  sort.addEventListener("change", () => go({ sort: sort.value }));
  const element = h("section", {},
    h("h2", { tabindex: "-1" }, "Queue"), filters,
    h("form", { class: "search", role: "search", onsubmit: (event) => { event.preventDefault(); go({ q: search.value }); } }, search, sort),
    total, list, pages);

  return {
    place: "tickets",
    element,
    title: () => "Queue",
    path: () => `page/queue?${new URLSearchParams({ status: wanted.status, q: wanted.q, page: wanted.page, sort: wanted.sort })}`,
    follow(next) {
      wanted = next.wanted;
      if (document.activeElement !== search) search.value = wanted.q;
      sort.value = wanted.sort;
    },
    wanted,
    update(data) {
      sync(filters, FILTERS.map(([key, name]) => ({ key, name, count: data.counts[key], here: key === wanted.status, to: address({ ...wanted, status: key, page: 1 }) }))
        .filter((one) => one.count || one.here || !["hidden"].includes(one.key)), (one) => one.key, filterLink);
      sync(list, data.tickets, (one) => one.id, line);
      total.textContent = data.total ? `${data.total.toLocaleString("en")} ${data.total === 1 ? "ticket" : "tickets"}` : "No ticket here.";
      pages.replaceChildren(...[pager(data, (page) => address({ ...wanted, page }))].flat());
    },
  };
}

function filterLink(one) {
  return h("a", { href: one.to, class: "filter", "aria-current": one.here ? "true" : null }, one.name,
    h("span", { class: "count" }, ` ${one.count.toLocaleString("en")}`));
}

function read(asked) {
  const status = asked.get("status") || "unresolved";
  return {
    status: FILTERS.some(([key]) => key === status) ? status : "unresolved",
    q: asked.get("q") || "",
    page: Number(asked.get("page")) || 1,
    sort: asked.get("sort") === "created" ? "created" : "changed",
  };
}

function address(wanted) {
  const query = new URLSearchParams();
  if (wanted.status !== "unresolved") query.set("status", wanted.status);
  if (wanted.q) query.set("q", wanted.q);
  if (wanted.sort !== "changed") query.set("sort", wanted.sort);
  if (wanted.page > 1) query.set("page", wanted.page);
  return `#/tickets${query.size ? `?${query}` : ""}`;
}

function line(one) {
  const marks = [
    one.priority === "Urgent" || one.priority === "High" ? h("span", { class: "urgent" }, `${one.priority} priority`) : null,
    one.type ? h("span", { class: "type" }, one.type) : null,
    one.spam ? tag("spam") : null,
    one.deleted ? tag("deleted") : null,
    ...one.tags.map(tag),
  ].filter(Boolean);
  return h("li", {},
    h("span", { class: "number" }, `#${one.id}`),
    h("div", { class: "what" },
      h("a", { href: `#/tickets/${one.id}` }, one.subject),
      marks.length ? h("div", { class: "marks" }, marks) : null),
    h("div", { class: "who" }, h("span", {}, one.requester), h("span", { class: "soft" }, one.company || "no community")),
    h("div", { class: "agent" }, one.agent ? one.agent : h("span", { class: "soft" }, "nobody yet")),
    h("div", { class: "state" }, pill(one.status)),
    h("div", { class: "changed" }, when(one.updated, { date: false })));
}

export function writeView() {
  const element = h("section", { class: "narrow" },
    h("h2", { tabindex: "-1" }, "Write in as a customer"),
    h("p", {}, "This opens a ticket as if the mail had come to the support address."),
    writeIn((number) => {
      announce(`Ticket ${number} was opened.`);
      location.hash = `#/tickets/${number}`;
      changed();
    }));
  return { place: "write", element, title: () => "Write in", path: () => "", update() {} };
}
