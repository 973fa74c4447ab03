// Companies, our communities: who speaks for each, and who belongs to it and to others besides.

import { facts, h, pager, sync, tag, when } from "./dom.js";

export function companiesView(asked) {
  const list = h("ul", { class: "cards" });
  const pages = h("div");
  const page = Number(asked.get("page")) || 1;
  const element = h("section", {}, h("h2", { tabindex: "-1" }, "Communities"),
    h("p", { class: "lead" }, "The helpdesk calls them companies."), list, pages);
  return {
    place: "communities",
    element,
    title: () => "Communities",
    path: () => `page/companies?page=${page}`,
    update(data) {
      sync(list, data.companies.length ? data.companies : [{ id: "none" }], (one) => one.id, (one) => one.id === "none"
        ? h("li", { class: "none" }, "No company yet.")
        : h("li", { class: "card" }, h("h3", {}, h("a", { href: `#/communities/${one.id}` }, one.name)),
          facts([["Domains", one.domains.join(", ")], ["Represented by", one.representatives.join(", ") || "nobody yet"]])));
      pages.replaceChildren(...[pager(data, (number) => `#/communities?page=${number}`)].flat());
    },
  };
}

export function companyView(number) {
  const title = h("h2", { tabindex: "-1" }, "Community");
  const marks = h("div", { class: "marks" });
  const cards = h("div", { class: "around" });
  const beside = h("div");
  const element = h("section", { class: "ticket company" }, h("a", { href: "#/communities", class: "back" }, "‹ Communities"),
    h("header", { class: "heading" }, title, marks),
    h("div", { class: "columns" }, h("div", {}, cards), h("aside", { "aria-label": "About this community" }, beside)));
  return {
    place: `communities/${number}`,
    element,
    title: (data) => (data ? data.name : "Community"),
    path: () => `page/companies/${number}`,
    update(data) {
      title.textContent = data.name;
      marks.replaceChildren(h("span", { class: "soft" }, data.description || "No description."));
      sync(cards, [{ name: "list", people: data.representatives }, { name: "contacts", ...data }], (one) => one.name,
        (one) => (one.name === "list" ? representatives(one) : contacts(one)));
      sync(beside, [data], () => "facts", () => h("section", { class: "card" }, h("h3", {}, "Company"),
        facts([["Domains", data.domains.join(", ") || "none"], ["Budget", data.budget ? `${data.budget} hours a month` : null],
          ["Funding", data.own_funding ? "its own" : null], ["Note", data.note], ["Created", when(data.created)], ["Changed", when(data.updated)]])));
    },
    missing() {
      title.textContent = "There is no such company";
      marks.textContent = "It may have gone with a reset of the sandbox.";
      cards.replaceChildren();
      beside.replaceChildren();
    },
  };
}

function representatives({ people }) {
  const verdict = (person) => person.mail ? h("span", { class: "soft" }, `is the contact ${person.mail}`)
    : h("span", { class: "warn" }, person.contacts > 1 ? `${person.contacts} contacts have this name`
      : person.contacts ? "the contact has no mail address" : "no contact has this name");
  return h("section", { class: "card" }, h("h3", {}, "Community Representatives"),
    h("p", { class: "soft" }, "The company's own field, a name on each line."),
    people.length ? h("ul", { class: "people" }, people.map((person) => h("li", {}, h("strong", {}, person.name), verdict(person))))
      : h("p", { class: "warn" }, "No representative is on file."));
}

function contacts({ id, contacts: people, total }) {
  const other = (company) => company.id === id ? tag(company.name) : h("a", { href: `#/communities/${company.id}`, class: "tag" }, company.name);
  return h("section", { class: "card" }, h("h3", {}, "Contacts"),
    total > people.length ? h("p", { class: "soft" }, `The first ${people.length} of ${total}.`) : null,
    people.length ? h("ul", { class: "people members" }, people.map((person) => h("li", {}, h("strong", {}, person.name || "no name"),
      h("span", { class: "soft mail" }, person.mail || "no mail address"),
      person.companies.length > 1 ? h("span", { class: "soft" }, `In ${person.companies.length} communities, the default first`) : null,
      h("div", { class: "marks" }, person.companies.map(other))))) : h("p", { class: "none" }, "No contact yet."));
}
