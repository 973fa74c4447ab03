// One ticket: its conversation, who asks and who may, and what an agent does with it.

import { announce, changed, facts, h, pill, post, sync, tag, when } from "./dom.js";
import { field, form, talk } from "./compose.js";

const LABELS = {
  incoming: ["→", "Incoming"],
  reply: ["←", "Reply, by mail"],
  "public-note": ["◇", "Public note"],
  note: ["✎", "Private note"],
  survey: ["★", "Survey answer"],
  forward: ["↷", "Forwarded"],
};

export function ticketView(number) {
  const title = h("h2", { tabindex: "-1" }, `#${number}`);
  const marks = h("div", { class: "marks" });
  const messages = h("ol", { class: "messages" });
  const beside = h("aside", { "aria-label": "About this ticket" });
  const composing = h("section", { class: "card", "aria-labelledby": "talk-title" }, h("h3", { id: "talk-title" }, "Write on this ticket"));
  const settings = h("section", { class: "card", "aria-labelledby": "set-title" }, h("h3", { id: "set-title" }, "Change as agent"));
  const around = h("div", { class: "around" });
  const element = h("section", { class: "ticket" },
    h("a", { href: "#/tickets", class: "back" }, "‹ Queue"),
    h("header", { class: "heading" }, title, marks),
    h("div", { class: "columns" },
      h("div", { class: "conversation" }, h("h3", { class: "unseen" }, "Conversation"), messages, composing),
      beside));
  beside.append(around, settings);
  let ready = false;
  let setters = null;
  composing.hidden = settings.hidden = true;
  const done = async (text) => {
    announce(text);
    changed();
  };

  return {
    place: `tickets/${number}`,
    element,
    title: (data) => (data ? `#${number} ${data.subject}` : `#${number}`),
    path: () => `page/tickets/${number}`,
    update(data) {
      title.textContent = `#${number} ${data.subject}`;
      marks.replaceChildren(pill(data.status), ` ${data.priority} priority`, data.type ? h("span", { class: "type" }, data.type) : "",
        ...(data.spam ? [tag("spam")] : []), ...(data.deleted ? [tag("deleted")] : []), ...data.tags.map(tag));
      sync(messages, data.messages, (one) => one.id, message);
      sync(around, panels(data, done), (one) => one.name, (one) => card(one, number, done));
      if (!ready) {
        composing.append(talk(number, data, done));
        setters = changes(number, data, done);
        settings.append(setters.element);
        ready = true;
      }
      setters.follow(data);
      composing.hidden = settings.hidden = false;
    },
    missing(text) {
      title.textContent = `There is no ticket #${number}`;
      marks.textContent = "It may have gone with a reset of the sandbox.";
      messages.replaceChildren();
      around.replaceChildren();
      composing.hidden = settings.hidden = true;
    },
  };
}

function message(one) {
  const [mark, label] = LABELS[one.kind];
  const people = [];
  if (one.to.length && one.kind !== "incoming") people.push(`to ${one.to.join(", ")}`);
  if (one.cc.length) people.push(`cc ${one.cc.join(", ")}`);
  return h("li", { class: `message ${one.kind}` },
    h("div", { class: "head" },
      h("span", { class: "kind" }, h("span", { "aria-hidden": "true" }, `${mark} `), [label, one.automatic && "automatic reply", one.first && "opened the ticket"].filter(Boolean).join(", ")),
      h("strong", {}, one.who), one.mail ? h("span", { class: "soft mail" }, one.mail) : null,
      h("span", { class: "soft at" }, when(one.at))),
    people.length ? h("p", { class: "soft people" }, people.join(" · ")) : null,
    h("div", { class: "body", html: one.html }),
    one.files.length ? h("p", { class: "soft" }, `Attached: ${one.files.join(", ")}`) : null,
    one.edited ? h("p", { class: "soft" }, "Edited ", when(one.edited)) : null);
}

function panels(data) {
  const all = [
    { name: "Community", community: data.community, requester: data.requester },
    { name: "Ticket", data: pick(data, ["agent", "group", "source", "created", "updated", "respond_by", "due", "cc", "fields"]) },
    data.time.length || data.stamps.length ? { name: "Activity", time: data.time, stamps: data.stamps } : null,
    data.issues.length ? { name: "Issues", issues: data.issues } : null,
    data.mails.length ? { name: "Outgoing mail", mails: data.mails } : null,
    { name: "Survey", asked: data.mails.some((mail) => mail.kind === "survey"), answers: data.ratings },
  ];
  return all.filter((one) => one && (one.name !== "Survey" || one.asked || one.answers));
}

const pick = (data, names) => Object.fromEntries(names.map((name) => [name, data[name]]));

function card(one, number, done) {
  const id = `panel-${one.name.replace(/\W/g, "")}`;
  const draw = { Community: community, Ticket: properties, Activity: activity, Issues: issues, "Outgoing mail": mails, Survey: survey }[one.name];
  return h("section", { class: "card", "aria-labelledby": id }, h("h3", { id }, one.name), draw(one, number, done));
}

