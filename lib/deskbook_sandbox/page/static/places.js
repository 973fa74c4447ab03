// The other places: outgoing mail, issues, chat, pager and hubs.

import { announce, changed, facts, h, pager, pill, post, sync, tag, when } from "./dom.js";

function plainView(place, name, lead, path, fill, ...parts) {
  const element = h("section", {}, h("h2", { tabindex: "-1" }, name), lead ? h("p", { class: "lead" }, lead) : null, ...parts);
  return { place, element, title: () => name, path: () => path, update: fill };
}

export function mailView(asked) {
  const list = h("ol", { class: "cards" });
  const pages = h("div");
  const page = Number(asked.get("page")) || 1;
  return plainView("mail", "Outgoing mail", "What would have been mailed. Nothing was.", `page/mail?page=${page}`, (data) => {
    sync(list, data.mails.length ? data.mails : [{ id: "none" }], (mail) => mail.id, (mail) => mail.id === "none" ? none("No mail yet.") :
      h("li", { class: "card" },
        h("h3", {}, mail.subject || "(no subject)"),
        h("div", { class: "marks" }, pill(mail.kind, `mail-${mail.kind}`), h("span", { class: "soft" }, when(mail.at)),
          h("a", { href: `#/tickets/${mail.ticket_id}` }, `Ticket #${mail.ticket_id}`)),
        facts([["To", people(mail.to)], ["Cc", people(mail.cc)], ["Bcc", people(mail.bcc)]]),
        h("div", { class: "body", html: mail.html })));
    pages.replaceChildren(...[pager(data, (number) => `#/mail?page=${number}`)].flat());
  }, list, pages);
}

const people = (mails) => (mails || []).join(", ");
const none = (text) => h("li", { class: "none" }, text);

export function issuesView(asked) {
  const list = h("ul", { class: "queue issues" });
  const pages = h("div");
  const state = ["open", "closed", "all"].includes(asked.get("state")) ? asked.get("state") : "open";
  const page = Number(asked.get("page")) || 1;
  const filters = h("div", { class: "filters", role: "group", "aria-label": "State" }, ["open", "closed", "all"].map((one) =>
    h("a", { class: "filter", href: `#/issues?state=${one}`, "aria-current": one === state ? "true" : null }, one[0].toUpperCase() + one.slice(1))));
  return plainView("issues", "Issues", null, `page/issues?state=${state}&page=${page}`, (data) => {
    sync(list, data.issues.length ? data.issues : [{ number: "none" }], (issue) => issue.number, (issue) => issue.number === "none" ? none("No issue here.") :
      h("li", {},
        h("span", { class: "number" }, `#${issue.number}`),
        h("div", { class: "what" }, h("a", { href: `#/issues/${issue.number}` }, issue.title),
          issue.labels.length ? h("div", { class: "marks" }, issue.labels.map(tag)) : null),
        h("div", { class: "who" }, h("span", {}, issue.author), h("span", { class: "soft" }, issue.said === 1 ? "1 comment" : `${issue.said} comments`)),
        h("div", { class: "agent" }, issue.assignees.length ? issue.assignees.join(", ") : h("span", { class: "soft" }, "nobody yet")),
        h("div", { class: "state" }, pill(issue.state)),
        h("div", { class: "changed" }, when(issue.updated, { date: false }))));
    pages.replaceChildren(...[pager(data, (number) => `#/issues?state=${state}&page=${number}`)].flat());
  }, filters, list, pages);
}

export function issueView(number) {
  const title = h("h2", { tabindex: "-1" }, `Issue #${number}`);
  const marks = h("div", { class: "marks" });
  const said = h("ol", { class: "messages" });
  const beside = h("div", {});
  const element = h("section", { class: "ticket" }, h("a", { href: "#/issues", class: "back" }, "‹ Issues"),
    h("header", { class: "heading" }, title, marks),
    h("div", { class: "columns" }, h("div", { class: "conversation" }, h("h3", { class: "unseen" }, "Discussion"), said),
      h("aside", { "aria-label": "About this issue" }, beside)));
  return {
    place: `issues/${number}`,
    element,
    title: (data) => (data ? `Issue #${number} ${data.title}` : `Issue #${number}`),
    path: () => `page/issues/${number}`,
    update(data) {
      title.textContent = `#${number} ${data.title}`;
      marks.replaceChildren(pill(data.state), h("span", { class: "soft" }, data.repository), ...data.labels.map(tag));
      const first = { id: 0, who: data.author, at: data.created, html: data.html };
      sync(said, [first, ...data.comments], (one) => one.id, (one) => h("li", { class: "message" },
        h("div", { class: "head" }, h("span", { class: "kind" }, one.id ? "Comment" : "Opened"), h("strong", {}, one.who), h("span", { class: "soft at" }, when(one.at))),
        one.html.trim() ? h("div", { class: "body", html: one.html }) : h("p", { class: "soft" }, "No description.")));
      sync(beside, [data], () => "facts", () => h("section", { class: "card" }, h("h3", {}, "Issue"),
        facts([["Opened by", data.author], ["Assigned", data.assignees.join(", ") || "nobody yet"], ["Created", when(data.created)], ["Changed", when(data.updated)],
          ["Closed as", data.state === "closed" ? (data.reason || "").replaceAll("_", " ") : null], ...data.board])));
    },
    missing() {
      title.textContent = `There is no issue #${number}`;
      marks.textContent = "It may have gone with a reset of the sandbox.";
      said.replaceChildren();
      beside.replaceChildren();
    },
  };
}

