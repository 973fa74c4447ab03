"""Contacts, companies, agents, groups and roles."""

from __future__ import annotations

import pytest

LISTED = {
    "active", "address", "company_id", "view_all_tickets", "description", "email", "id", "job_title", "language",
    "mobile", "name", "phone", "time_zone", "twitter_id", "unique_external_id", "custom_fields", "facebook_id",
    "csat_rating", "preferred_source", "created_at", "updated_at", "other_companies",
}  # fmt: skip


def _contact(client, name):
    return next(each for each in client.get("/contacts", per_page=100) if each["name"] == name)


def _company(client, name):
    return next(each for each in client.get("/companies", per_page=100) if each["name"] == name)


def test_a_contact_of_two_companies(quick):
    item = _contact(quick, "Dana Okafor")
    assert set(item) == LISTED
    view = quick.get(f"/contacts/{item['id']}")
    assert set(view) == LISTED | {"other_emails", "tags", "avatar"}
    delta = _company(quick, "Delta Hydrology Network")["id"]
    assert view["company_id"] == _company(quick, "Coral Reef Observatory")["id"]
    assert view["other_companies"] == [{"company_id": delta, "view_all_tickets": False}]
    assert item["other_companies"] == [delta]
    assert item["id"] in {each["id"] for each in quick.get("/contacts", company_id=delta)}


def test_contacts_come_by_name_and_are_filtered(quick):
    names = [each["name"] for each in quick.get("/contacts", per_page=100)]
    assert names == sorted(names, key=str.lower)
    assert [each["name"] for each in quick.get("/contacts", email="Ada@Aurora.example.org")] == ["Ada Lindgren"]
    assert [each["name"] for each in quick.get("/contacts", phone="+1 555 0142")] == ["Dorothea Finch"]
    assert "Dorothea Finch" in {each["name"] for each in quick.get("/contacts", state="unverified")}
    assert quick.get("/contacts", updated_since="2026-01-01T00:00:00Z", per_page=100) == quick.get(
        "/contacts", _updated_since="2026-01-01T00:00:00Z", per_page=100
    )
    assert quick.problems("GET", "/contacts", state="sleeping")["state"][0] == "invalid_value"
    assert quick.problems("GET", "/contacts", company_id=1)["company_id"][0] == "invalid_value"


def test_a_new_contact_joins_the_company_of_its_domain(quick):
    made = quick.make("/contacts", {"name": "Ines", "email": "Ines@Delta.example.org", "tags": ["x"]})
    assert (made["email"], made["company_id"]) == (
        "ines@delta.example.org",
        _company(quick, "Delta Hydrology Network")["id"],
    )
    assert made["tags"] == ["x"]


def test_a_contact_needs_a_name_and_a_way_to_reach_it(quick):
    assert quick.problems("POST", "/contacts", {"email": "a@b.org"})["name"][0] == "missing_field"
    assert quick.problems("POST", "/contacts", {"name": "A"})["email"][0] == "missing_field"
    assert quick.problems("POST", "/contacts", {"name": "A", "email": "no mail"})["email"][0] == "invalid_value"
    assert quick.make("/contacts", {"name": "A", "mobile": "1"})["mobile"] == "1"


def test_the_same_mail_twice_is_409(quick):
    answer = quick.api("POST", "/contacts", {"name": "Ada", "email": "ADA@aurora.example.org"})
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "duplicate_value"
    assert quick.api("POST", "/contacts", {"name": "P", "email": "priya.raman@staff.example.org"}).status_code == 409


def test_an_existing_contact_gains_a_company(quick):
    ada, gale = _contact(quick, "Ada Lindgren"), _company(quick, "Gale Observatory")["id"]
    wish = {"other_companies": [{"company_id": gale, "view_all_tickets": True}]}
    assert quick.change(f"/contacts/{ada['id']}", wish)["other_companies"] == wish["other_companies"]
    for wrong in ([{"company_id": 1}], [{"company_id": ada["company_id"]}], [{"company_id": "x"}], [{}]):
        path = f"/contacts/{ada['id']}"
        assert quick.problems("PUT", path, {"other_companies": wrong})["other_companies"][0] == "invalid_value"


def test_several_companies_are_a_feature(quick):
    quick.control("/switches", {"plan": "growth", "limits": False})
    ada, gale = _contact(quick, "Ada Lindgren"), _company(quick, "Gale Observatory")["id"]
    found = quick.problems("PUT", f"/contacts/{ada['id']}", {"other_companies": [{"company_id": gale}]})
    assert found["other_companies"][0] == "inaccessible_field"
    assert quick.problems("PUT", "/tickets/101", {"company_id": gale})["company_id"][0] == "inaccessible_field"


def test_deleting_a_contact_is_soft_until_it_is_hard(quick):
    path = f"/contacts/{_contact(quick, 'Ada Lindgren')['id']}"
    assert quick.api("DELETE", f"{path}/hard_delete").status_code == 400
    assert quick.api("DELETE", path).status_code == 204
    assert quick.get(path)["deleted"] is True
    assert [each["name"] for each in quick.get("/contacts", state="deleted")] == ["Ada Lindgren"]
    assert quick.api("PUT", path, {"name": "A"}).status_code == 405
    assert quick.api("PUT", f"{path}/restore").status_code == 204
    assert "deleted" not in quick.get(path)
    assert quick.api("DELETE", f"{path}/hard_delete", params={"force": "true"}).status_code == 204
    assert quick.api("GET", path).status_code == 404
    assert quick.api("GET", "/tickets/101").status_code == 404


