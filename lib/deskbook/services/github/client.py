"""Adapter of the tracker: issues, board and commits on GitHub, by PyGithub.

PyGithub's objects write. What is read, is read as plain records: asked whether it is a pull request, an object calls
GitHub again for every issue, since that key is left out where it is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

import github
import requests
import urllib3
from github import Auth, BadAttributeException, GithubException, GithubRetry
from github.GithubObject import NotSet, Opt
from github.Repository import Repository
from requests.utils import parse_header_links

from deskbook.config.organization import Organization
from deskbook.errors import AnswerLost, NotFound, Refused, ServiceError, Unavailable
from deskbook.language.text import printable, shorten
from deskbook.model.records import HubChange, Issue
from deskbook.services import reply
from deskbook.services.checks import Check
from deskbook.services.github import checks as rights
from deskbook.services.github import parse
from deskbook.services.github.board import BENT, ProjectBoard, assigned_since, login_in, login_of
from deskbook.services.github.comments import comments_of
from deskbook.services.github.texts import issues_in, references_in
from deskbook.services.github.transport import Elsewhere, never_left, pinned
from deskbook.services.http import LONGEST_WAIT, MOST_PAGES, Lost, checked_address, checked_key, is_loopback

KEY = "GITHUB_TOKEN"
NEWEST = 10  # the newest commits say who knows a hub; older ones do not
PAGE = 100
CONTENTS, ISSUES, PROJECTS = "read the contents", "read and write the issues", "read and write the projects"

Linked = tuple[tuple[int, ...], tuple[int, ...]]  # tickets and contacts


class GitHub:
    """A Tracker. With `patient`, PyGithub keeps GitHub's pace and tries readings again; the sandbox needs neither.

    `linked` is asked which tickets and contacts of the helpdesk an issue's body links to.
    """

    def __init__(
        self,
        url: str,
        token: str,
        organization: Organization,
        *,
        patient: bool,
        linked: Callable[[str], Linked] = lambda body: ((), ()),
    ) -> None:
        url = checked_address("GITHUB_API_URL", url)
        self._token = checked_key(KEY, token)
        self._address = "DESKBOOK_SANDBOX_URL" if is_loopback(url) else "GITHUB_API_URL"
        self._tracker = organization.tracker
        self._linked = linked
        logins = (*(person.login for person in organization.people), *organization.tracker.accounts)
        self._people = {login.lower() for login in logins if login}
        self._own_login: str | None = None
        # A repeated POST would open a second issue, so only readings are tried again.
        retry = GithubRetry(
            total=3,
            allowed_methods={"GET", "HEAD"},
            backoff_factor=0.2,
            max_rate_limit_wait=LONGEST_WAIT,
            retry_after_max=int(LONGEST_WAIT),
        )
        client = github.Github(
            auth=Auth.Token(self._token),
            base_url=url,
            timeout=15 if patient else 5,
            user_agent="deskbook",
            retry=retry if patient else None,
            seconds_between_requests=0.25 if patient else None,
            seconds_between_writes=1.0 if patient else None,
            lazy=True,  # objects are asked for what they lack alone; a lazy one is made without a call
        )
        self._requester = pinned(client.requester, url)
        self._repository = Repository(self._requester, url=f"/repos/{self._tracker.repository}")
        self._board = ProjectBoard(self._graphql, self._tracker) if self._tracker.board else None

    def account(self) -> str:
        return self._me() or "an account that the token may not name"

    def checks(self) -> tuple[Check, ...]:
        board = self._may_change if self._board else None
        return rights.checks(self._get, self._bent, self.account, board, self._tracker)

    def clock(self) -> datetime:
        """GitHub's own time, asked now."""
        with self._translated("its clock"):
            return parse.moment_in(self._get(self._repository.url)[0])

    def board_options(self) -> Mapping[str, tuple[str, ...]]:
        """What each field of the board may be set to, by its name; nothing where the organisation has no board."""
        with self._translated("the board", right=PROJECTS):
            return self._board.options() if self._board else {}

    def hub_changes(self, cluster: str) -> tuple[HubChange, ...]:
        """The latest commits on the cluster's configuration, newest first, ten at most."""
        path = self._tracker.hub_path.replace("{cluster}", cluster).strip("/")
        with self._translated(f"the commits on {path}", right=CONTENTS):
            commits = self._list("/commits", {"path": path, "per_page": str(NEWEST)})
            return tuple(parse.hub_change(commit) for commit in islice(commits, NEWEST))

    def issues(self, since: datetime) -> tuple[Issue, ...]:
        """Issues opened or changed since then, oldest first; others are not read at all."""
        found: dict[int, Issue] = {}
        filters = {"state": "all", "sort": "created", "direction": "desc", "since": parse.spelled(since)}
        with self._translated("the list of issues"):
            for record in self._list("/issues", filters):
                if not record.get("pull_request"):
                    found.setdefault(reply.number(BENT, record, "number"), self._issue(record))
        return parse.oldest_first(found.values())

    def issue(self, number: int) -> Issue:
        """One issue with its comments, history and board; NotFound where it never was, was moved, or is a pull request."""
        what = f"issue {number}"
        try:
            with self._translated(what):
                record = self._requester.requestJsonAndCheck("GET", f"{self._repository.url}/issues/{number}")[1]
                if record.get("pull_request"):
                    raise self._said(NotFound, f"{what} is a pull request. Give the number of an issue")
                found = self._issue(record)
                refs = (*found.refs, *self._refs(self._said_on(number)))
                assigned = None if self._board else self._assigned(found)  # where there is a board, its query tells
        except Elsewhere:
            raise self._said(NotFound, f"{what} is not there: it was moved to another repository") from None
        found = replace(found, refs=tuple(dict.fromkeys(refs)), assigned=assigned)
        try:
            return self._with_board([found])[0]
        except (
            Refused,
            NotFound,
        ):  # the key may not see the board: what sets a field there says so, and the ticket goes on
            return replace(found, assigned=self._assigned(found))

    def assigned(self, login: str) -> tuple[Issue, ...]:
        """Open issues of that person, with what the board says and since when they are assigned.

        An organisation without a board has no query for many issues: there, `assigned` is None in lists.
        """
        found = self._open_ones(assignee=login)
        try:
            return self._with_board(found)
        except (Refused, NotFound):
            return found

    def tracked(self) -> tuple[Issue, ...]:
        """Open issues with the support or the event label, as `assigned` tells them."""
        labels = dict.fromkeys((self._tracker.support_label, self._tracker.event_label))
        return self._with_board([issue for label in labels for issue in self._open_ones(labels=label)])

    def marked(self, numbers: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """The references of ours in the comments of many issues, by number; about one call for fifty issues."""
        with self._translated("the comments"):
            said = comments_of(self._graphql, self._tracker.repository, sorted(set(numbers)))
            return {number: self._refs(comments) for number, comments in said.items()}

    def linked(self, text: str) -> tuple[int, ...]:
        """The issues whose address stands in a text, each once, in its order. No call."""
        return issues_in(self._tracker.repository, text)

    def open(self, title: str, body: str, labels: Sequence[str]) -> int:
        """Open an issue; its number."""
        with self._translated("opening an issue", write=True):
            return reply.whole_number(
                BENT, self._repository.create_issue(title, body, labels=list(labels)).number, "number"
            )

    def comment(self, number: int, body: str) -> str:
        """Say something on an issue; the comment's id."""
        with self._translated(f"a comment on issue {number}", write=True):
            return str(reply.whole_number(BENT, self._repository.get_issue(number).create_comment(body).id, "id"))

    def comment_once(self, number: int, body: str, ref: str) -> None:
        """Say something that carries this reference. Of two runs at once, the one whose comment came second takes it back."""
        own = int(self.comment(number, body))
        with self._translated(f"the comments on issue {number}", write=True):
            said = [
                (reply.number(BENT, each, "id"), login_in(each, "user"), reply.text(BENT, each, "body"))
                for each in self._list(f"/issues/{number}/comments")
            ]
            told = [id for id, author, text in said if ref in references_in(text) and self._is_us(author)]
            if told and min(told) < own:
                self._requester.requestJsonAndCheck("DELETE", f"{self._repository.url}/issues/comments/{own}")

    def reopen(self, number: int) -> None:
        self._turn(number, "open")

    def retitle(self, number: int, title: str, was: str = "") -> None:
        """Give an issue another title; Refused where its title is not `was` any more, if that is given."""
        with self._translated(f"the title of issue {number}", write=True):
            issue = self._repository.get_issue(number)
            now = issue.title
            if now == was or not was:
                issue.edit(title=title)
                if issue.title != title:
                    raise BENT("'title' is not what was set")
        if was and now not in (was, title):
            raise self._said(Refused, parse.meanwhile(f"issue {number} has the title '{shorten(now, 80)}'"))

    def close_as_duplicate(self, number: int, of: int) -> None:
        """Say so once, and close it."""
        words = f"Duplicate of #{of}"
        with self._translated(f"the comments on issue {number}"):
            said = any(body.strip() == words and self._is_us(author) for author, body in self._said_on(number))
        if not said:
            self.comment(number, words)
        self._turn(number, "closed", "not_planned")

    def assign(self, number: int, login: str, was: Sequence[str] | None = None) -> None:
        """Refused where that person cannot be assigned; GitHub itself passes over them in silence.

        Refused, too, where somebody has it now who is not among `was`, as far as that is given.
        """
        with self._translated(f"assigning issue {number}", write=True):
            issue = self._repository.get_issue(number)
            assigned = {person.login.lower() for person in issue.assignees}
            new = sorted(assigned - {each.lower() for each in (*(was or assigned), login)})
            if not new:
                url = f"{self._repository.url}/issues/{number}/assignees"
                told = self._requester.requestJsonAndCheck("POST", url, input={"assignees": [login]})[1]
                assigned = {login_of(each).lower() for each in reply.listed(BENT, told, "assignees")}
        if new:
            raise self._said(Refused, parse.meanwhile(f"issue {number} is assigned to {', '.join(new)}"))
        if login.lower() not in assigned:
            text = f"issue {number} cannot be assigned to {login}. Check the login, that they may see "
            raise self._said(Refused, f"{text}{self._tracker.repository}, and that fewer than ten are assigned")

    def set_board(self, number: int, values: Mapping[str, str], was: Mapping[str, str] | None = None) -> None:
        """Put it on the board and set these fields; nothing where the organisation has no board.

        Refused where one of them does not read as in `was` any more, as far as that is given.
        """
        if self._board:
            with self._translated(f"the board's fields of issue {number}", write=True):
                self._board.set(number, values, was)

    # From here on: what the methods above share.

    def _turn(self, number: int, state: str, reason: Opt[str] = NotSet) -> None:
        with self._translated(f"issue {number}", write=True):
            issue = self._repository.get_issue(number)
            issue.edit(state=state, state_reason=reason)
            told = issue.state.lower()  # None, and so an error, where the answer does not tell it
        if told != state:
            raise self._said(Refused, f"issue {number} stays {told}. Look at it there")

    def _open_ones(self, **filters: str) -> tuple[Issue, ...]:
        with self._translated("the list of open issues"):
            records = self._list("/issues", {"state": "open", **filters})
            return tuple(self._issue(record) for record in records if not record.get("pull_request"))

    def _with_board(self, issues: Sequence[Issue]) -> tuple[Issue, ...]:
        once = {issue.number: issue for issue in issues}
        with self._translated("the board"):
            places = self._board.read(sorted(once)) if self._board and once else {}
        return parse.oldest_first(parse.placed(issue, places.get(number)) for number, issue in once.items())

    def _assigned(self, issue: Issue) -> datetime | None:
        events = self._list(f"/issues/{issue.number}/events") if issue.assignees else ()
        return assigned_since(parse.history(events))

    def _said_on(self, number: int) -> Iterator[tuple[str, str]]:
        """Author and text of an issue's comments."""
        for each in self._list(f"/issues/{number}/comments"):
            yield login_in(each, "user"), reply.text(BENT, each, "body")

    def _issue(self, record: parse.Record) -> Issue:
        return parse.issue_in(record, self._opened, self._linked)

    def _opened(self, author: str, refs: Sequence[str]) -> bool:
        """Whether one of us opened it; who the token's account is, is asked only where there is something to believe."""
        return author.lower() in self._people or (bool(refs) and self._is_us(author))

    def _refs(self, comments: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """The references in comments, told by author and text, that one of us wrote."""
        found = ((author, references_in(body)) for author, body in comments)
        return tuple(dict.fromkeys(ref for author, refs in found if refs and self._is_us(author) for ref in refs))

    def _is_us(self, author: str) -> bool:
        """Whether it is one of the staff, or the account that we write with; an account that is gone is nobody."""
        return author != "" and (author.lower() in self._people or author.lower() == self._me())

    def _me(self) -> str:
        """The login of the token's account, as authors are told: an app's ends with [bot]. Empty where nobody may know it."""
        if self._own_login is None:
            try:
                with self._translated("the token's owner"):
                    told = self._graphql("query { viewer { login } }", {}, "the token's owner")
                    self._own_login = login_of(reply.must(BENT, told, "viewer", dict))
            except (Refused, NotFound):
                self._own_login = ""
        return self._own_login.lower()

    def _may_change(self) -> bool:
        with self._translated("the board", right=PROJECTS):
            return self._board is not None and self._board.may_change()

    def _get(self, path: str) -> tuple[Mapping[str, str], Any]:
        with self._translated(path.partition("?")[0], right=CONTENTS if path.count("/commits") else ISSUES):
            return self._requester.requestJsonAndCheck("GET", path)

    def _list(self, path: str, filters: Mapping[str, str] | None = None) -> Iterator[parse.Record]:
        """A list's records, page after page, as `Link` leads on."""
        url, wish = f"{self._repository.url}{path}", {"per_page": PAGE, **(filters or {})}
        for _ in range(MOST_PAGES):
            headers, page = self._requester.requestJsonAndCheck("GET", url, parameters=wish)
            if not isinstance(page, list):
                raise BENT(f"{path} is no list")
            yield from reply.objects(BENT, {path: page}, path)
            links = parse_header_links(headers.get("link", ""))
            following = next((str(link["url"]) for link in links if link.get("rel") == "next"), None)
            if following is None:
                return
            url, wish = following, {}
        raise self._said(ServiceError, f"the pages of {path} have no end. Report it to GitHub")

    def _graphql(self, query: str, variables: parse.Record, what: str, write: bool = False) -> Any:
        """The data of a GraphQL answer. What is not there comes as None, unless it is what the whole query is about."""
        with self._translated(what, write=write, right=PROJECTS):
            wish = {"query": query, "variables": variables}
            answer = self._requester.requestJsonAndCheck("POST", self._requester.graphql_url, input=wish)[1]
            for problem in reply.objects(BENT, answer, "errors"):
                if problem.get("type") != "NOT_FOUND" or len(problem.get("path") or ()) < 2 or write:
                    raise self._problem(problem, what, write)
            return reply.must(BENT, answer, "data", dict)

    def _problem(self, problem: parse.Record, what: str, write: bool) -> ServiceError:
        """GraphQL answers 200 and tells in `errors` what went wrong."""
        kind, words = str(problem.get("type") or ""), shorten(str(problem.get("message")), 200)
        if kind == "NOT_FOUND":
            return self._said(NotFound, f"{what}: {words} Check tracker/board, and that {KEY} may see it")
        if kind == "RATE_LIMITED":
            return self._said(Unavailable, f"{what}: no more calls are allowed for now. Try again in an hour")
        if words.startswith("Something went wrong"):
            return self._uncertain(what, words, write)
        if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
            return self._lacking(what, words, PROJECTS)
        return self._said(Refused, f"{what}: refused ({words}). Check tracker/board")

    @contextmanager
    def _translated(self, what: str, *, write: bool = False, right: str = ISSUES) -> Iterator[None]:
        """PyGithub's errors as ours, with no key in their text. A write without a usable answer may have landed.

        `right` is what the token needs for it.
        """
        try:
            yield
        except ServiceError:
            raise
        except GithubException as error:
            raise self._error(error, what, write, right) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, Lost) as error:
            why = f"no usable answer ({type(error).__name__})"
            raise self._uncertain(what, why, write and not never_left(error)) from None
        except (
            ArithmeticError, AssertionError, AttributeError, BadAttributeException, LookupError, RuntimeError, TypeError,
            ValueError,
        ) as error:  # fmt: skip
            # PyGithub asserts where an address is not GitHub's, and trips over what is not GitHub's JSON.
            raise self._bent(what, write)(shorten(str(error))) from None

    def _bent(self, what: str, write: bool = False) -> reply.Complain:
        """Makes the error of an answer that is not GitHub's."""

        def complain(text: str) -> ServiceError:
            why = f"not what GitHub answers ({text})"
            if write:
                return self._uncertain(what, why, write)
            return self._said(ServiceError, f"{what}: {why}. Check {self._address}")

        return complain

    def _uncertain(self, what: str, why: str, write: bool) -> ServiceError:
        if write:
            return self._said(
                AnswerLost, f"{what}: {why}. It may have landed. Run again: it will look before repeating it"
            )
        return self._said(Unavailable, f"{what}: {why}. Try in a few minutes, or check {self._address}")

    def _error(self, error: GithubException, what: str, write: bool, right: str) -> ServiceError:
        status, repository = error.status, self._tracker.repository
        data = error.data if isinstance(error.data, dict) else {}
        words = shorten(f"{error.message or data.get('message') or 'no reason given'}{parse.fields_in(data)}", 200)
        if isinstance(error, github.RateLimitExceededException) or status == 429:
            return self._said(Unavailable, f"{what}: no more calls are allowed for now ({words}). Try again in an hour")
        if status >= 500:
            return self._uncertain(what, f"GitHub answers {status}", write)
        if status == 401:
            return self._said(Refused, f"{what}: the token is not accepted (401: {words}). Check {KEY}")
        if status == 403:
            return self._lacking(what, f"403: {words}", right)
        if status in (404, 410):
            text = f"{what}: it or {repository} is not there, or {KEY} may not see it ({status})"
            return self._said(NotFound, f"{text}. Check its number, and tracker/repository")
        return self._said(Refused, f"{what}: refused ({status}: {words}). Check tracker/repository and {KEY}")

    def _lacking(self, what: str, words: str, right: str) -> ServiceError:
        owner = self._tracker.board.owner if right == PROJECTS and self._tracker.board else self._tracker.repository
        return self._said(Refused, f"{what}: not allowed ({words}). Give {KEY} the right to {right} of {owner}")

    def _said(self, kind: type[ServiceError], text: str) -> ServiceError:
        return kind(printable(f"GitHub: {text.replace(self._token, '***')}."))
