"""What representatives answer to "how shall we proceed?": only a whole plain sentence lets somebody in."""

from __future__ import annotations

import pytest
from yardstick import ENOUGH, yards

from deskbook.language.consent import read, verdict

YES = (
    "Yes", "yes.", "Yes!", "Yes please", "Yes, please go ahead.", "Yep, go ahead", "Please go ahead.", "please proceed",
    "Go ahead!", "OK, please go ahead", "Ok go ahead", "OK, please do.", "Sure, go ahead!", "Approved.", "I approve.",
    "Agreed.", "Confirmed", "Fine with me", "That's fine by us, thanks!", "That’s fine with me.", "You can go ahead.",
    "No problem, go ahead.", "No objection.", "Yes, no problem.", "Hello Priya, yes, please go ahead.",
    "Hi,<br>yes please.<br>Best wishes<br>Ada", "<p>Dear all,</p><p>Yes, please go ahead.</p>",
    "Thanks for asking. Yes, please do.", "Thank you! Go ahead.", "Yes, thanks for checking.", "\u200bYes\ufeff",
    "Yes<br>Sent from my phone, no guarantee", "Yes<blockquote>no, we settled it</blockquote>", "YES PLEASE GO AHEAD",
    "You have my approval.", "I'm happy for you to proceed.", "Please do what Leo asks for.", "Yes, please set it up.",
    "Yes, go ahead.<br>-Ana", "Yes, go ahead. Thanks for asking!<br>Kind regards, Ana Ruiz",
    "Yes, please go ahead.<br><br>Ana Ruiz<br>Associate Professor<br>Aurora Climate Lab<br>+49 30 1234",
    "Yes, please go ahead.<br>Ana<br>PS: Greetings to Mei!", "Let me know if you need anything. Please go ahead.",
    "Ja", "Ja, gerne.", "Einverstanden, bitte umsetzen.", "Von meiner Seite in Ordnung.", "Das geht in Ordnung, danke.",
    "Oui, allez-y.", "C'est d'accord pour moi, vous pouvez procéder.", "Je donne mon accord.", "Sí, adelante.",
    "Por mi parte está bien, gracias.", "Apruebo esta solicitud.",
)  # fmt: skip
NO = (
    "No", "No.", "No, thanks.", "Nope.", "Please do not proceed.", "Please don't.", "Don't go ahead.", "Not approved.",
    "No, please do not go on with this.", "I cannot approve this.", "We'd rather not.", "Please decline this request.",
    "Rejected.", "No, we handle this ourselves.", "No.<blockquote>Say yes and we take it on.</blockquote>",
    "Nein, bitte nicht.", "Das genehmige ich nicht.", "Non, merci.", "Je n'approuve pas cette demande.",
    "No apruebo esta solicitud.", "Por favor no lo hagan.",
)  # fmt: skip
SETTLED = (
    "We settled it here.", "We have already solved this among ourselves, thank you.", "We've sorted it.", "This is settled.",
    "That has been resolved, thanks!", "Settled, thanks.", "It is no longer needed.", "Thanks for asking, we have fixed that.",
    "Hi Priya,<br>we settled it, please close the ticket.<br>Ada", "Already taken care of, no action needed.",
    "Hat sich erledigt.", "Nous avons réglé cela entre nous.", "Ya está solucionado.",
)  # fmt: skip
AWAY = (
    "I am out of the office until 4 January.", "Automatic reply: Yes, I am away.", "Ich bin nicht im Büro.",
    "I am on leave. For urgent matters please contact Bea.", "Je suis absente jusqu'au 7 décembre.",
)  # fmt: skip
UNCLEAR = (
    "", " ", "Who is Otto?", "Yes?", "Is that a yes?", "Yes, but only the small image.", "Yes, if it is cheap",
    "Yes, unless it costs", "Yes, we settled it here.", "Confirmed, we settled it.", "Yes, I saw it.", "Yes, I know.",
    "Yes, let me check with the group.", "OK, I'll talk to him.", "OK, noted.", "Okay, thanks for letting me know.",
    "Sure, let me ask.", "Sure thing, not", "Yes, please wait.", "Yes, later.", "Yes, he asked me, I told him no.",
    "Yes and no", "Yes, me too, I see the same.", "No idea, let me look.", "No one told me.", "No response from him so far.",
    "No, wait, I mean yes.", "No but yes", "No problem", "No need to ask me, go ahead.", "Please do not hesitate to contact me.",
    "Please don't close the ticket.", "Please don't worry, go ahead.", "We have not settled this.",
    "We settled it, but please go ahead with the other one.", "We fixed this last week, however it came back.",
    "We solved it only partly.", "We settled it. Please install the package.", "Thanks!", "Let me think.", "Otto wrote: yes",
    "Not sure.", "I am not yes-saying", "Eyes on it", "Yesterday we met.", "Nobody uses it.", "Note this.", "Okayama",
    "<script>yes</script>", "<b hidden>no</b> yes no", "{{ 'yes' }}", "yes\nno", "<blockquote>Yes, go ahead</blockquote>",
    "&gt; Yes, go ahead", "On 23 Nov 2026, Ada wrote:<br>Yes, go ahead", "Yes " + "and so on " * 30, "word " * 100_000,
    "No objection to closing it.", "уes", "👍", "Y", "1", "OK", "Okay.", "Ok, thanks", "OK thanks, got it", "Sure.",
    "Approved pending budget", "Approved. Conditionally.", "Yes. Eventually.", "Yes. I am away, so Bea decides",
    "Yes to the package, the rest can wait.", "Yes, he works for us.", "Go ahead and tell him no.", "<s>Yes</s>",
    "Go ahead and remove his account instead.", "Yes, do it on the staging hub.", "Approved for 20 GB.", "Why not?",
    "I would not say no.", "Yes, please go ahead.<br>Ana<br>PS: Hold off until Monday.", "We will try to settle this.",
    "Yes, go ahead.<br>Best,<br>Ana<br>but not the memory", 'Yes <img src="cid:1">', "Hilde said yes.", "We'll take care of it.",
    "Ja, wenn es nichts kostet.", "Oui, mais combien ?", "Sí, siempre que no cueste nada.", "D'accord", "Pourquoi pas.",
    "Yes, Otto is a member of our lab and needs this for his course.",
)  # fmt: skip
TABLE = [
    (said, meaning)
    for meaning, sayings in (("yes", YES), ("no", NO), ("settled", SETTLED), ("out-of-office", AWAY), ("unclear", UNCLEAR))
    for said in sayings
]  # fmt: skip


