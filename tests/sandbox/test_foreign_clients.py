"""Clients that others wrote take a tour, unchanged: PyGithub, slack_sdk and pagerduty."""

from __future__ import annotations

import pytest
from conftest import ORGANIZATION, Client
from github import Auth, Github, GithubException, UnknownObjectException
from pagerduty import HttpError, RestApiV2Client
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

REPOSITORY = ORGANIZATION.tracker.repository


class LoopbackPager(RestApiV2Client):
    """The client insists on https, which nothing on this machine speaks; its address is all that differs."""

    url = ""


def github(client: Client, base: str, **options: int) -> Github:
    return Github(
        auth=Auth.Token("sandbox"),
        base_url=client.url + base,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
        **options,
    )


@pytest.mark.parametrize("base", ["/github", "/github/api/v3"])
def test_pygithub_takes_a_tour(quick: Client, base: str) -> None:
    quick.control("/reset", {"seed": None})
    hub = github(quick, base)
    assert hub.get_user().login == "priya-raman"
    assert hub.get_rate_limit().rate.limit == 5000
    repository = hub.get_repo(REPOSITORY)
    issue = repository.create_issue("t", body="b", labels=["support"], assignees=["mei-tanaka"])
    comment = issue.create_comment("one")
    comment.edit("two")
    assert [one.body for one in issue.get_comments()] == ["two"]
    issue.add_to_labels("a/b", "c")
    issue.remove_from_labels("c")
    assert [label.name for label in issue.get_labels()] == ["support", "a/b"]
    issue.set_labels("support")
    issue.edit(state="closed", state_reason="not_planned")
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")
    issue.edit(state="open")
    issue.add_to_assignees("jonas-weber")
    issue.remove_from_assignees("mei-tanaka")
    assert [one.login for one in repository.get_issue(issue.number).assignees] == ["jonas-weber"]
    assert "assigned" in [event.event for event in issue.get_events()]
    assert "commented" in [event.event for event in issue.get_timeline()]
    for number in range(4):
        repository.create_issue(str(number))
    small = github(quick, base, per_page=2).get_repo(REPOSITORY).get_issues(state="all")
    assert small.totalCount == 5
    assert [one.number for one in small] == [5, 4, 3, 2, 1]
    assert [one.number for one in hub.search_issues(f"repo:{REPOSITORY} is:issue label:support")] == [1]
    assert repository.create_label("new", "ff0000").color == "ff0000"
    assert repository.get_contents("config/clusters/aurora-aws/cluster.yaml").decoded_content  # type: ignore[union-attr]
    assert list(repository.get_commits(path="config/clusters/aurora-aws/")) == []
    assert repository.has_in_collaborators("mei-tanaka")
    _, answer = hub.requester.graphql_named_mutation(
        "addProjectV2ItemById", {"projectId": "PVT_NTc", "contentId": issue.raw_data["node_id"]}, "item { id }"
    )
    assert answer["item"]["id"]
    with pytest.raises(UnknownObjectException):
        repository.get_issue(99)
    with pytest.raises(GithubException, match="is:issue"):
        _ = hub.search_issues("support").totalCount


def test_slack_sdk_takes_a_tour(quick: Client) -> None:
    quick.control("/reset", {"seed": None})
    web = WebClient(base_url=f"{quick.url}/slack/api/", token="sandbox")
    assert web.auth_test()["ok"]
    metadata = {"event_type": "deskbook", "event_payload": {"ref": "1"}}
    sent = web.chat_postMessage(channel=ORGANIZATION.chat.support, text="0", metadata=metadata, unfurl_links=False)
    channel = str(sent["channel"])
    for number in range(1, 5):
        web.chat_postMessage(channel=channel, text=str(number))
    pages = web.conversations_history(channel=channel, limit=2, include_all_metadata=True)
    messages = [message for page in pages for message in page["messages"]]
    assert [message["text"] for message in messages] == ["4", "3", "2", "1", "0"]
    assert messages[-1]["metadata"] == metadata
    web.chat_update(channel=channel, ts=str(sent["ts"]), text="changed")
    made = web.conversations_create(name="incident-ember")["channel"]
    user = web.users_lookupByEmail(email=ORGANIZATION.people[0].mail)["user"]
    web.conversations_invite(channel=made["id"], users=[user["id"]])
    web.conversations_setTopic(channel=made["id"], topic="P1")
    assert made["id"] in [one["id"] for page in web.conversations_list(limit=2) for one in page["channels"]]
    assert len(web.users_list()["members"]) > 5
    with pytest.raises(SlackApiError, match="name_taken"):
        web.conversations_create(name="incident-ember")
    hook = WebhookClient(f"{quick.url}/slack/services/T0/B0/sandbox").send(text="hello")
    assert (hook.status_code, hook.body) == (200, "ok")


def test_the_pagerduty_client_takes_a_tour(quick: Client) -> None:
    quick.control("/reset", {"seed": None})
    with LoopbackPager("sandbox", default_from=ORGANIZATION.people[0].mail, base_url=f"{quick.url}/pagerduty") as pager:
        assert pager.api_key_access == "user"
        (service,) = pager.list_all("services")
        priority = pager.dict_all("priorities", by="name")["P1"]
        wish = {
            "type": "incident",
            "title": "Ember is down",
            "service": {"id": service["id"], "type": "service_reference"},
            "priority": {"id": priority["id"], "type": "priority_reference"},
            "incident_key": "hub-ember",
        }
        incident = pager.rpost("incidents", json=wish)
        with pytest.raises(HttpError, match="400"):
            pager.rpost("incidents", json=wish)
        incident = pager.rput(incident, json={"type": "incident", "status": "acknowledged"})
        other = pager.find("users", ORGANIZATION.people[1].mail, attribute="email")
        assert other
        assignee = {"id": other["id"], "type": "user_reference"}
        incident = pager.rput(incident, json={"type": "incident", "assignments": [{"assignee": assignee}]})
        assert pager.rget(other)["email"] == ORGANIZATION.people[1].mail
        pager.rpost(f"incidents/{incident['id']}/notes", json={"content": "note"})
        assert [note["content"] for note in pager.rget(f"incidents/{incident['id']}/notes")] == ["note"]
        assert len(list(pager.iter_all(f"incidents/{incident['id']}/log_entries", page_size=2))) == 5
        assert pager.get_total("incidents") == 1
        done = pager.rput("incidents", json=[{**incident, "type": "incident_reference", "status": "resolved"}])
        assert done[0]["status"] == "resolved"