def test_names_are_completed_by_their_words(quick):
    assert [each["name"] for each in quick.get("/contacts/autocomplete", term="lin")] == ["Ada Lindgren"]
    assert quick.get("/contacts/autocomplete", term="%") == []
    assert [each["name"] for each in quick.get("/companies/autocomplete", name="reef")["companies"]] == [
        "Coral Reef Observatory"
    ]


def test_a_contact_becomes_an_agent_and_again_a_contact(quick):
    number = _contact(quick, "Alva Strand")["id"]
    made = quick.change(f"/contacts/{number}/make_agent", {"ticket_scope": 2})
    assert (made["agent"]["id"], made["agent"]["ticket_scope"]) == (number, 2)
    assert quick.get(f"/agents/{number}")["contact"]["email"] == "alva@aurora.example.org"
    assert quick.api("DELETE", f"/agents/{number}").status_code == 204
    assert quick.get(f"/contacts/{number}")["name"] == "Alva Strand"
    nobody = _contact(quick, "Dorothea Finch")["id"]
    assert quick.api("PUT", f"/contacts/{nobody}/make_agent", {}).status_code == 400


def test_a_company_shows_exactly_these_keys(quick):
    aurora = _company(quick, "Aurora Climate Lab")
    assert set(aurora) == {
        "id", "name", "description", "note", "domains", "created_at", "updated_at", "custom_fields", "health_score",
        "account_tier", "renewal_date", "industry", "org_company_id",
    }  # fmt: skip
    assert aurora["custom_fields"] == {
        "community_representatives": "Ada Lindgren\nOskar Nyberg",
        "support_budget_hours": 4.0,
        "dedicated_funding": False,
    }
    assert isinstance(aurora["org_company_id"], str)


def test_a_new_company_takes_in_the_contacts_of_its_domains(quick):
    walt = _contact(quick, "Walt Brenner")["id"]
    made = quick.make(
        "/companies",
        {
            "name": "Postbox",
            "domains": ["PostBox.example.net"],
            "renewal_date": "2030-12-31",
            "custom_fields": {"support_budget_hours": 2, "dedicated_funding": True},
        },
    )
    assert (made["domains"], made["renewal_date"]) == (["postbox.example.net"], "2030-12-31T00:00:00Z")
    assert made["custom_fields"]["community_representatives"] is None
    assert isinstance(made["org_company_id"], int)
    assert quick.get(f"/contacts/{walt}")["company_id"] == made["id"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"name": "aurora climate lab"}, "name", "duplicate_value"),
        ({"name": "X", "domains": ["aurora.example.org"]}, "domains", "duplicate_value"),
        ({}, "name", "missing_field"),
        ({"name": "X", "domains": "x.org"}, "domains", "datatype_mismatch"),
        ({"name": "X", "domains": ["not a domain"]}, "domains", "invalid_value"),
        (
            {"name": "X", "custom_fields": {"support_budget_hours": "2"}},
            "custom_fields.support_budget_hours",
            "datatype_mismatch",
        ),
        ({"name": "X", "custom_fields": {"funding": True}}, "custom_fields.funding", "invalid_field"),
    ],
)
def test_a_wrong_company_is_refused(quick, body, field, code):
    assert quick.problems("POST", "/companies", body)[field][0] == code


def test_an_update_keeps_the_fields_it_does_not_name(quick):
    path = f"/companies/{_company(quick, 'Aurora Climate Lab')['id']}"
    after = quick.change(path, {"custom_fields": {"community_representatives": "Ada Lindgren"}, "domains": []})
    assert after["custom_fields"]["support_budget_hours"] == 4.0
    assert (after["custom_fields"]["community_representatives"], after["domains"]) == ("Ada Lindgren", [])


def test_a_deleted_company_leaves_its_people(quick):
    delta = _company(quick, "Delta Hydrology Network")["id"]
    dana, dev = _contact(quick, "Dana Okafor")["id"], _contact(quick, "Dev Patel")["id"]
    assert quick.api("DELETE", f"/companies/{delta}").status_code == 204
    assert quick.get(f"/contacts/{dev}")["company_id"] is None
    assert quick.get(f"/contacts/{dana}")["other_companies"] == []
    assert quick.get("/tickets/110")["company_id"] is None
    assert quick.api("GET", f"/companies/{delta}").status_code == 404


def test_the_staff(quick):
    agents = quick.get("/agents")
    assert [agent["contact"]["name"] for agent in agents][:2] == ["Priya Raman", "Grace Holloway"]
    assert all(agent["id"] > 10**10 for agent in agents)
    view = quick.get(f"/agents/{agents[0]['id']}")
    assert set(view) - set(agents[0]) == {"group_ids", "role_ids"}
    assert set(view) == {
        "available", "occasional", "signature", "id", "ticket_scope", "type", "available_since", "group_ids", "role_ids",
        "skill_ids", "focus_mode", "created_at", "updated_at", "last_active_at", "deactivated",
        "agent_operational_status", "contact",
    }  # fmt: skip
    assert quick.get("/agents/me") == view
    assert quick.get("/agents", state="occasional") == []
    assert quick.change(f"/agents/{agents[1]['id']}", {"occasional": True})["occasional"] is True
    assert len(quick.get("/agents", state="occasional")) == 1


def test_groups_and_roles(quick):
    support, billing = quick.get("/groups")
    assert (support["name"], billing["name"]) == ("support", "billing")
    assert "agent_ids" not in support
    members = quick.get(f"/groups/{support['id']}")["agent_ids"]
    assert len(members) == 7
    assert quick.get("/agents/me")["group_ids"] == [support["id"]]
    roles = quick.get("/roles")
    assert quick.get(f"/roles/{roles[0]['id']}") == roles[0]