@pytest.mark.parametrize(("said", "meaning"), TABLE, ids=[f"{meaning}: {said[:50]}" for said, meaning in TABLE])
def test_an_answer_means_what_a_careful_person_takes_from_it(said: str, meaning: str) -> None:
    reading = read(said)
    assert reading.meaning == meaning, reading.because
    assert len(reading.because) < 200


def test_an_organisation_can_add_words_of_its_own() -> None:
    extra = (("yes", ("[sounds] tip top",)), ("polite", ("moin moin",)))
    assert read("Moin moin, tip top!").meaning == "unclear"
    assert read("Moin moin, tip top!", extra).meaning == "yes"
    assert read("Tip top, but later", extra).meaning == "unclear"


A, B = "ada", "ida"
THREADS = (
    ([(A, "Yes"), (A, "No."), (A, "OK, yes, go ahead")], "yes"),
    ([(A, "Yes"), (B, "No."), (B, "OK, yes, go ahead")], "yes"),
    ([(A, "Yes"), (B, "No.")], "person"),
    ([(A, "Yes"), (A, "No.")], "no"),
    ([(A, "Yes"), (A, "Her name is Bea Falk.")], "yes"),
    ([(A, "Yes"), (A, "At most 20 GB.")], "person"),
    ([(A, "Yes"), (A, "Will it cost anything?")], "person"),
    ([(A, "Yes"), (B, "Please wait, I have to ask.")], "person"),
    ([(A, "Yes"), (B, "Got it, thanks.")], "yes"),
    ([(B, "Who is Otto?"), (A, "Yes")], "yes"),
    ([(B, "Please wait with this."), (A, "Yes")], "person"),
    ([(A, "Yes"), ("otto", "No, please don't."), ("otto", "Why?")], "yes"),
    ([("otto", "Yes, please go ahead.")], "person"),
    ([(A, "No."), (A, "Well, perhaps if it is cheap")], "person"),
    ([(A, "We settled it here."), (A, "Otto is back on Monday.")], "settled"),
    ([(A, "I am out of the office until Monday.")], "person"),
    ([], "person"),
)  # fmt: skip


@pytest.mark.parametrize(("answers", "meaning"), THREADS, ids=lambda said: str(said)[:70])
def test_a_thread_of_answers_says_one_thing_or_goes_to_a_person(answers: list[tuple[str, str]], meaning: str) -> None:
    said = verdict(answers, {A, B})
    assert said.meaning == meaning, said.because
    assert (said.decided is None) == (meaning == "person")


def test_the_latest_answer_that_decides_is_named() -> None:
    assert verdict([(A, "Yes"), (B, "Approved."), (A, "Her name is Bea Falk.")], {A, B}).decided == 1


@pytest.mark.parametrize(
    "said", ["yes ", "Yes, ", "go ahead and ", "Ada<br>", "please do not ", "[(", "- ", "we settled it "]
)
def test_a_hostile_megabyte_is_read_in_time(said: str) -> None:
    assert yards(lambda: read(said * (1_000_000 // len(said)))) < ENOUGH
