"""What an administrator sets."""

from __future__ import annotations


def test_the_choices_of_each_field_have_a_shape_of_their_own(quick):
    fields = {field["name"]: field for field in quick.get("/ticket_fields")}
    assert fields["status"]["choices"]["2"] == ["Open", "Being Processed"]
    assert fields["priority"]["choices"] == {"Low": 1, "Medium": 2, "High": 3, "Urgent": 4}
    assert fields["ticket_type"]["choices"][0] == "Incident"
    assert fields["agent"]["choices"]["Priya Raman"] == quick.get("/agents/me")["id"]
    assert set(fields["group"]["choices"]) == {"support", "billing"}
    assert fields["cf_hub_url"]["type"] == "custom_text"
    assert "choices" not in fields["cf_hub_url"]
    assert set(fields["subject"]) == {
        "id", "name", "label", "description", "position", "required_for_closure", "required_for_agents",
        "required_for_customers", "customers_can_edit", "label_for_customers", "displayed_to_customers", "type",
        "default", "created_at", "updated_at",
    }  # fmt: skip
    assert [field["name"] for field in quick.get("/ticket_fields", type="default_status")] == ["status"]


def test_canned_responses_live_in_folders(quick):
    folder = quick.make("/canned_response_folders", {"name": "Mine"})["id"]
    wish = {"title": "Hi", "content_html": "<p>Hi</p><script>x</script>", "folder_id": folder, "visibility": 0}
    made = quick.make("/canned_responses", wish)
    assert (made["content_html"], made["content"]) == ("<p>Hi</p>", "Hi")
    assert quick.get(f"/canned_response_folders/{folder}") == {
        "id": folder,
        "name": "Mine",
        "canned_responses": [{"id": made["id"], "title": "Hi"}],
    }
    assert quick.get(f"/canned_response_folders/{folder}/responses") == [made]
    assert quick.change(f"/canned_responses/{made['id']}", {"title": "Ho"})["title"] == "Ho"
    assert quick.change(f"/canned_response_folders/{folder}", {"name": "Ours"})["name"] == "Ours"
    assert quick.problems("POST", "/canned_responses", {**wish, "folder_id": 1})["folder_id"][0] == "invalid_value"
    for path in (f"/canned_responses/{made['id']}", f"/canned_response_folders/{folder}"):
        assert quick.api("DELETE", path).status_code == 405
    assert quick.api("POST", "/canned_response_folder", {"name": "x"}).status_code == 404


def test_hours_service_levels_mailboxes_and_languages(quick):
    hours = quick.get("/business_hours")[0]
    assert hours["business_hours"]["monday"] == {"start_time": "8:00 am", "end_time": "5:00 pm"}
    assert quick.get(f"/business_hours/{hours['id']}") == hours
    target = quick.get("/sla_policies")[0]["sla_target"]["priority_4"]
    assert (target["respond_within"], target["resolve_within"]) == (3600, 14400)
    assert quick.get("/email_configs")[0]["reply_email"] == "support@2i2c.org"
    assert quick.get("/products") == []
    assert quick.get("/settings/helpdesk")["primary_language"] == "en"