function community({ community: company, requester }) {
  const asker = h("p", { class: "asker" }, h("span", { class: "soft" }, "Requester "), h("strong", {}, requester.name), h("br"),
    h("span", { class: "soft mail" }, requester.mail || "no mail address"));
  if (!company) {
    const others = requester.companies.length ? `The requester belongs to ${requester.companies.join(", ")}.` : "The requester belongs to none.";
    return [asker, h("p", { class: "warn" }, "This ticket has no community. ", others)];
  }
  const verdict = company.representatives.length === 0
    ? h("p", { class: "warn" }, "No representative is on file.")
    : company.asked_by_one
      ? h("p", { class: "good" }, "✓ The requester is a representative.")
      : h("p", { class: "warn" }, "The requester is not a representative.");
  const several = requester.companies.length > 1 ? h("p", { class: "warn" }, `The requester is in several communities: ${requester.companies.join(", ")}.`) : null;
  return [asker, h("p", {}, h("span", { class: "soft" }, "Community "), h("strong", {}, company.name)), verdict, several,
    h("h4", {}, "Community Representatives"),
    h("ul", { class: "people" }, company.representatives.map((person) =>
      h("li", {}, h("span", {}, person.name, person.asks ? " (asks here)" : ""), h("span", { class: "soft mail" },
        person.mail || (person.contacts > 1 ? `${person.contacts} contacts have this name` : "no contact of this name"))))),
    facts([["Budget", company.budget ? `${company.budget} hours a month` : null], ["Funding", company.own_funding ? "its own" : null],
      ["Domains", company.domains.join(", ")], ["Note", company.note]])];
}

function properties({ data }) {
  return facts([["Agent", data.agent || "nobody yet"], ["Group", data.group], ["Came by", data.source], ["Created", when(data.created)],
    ["Changed", when(data.updated)], ["Respond by", data.respond_by ? when(data.respond_by) : null], ["Due", data.due ? when(data.due) : null],
    ["Copies", data.cc.join(", ")], ...Object.entries(data.fields).map(([name, value]) => [name.replace(/^cf_/, "").replaceAll("_", " "), String(value)])]);
}

function activity({ time, stamps }) {
  return [facts(stamps.map(([name, at]) => [name[0].toUpperCase() + name.slice(1), when(at)])),
    time.length ? [h("h4", {}, "Time entries"), h("ul", { class: "people" }, time.map((entry) =>
      h("li", {}, h("span", {}, `${entry.minutes} min, ${entry.who}${entry.running ? ", still running" : ""}`),
        entry.note ? h("span", { class: "soft" }, entry.note) : null, h("span", { class: "soft" }, when(entry.at)))))] : []];
}

const issues = (one) => h("ul", { class: "people" }, one.issues.map((issue) =>
  h("li", {}, h("a", { href: `#/issues/${issue.number}` }, `#${issue.number} ${issue.title}`), pill(issue.state))));

const mails = (one) => h("ul", { class: "people" }, one.mails.map((mail) =>
  h("li", {}, h("a", { href: "#/mail" }, mail.subject), h("span", { class: "soft" }, `${mail.kind} to ${mail.to.join(", ")}`,
    mail.cc.length ? `, cc ${mail.cc.join(", ")}` : ""), h("span", { class: "soft" }, when(mail.at)))));

function survey(one, number, done) {
  if (one.answers) return h("p", {}, "The requester has answered the survey.");
  const rating = h("select", { name: "rating" }, [["103", "Extremely happy"], ["102", "Very happy"], ["101", "Happy"], ["100", "Neutral"],
    ["-101", "Unhappy"], ["-102", "Very unhappy"], ["-103", "Extremely unhappy"]].map(([value, text]) => h("option", { value }, text)));
  const feedback = h("textarea", { name: "feedback", rows: "2" });
  return form(`survey ${number}`, async (values) => {
    await post("sandbox/survey-answer", { ticket_id: number, rating: Number(values.rating), feedback: values.feedback });
    await done("The survey is answered.");
  }, [field("Answer as the requester", rating), field("Words", feedback)], "Answer the survey").element;
}

function changes(number, data, done) {
  const status = h("select", { name: "status" }, data.statuses.map(([value, name]) => h("option", { value: String(value) }, name)));
  const agent = h("select", { name: "agent" }, h("option", { value: "" }, "nobody"), data.agents.map((one) => h("option", { value: String(one.id) }, one.name)));
  let shown = {};
  const made = form(`settings ${number}`, async (values) => {
    const wish = {};
    if (values.status !== shown.status) wish.status = Number(values.status);
    if (values.agent !== shown.agent) wish.responder_id = values.agent ? Number(values.agent) : null;
    if (Object.keys(wish).length === 0) throw new Error("Nothing is changed yet.");
    await post(`page/tickets/${number}/change`, wish);
    await done("The ticket is changed.");
  }, [field("Status", status), field("Agent", agent)], "Save");
  made.forget();
  return {
    element: made.element,
    // Show what is so, but leave alone what somebody has chosen and not saved yet.
    follow(fresh) {
      const next = { status: String(fresh.status_id), agent: String(fresh.agent_id || "") };
      if (shown.status === undefined || status.value === shown.status) status.value = next.status;
      if (shown.agent === undefined || agent.value === shown.agent) agent.value = next.agent;
      shown = next;
    },
  };
}
