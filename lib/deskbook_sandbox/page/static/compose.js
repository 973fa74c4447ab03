// Forms: a customer writes in, an agent replies or notes. What is typed is kept until it is sent.

import { get, h, keepDraft, post } from "./dom.js";

let lists = 0;

// A field for a mail address that suggests known contacts and takes any other.
export function senderField(label, start = "") {
  const id = `known-${++lists}`;
  const list = h("datalist", { id });
  const input = h("input", { name: "from", list: id, required: true, autocomplete: "off", spellcheck: "false", value: start });
  let asked = null;
  const suggest = async () => {
    const words = input.value.split("<")[0].trim();
    if (words === asked) return;
    asked = words;
    try {
      const { contacts } = await get(`page/contacts?q=${encodeURIComponent(words)}`);
      list.replaceChildren(...contacts.map((one) =>
        h("option", { value: one.name ? `${one.name} <${one.mail}>` : one.mail }, one.company || "no community")));
    } catch { /* suggestions are a courtesy */ }
  };
  input.addEventListener("focus", suggest);
  input.addEventListener("input", suggest);
  return field(label, input, "A known contact, or any address: name@host or Name <name@host>", list);
}

export function field(label, control, hint, ...more) {
  return h("label", { class: "field" }, h("span", { class: "label" }, label), control, ...more,
    hint ? h("span", { class: "hint" }, hint) : null);
}

// A form that posts; errors show beside its button, and nothing typed is lost by them.
export function form(name, send, parts, button) {
  const said = h("p", { class: "said", role: "alert" });
  const submit = h("button", { type: "submit", class: "primary" }, button);
  const made = h("form", { class: "compose" }, ...parts, h("div", { class: "row" }, submit, said));
  const forget = keepDraft(made, name);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    said.textContent = "";
    try {
      await send(Object.fromEntries(new FormData(made)));
      forget();
    } catch (error) {
      said.textContent = error.message;
    } finally {
      submit.disabled = false;
    }
  });
  return { element: made, submit, forget };
}

export function writeIn(done) {
  const copies = h("input", { name: "cc", autocomplete: "off", spellcheck: "false" });
  const subject = h("input", { name: "subject", required: true, maxlength: "255", autocomplete: "off" });
  const body = h("textarea", { name: "body", required: true, rows: "8" });
  const made = form("write", async (values) => {
    const cc = (values.cc || "").split(/[,;]\s*/).filter(Boolean);
    const mail = { from: values.from, subject: values.subject, body: values.body, cc };
    const answer = await post("sandbox/incoming", { ...mail, ...automatic(values) });
    made.element.reset();
    done(answer.ticket_id);
  }, [senderField("From"), field("Subject", subject), field("Message", body, "As a mail to the support address"),
    field("Copies to", copies, "Optional, with commas between"), byMachine()], "Send to support");
  return made.element;
}

// Whether a machine writes: the mail then carries the header and the helpdesk's mark of an automatic reply.
function byMachine() {
  return h("label", { class: "field" }, h("input", { type: "checkbox", name: "automatic", value: "yes" }), " As an automatic reply");
}

const automatic = (values) => (values.automatic ? { headers: { "Auto-Submitted": "auto-replied" } } : {});

// On a ticket: reply or note as an agent, or answer as a customer.
export function talk(number, data, done) {
  const modes = [
    ["reply", "Reply as agent", "Send the reply", "The requester gets a mail"],
    ["note", "Private note", "Add the note", "Only the staff sees it"],
    ["customer", "Answer as customer", "Send as customer", "As a mail to the support address"],
  ];
  const agents = h("select", { name: "agent" }, data.agents.map((one) =>
    h("option", { value: String(one.id), selected: one.id === data.agent_id }, one.name)));
  const text = h("textarea", { name: "text", required: true, rows: "6" });
  const asker = data.requester;
  const sender = senderField("From", asker.mail ? `${asker.name} <${asker.mail}>` : "");
  const agent = field("Agent", agents);
  const machine = byMachine();
  const hint = h("span", { class: "hint" });
  const choices = h("fieldset", { class: "modes" }, h("legend", {}, "Write"),
    modes.map(([value, label]) => h("label", {}, h("input", { type: "radio", name: "mode", value, checked: value === "reply" }), ` ${label}`)));
  const made = form(`ticket ${number}`, async (values) => {
    if (values.mode === "customer") {
      const mail = { from: values.from, subject: `Re: ${data.subject}`, body: values.text, ticket_id: number };
      await post("sandbox/incoming", { ...mail, ...automatic(values) });
    } else {
      const wish = { text: values.text, agent_id: Number(values.agent), private: values.mode === "note" };
      await post(`page/tickets/${number}/say`, wish);
    }
    text.value = "";
    machine.querySelector("input").checked = false;
    await done({ reply: "The reply is in the outbox.", note: "The note is on the ticket.", customer: "The mail came in." }[values.mode]);
  }, [choices, agent, sender, machine, h("label", { class: "field" }, h("span", { class: "label" }, "Message"), text, hint)], "Send the reply");
  const follow = () => {
    const mode = modes.find(([value]) => value === new FormData(made.element).get("mode")) || modes[0];
    const customer = mode[0] === "customer";
    agent.hidden = customer;
    sender.hidden = machine.hidden = !customer;
    sender.querySelector("input").disabled = !customer;
    made.submit.textContent = mode[2];
    hint.textContent = mode[3];
    made.element.dataset.mode = mode[0];
  };
  made.element.addEventListener("change", follow);
  follow();
  return made.element;
}