export function chatView() {
  const channels = h("div", { class: "channels" });
  return plainView("chat", "Chat", null, "page/chat", (data) => {
    sync(channels, data.channels, (channel) => channel.name, (channel) => h("section", { class: "card channel" },
      h("h3", {}, `#${channel.name}`), channel.topic ? h("p", { class: "soft" }, channel.topic) : null,
      channel.total > channel.messages.length ? h("p", { class: "soft" }, `The last ${channel.messages.length} of ${channel.total} messages.`) : null,
      channel.messages.length ? h("ol", { class: "chat" }, channel.messages.map((one) => h("li", { class: one.thread ? "thread" : "" },
        h("div", { class: "head" }, h("strong", {}, one.who), one.bot ? tag("app") : null, one.thread ? tag("in a thread") : null, h("span", { class: "soft at" }, when(one.at))),
        h("div", { class: "text", html: one.html })))) : h("p", { class: "none" }, "Nobody has said anything.")));
  }, channels);
}

export function pagerView() {
  const list = h("ul", { class: "cards" });
  return plainView("pager", "Pager", null, "page/pager", (data) => {
    sync(list, data.incidents.length ? data.incidents : [{ id: "none" }], (one) => one.id, (one) => one.id === "none" ? none("No incident. All is quiet.") :
      h("li", { class: "card" }, h("h3", {}, `${one.number ? `#${one.number} ` : ""}${one.title}`),
        h("div", { class: "marks" }, pill(one.status), one.priority ? tag(one.priority) : null, h("span", { class: "soft" }, when(one.created))),
        facts([["Service", one.service], ["Assigned", one.assigned.filter(Boolean).join(", ") || "nobody"],
          ["Acknowledged", one.acknowledged.filter(Boolean).join(", ") || (one.status === "triggered" ? "not yet" : null)], ["Urgency", one.urgency], ["Key", one.key]]),
        one.notes.length ? [h("h4", {}, "Notes"), h("ul", { class: "people" }, one.notes.map((note) =>
          h("li", {}, h("span", { class: "text" }, note.text), h("span", { class: "soft" }, note.who || "", " ", when(note.at)))))] : null));
  }, list);
}

export function hubsView() {
  const list = h("ul", { class: "cards hubs" });
  return plainView("hubs", "Hubs", "Flip a hub to rehearse an outage: its address then answers 503.", "page/hubs", (data) => {
    sync(list, data.hubs, (hub) => hub.name, (hub) => {
      const flip = h("button", { type: "button", role: "switch", "aria-checked": String(hub.up), "aria-label": `${hub.title} is up`, onclick: async () => {
        if (flip.ariaBusy === "true") return;
        flip.ariaBusy = "true"; // not disabled: that would lose the focus
        try {
          await post(`sandbox/hubs/${encodeURIComponent(hub.name)}`, { up: !hub.up });
          changed();
        } catch (error) {
          announce(error.message);
        }
        flip.ariaBusy = "false";
      } }, h("span", { class: "knob", "aria-hidden": "true" }), h("span", { "aria-hidden": "true" }, hub.up ? "Up" : "Down"));
      return h("li", { class: `card hub ${hub.up ? "up" : "down"}` },
        h("div", { class: "hub-head" }, h("h3", {}, hub.title), flip),
        facts([["Community", hub.community], ["Cluster", hub.cluster], ["Address", hub.url], [hub.up ? "Up since" : "Down since", when(hub.since)]]));
    });
  }, list);
}
