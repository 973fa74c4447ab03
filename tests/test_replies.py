"""What people answer after we said it should be done: a confirmation closes a ticket, so nothing doubtful may be one."""

from __future__ import annotations

import time

import pytest

from deskbook.replies import read

OURS = "It should be done now: RStudio was updated. Please reply if it still fails. Thanks, Grace"
GMAIL = f'<br><div class="gmail_quote"><div class="gmail_attr">On Mon, 23 Nov 2026 at 10:00, Support &lt;s@example.org&gt; wrote:<br></div><blockquote>{OURS}</blockquote></div>'
OUTLOOK = f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Support</div><div>{OURS}</div>'
HEADERS = (
    f"<p><b>From:</b> Support<br><b>Sent:</b> Monday<br><b>To:</b> Ada<br><b>Subject:</b> Re: RStudio</p><p>{OURS}</p>"
)

THANKS = (
    "Thanks, works now!",
    "Perfect",
    "Perfect!",
    "confirmed",
    "All good",
    "all good, thanks!",
    "that solved it, thank you",
    "👍",
    "👍🏽",
    "👍 thanks!",
    "Thanks 🙂",
    "Thank you so much! 🎉",
    "Yes it works",
    "Yes, it works now. Thank you!",
    "yes works",
    "Thanks! It is not failing any more",
    "It no longer fails, thank you.",
    "No more errors, thanks",
    "It doesn't crash now",
    "It doesn’t crash anymore. Thanks!",
    "The error is gone.",
    "The problem is solved, thank you very much.",
    "Thank you!",
    "Thanks a lot for your quick help!",
    "Thanks for fixing this so quickly!",
    "Many thanks",
    "thx",
    "Works like a charm",
    "Hi Grace,<br><br>it works now.<br><br>Best regards,<br>Ada Lovelace<br>University of London",
    "<p>Dear Grace Hopper,</p><p>Everything is working again. Thank you very much for your help.</p><p>Kind regards</p><p>Ada</p>",
    "Thanks, Grace!",
    "Thanks Grace, that did the trick.",
    "works now, thanks!<br>Ada",
    "Thank you<br>-- <br>Ada Lovelace<br>Professor of Computing",
    "It works!<br><br>Sent from my iPhone",
    "Great, thanks!<br><br>Get Outlook for iOS",
    "<div dir='ltr'>Works, thanks!</div>" + GMAIL,
    "<div>All good now.</div>" + OUTLOOK,
    "<p>Thank you, fixed.</p>" + HEADERS,
    f"On 2026-11-23 10:00, Support wrote:<br>&gt; {OURS}<br><br>Confirmed, thanks.",
    "RStudio works now, thank you",
    "I can log in again. Thank you!",
    "The new image works great.",
    "Awesome work, thank you!",
    "You can close the ticket. Thanks!",
    "I can confirm that it works.",
    "Just tested it and it works perfectly. Thanks a lot!",
    "Sorry for the late reply. It works now.",
    "Looks good, thanks. Have a nice day!",
    "Hello all, thank you, it is fixed :)",
    "Thanks, it works<br>now for everyone.",
    "Danke, it works now!",
    "Merci beaucoup, everything works",
    "Danke, funktioniert jetzt!",
    "Muchas gracias, ya funciona.",
    "<p>WORKS NOW, THANKS</p>",
    "Issue resolved. Cheers",
    "No problems any more. Thanks",
    "We no longer see any errors, thank you",
)
REFUSALS = (
    "still fails",
    "It still fails.",
    "not working yet",
    "no, same error",
    "No. Same problem as last week.",
    "it is broken again",
    "the problem persists",
    "it did not help",
    "Unfortunately it is the same as before.",
    "Thanks, but it still fails",
    "Thanks for the quick help! Unfortunately I get an error.",
    "Hi Grace,<br>I still get the same error when I log in.<br>Thanks,<br>Ada",
    "Still doesn’t work :(",
    "It doesn't work.",
    "nope, still broken",
    "Not fixed.",
    "I still cannot log in.",
    "My students still can't open their notebooks.",
    "Why does it still fail?",
    "No change here.",
    "No luck.",
    "Nothing has changed.",
    "Now I get another error: ImportError",
    "The server crashed again this morning",
    "The kernel keeps dying",
    "it stopped working again",
    "RStudio no longer starts",
    "It's even worse now",
    "Could you reopen this? The issue is back.",
    "Great, now nothing works.",
    "I am unable to log in",
    "Tried again, couldn't log in.",
    "It still fails, could you have another look?",
    "<p>Thanks!</p><p>But the package is still missing.</p>" + GMAIL,
    "<div>same error</div>" + OUTLOOK,
    "It isn't.",
    "I checked again and the error is still there.",
    "Please have a look again, it does not start.",
    "Leider funktioniert es immer noch nicht",
    "Bonjour, ça ne marche toujours pas. Merci",
    "Sigue sin funcionar, gracias",
    "The fix doesn't seem to work",
    "Perfect, it still fails.",
    "One more thing: it still fails",
    "We are still getting 404 errors<br>Sent from my iPad",
    "It does not load for my students, thanks",
    "My colleague asked why it still fails: it does not work.",
    "Thanks Grace, Ada cannot log in",
    "Ya no funciona",
    "Hi, Not Working, Thanks",
)
AWAY = (
    "I am out of the office until Monday. Thank you for your message.",
    "Automatic reply: I am away. It works best to call me.",
    "Thank you for your email. I am currently out of office with limited access to email.",
    "Abwesenheitsnotiz: Ich bin bis 30.11. nicht im Büro.",
    "Ich bin derzeit nicht im Büro. Vielen Dank für Ihre Nachricht.",
    "Absence du bureau : je serai de retour lundi. Merci.",
    "Je suis actuellement absente et répondrai à mon retour.",
    "Réponse automatique. Merci pour votre message.",
    "Estoy fuera de la oficina hasta el lunes. Gracias.",
    "Estarei fora do escritório até segunda-feira. Obrigado.",
    "Sono fuori ufficio fino al 30 novembre. Grazie.",
    "Risposta automatica: sono assente",
    "不在にしております。ありがとうございます。",
    "自動返信",
    "I'm on annual leave and will respond upon my return.",
    "I am on vacation until 3 December. For urgent matters please contact Grace.",
    "<p>I am travelling with limited access to email.</p>" + GMAIL,
)
NEW_MATTERS = (
    "works, thanks. Could you also install R?",
    "One more thing: we need a bigger machine for the course.",
    "Thanks! Another question: how long is data kept?",
    "It works now. How do I invite my students?",
    "Thanks, that solved it. By the way, the logo is wrong.",
    "Perfect! We also need xarray.",
    "Works, thanks, could you also add a GPU image?",
    "All good. Can you please add my colleague as admin?",
    "Thank you! On another note, when is the next upgrade?",
    "Thanks. I'd also like to have more memory.",
)
QUESTIONS = (
    "How do I start it?",
    "When will it be deployed?",
    "Thanks! When will it be deployed?",
    "Is it fixed?",
    "Fixed?",
    "It works, right?",
    "Does it work for you?",
    "Thank you. Where can I find the new image?",
    "Do I need to restart my server?",
    "Is it still failing on your side?",
    "how can i see the new version",
    "Hi Grace, which image should I choose? Thanks, Ada",
    "??",
    "Can you confirm that it works?",
    "Thanks! Will it happen again?",
    "Yes it works, no?",
    "Do you still see the same error?",
)
UNCLEAR = (
    "",
    "   <br>&nbsp;",
    '<img src="cid:1">',
    GMAIL,
    OUTLOOK,
    "Sent from my iPhone",
    "Yes",
    "No",
    "ok",
    "Thanks in advance for looking",
    "Thanks in advance",
    "Thank you for the update, we will test it",
    "Thanks for the update.",
    "Thanks for letting me know, will try tomorrow.",
    "It works for me but not for my students",
    "I'll be out of office tomorrow, but it works, thanks",
    "I am out of the office until Monday and will test it then.",
    "ありがとうございます",
    "Дякую, працює",
    "Seems to work, not sure yet",
    "I think it works",
    "It should work now",
    "It works sometimes",
    "It only works in Chrome",
    "Works on staging",
    "The workaround works",
    "Nobody complained so far",
    "If it still fails, I will let you know.",
    "I have not tested it yet, thanks",
    "Thanks for nothing",
    'Thanks for "fixing" it',
    "Works great. Not.",
    "Works great... until I log out",
    "Thanks, I guess",
    "Yeah right, works",
    "It worked until yesterday",
    "It works, except for R",
    "It works now. But slowly.",
    "Please do not close the ticket yet, thanks",
    "Thanks!<br>Best,<br>Ada<br>PS: the kernel dies",
    "Works<br>Sometimes",
    "<s>It works</s>",
    "Thanks. See the screenshot.",
    "Unfortunately I have not had time to test it.",
    "I do not work on Fridays, thanks",
    "Login works now, the notebook still crashes",
    "It was not working before, now it is fine",
    "It works, but I can't open my files",
    "Half of it works now",
    "Solved it ourselves with a new account",
    "👎",
    "🙃 thanks",
    "🙏",
    "Thanks for looking into it!",
    "Asante sana",
    "Great job, now everything is gone",
    "It's not that it fails",
    "Let me know when it works",
    "Hi Grace,",
    "Thanks. Works as badly as before.",
    "Everything is fine. Everything. My server is on fire.",
    "Perfect timing, it died in class",
    "Thanks for your help. I'll wait.",
    "Thanks, but no thanks",
    "Confirmed: broken",
    "I can confirm the bug",
    "Works now.<br>Actually Not",
    "Thank you<br>Best<br>Ada<br>It crashed while I typed this",
    "It is working for now",
    "It works now and then",
    "It works again and again fails",
    "No errors and no output",
    "It doesn't fail because it doesn't start",
    "The error is gone, so is my home directory",
    "They said it still fails, but it works for me, thanks",
    "I can't find anything wrong",
    "I will check whether the error is still there",
    "Still nothing wrong here, thanks!",
    "it has not failed again",
    "It hasn't crashed again since. Thanks",
    "same problem solved",
    "Works (not)",
    "Thank you :(",
    "it works\u200b n\u200bot",
    "Well done, Sherlock",
    "Works 👎",
    "Ça marche",
    "Geht jetzt nicht mehr",
    "Danke für nichts",
    "you can close it if it works",
    "That did it no good",
    "it's fine, whatever",
    "Thanks, it works!! (for a minute)",
    "Thank you for fixing it for Grace. Please fix it for me.",
    "Thanks " * 900 + "but no",
)
TABLE = [
    (said, meaning)
    for meaning, sayings in (
        ("thanks", THANKS),
        ("refusal", REFUSALS),
        ("out-of-office", AWAY),
        ("new-matter", NEW_MATTERS),
        ("question", QUESTIONS),
        ("unclear", UNCLEAR),
    )
    for said in sayings
]


@pytest.mark.parametrize(("said", "meaning"), TABLE, ids=[f"{meaning}: {said[:60]}" for said, meaning in TABLE])
def test_a_reply_means_what_a_person_would_say_it_means(said: str, meaning: str) -> None:
    reading = read(said)
    assert reading.meaning == meaning, reading.because


def test_the_table_is_large_and_says_nothing_twice() -> None:
    assert len({said for said, _ in TABLE}) == len(TABLE) >= 160


@pytest.mark.parametrize("quotation", [GMAIL, OUTLOOK, HEADERS], ids=["Gmail", "Outlook", "headers"])
@pytest.mark.parametrize("said", ["Thanks, works now!", "It still fails.", "When will it be deployed?", "Asante"])
def test_our_own_quoted_words_change_nothing(said: str, quotation: str) -> None:
    assert read(f"<p>{said}</p>{quotation}") == read(said)


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("Thanks, works now!", "'works now'"),
        ("Hi, I checked and the problem persists.", "'problem persists'"),
        ("I am out of the office until Monday.", "'out of the office'"),
        ("Works. Could you also install R?", "'Could you also install R'"),
        ("When will it be deployed?", "'When will it be deployed'"),
        ("Asante sana", "'Asante sana'"),
    ],
)
def test_the_deciding_words_are_quoted(said: str, quoted: str) -> None:
    assert quoted in read(said).because


@pytest.mark.parametrize("said", [said for said, _ in TABLE if len(said) > 80])
def test_a_reason_stays_one_short_line(said: str) -> None:
    because = read(said).because
    assert len(because) < 200
    assert "\n" not in because


def test_what_is_not_read_to_its_end_confirms_nothing() -> None:
    assert read("Thanks!" + "<br>" * 100_000 + "It fails").meaning != "thanks"
    assert read("Thanks! " * 1_000).meaning == "unclear"


LONG = 1_000_000
HOSTILE = {
    "one letter": "a" * LONG,
    "a capital each": "Aa " * (LONG // 3),
    "spaces": "thanks" + " " * LONG + "x",
    "thanks": "thanks " * (LONG // 7),
    "thanks to names": "Thanks " + "Ada " * (LONG // 4),
    "still": "still " * (LONG // 6),
    "still a": "still a " * (LONG // 8),
    "not": "not yet " * (LONG // 8),
    "does not": "does not really " * (LONG // 16),
    "refused and supposed": "if it still fails " * (LONG // 18),
    "refused on one line": "it still fails, " * (LONG // 16),
    "questions": "how? " * (LONG // 5),
    "question marks": "?" * LONG,
    "stops": "." * LONG,
    "commas": "," * LONG,
    "dashes": "- " * (LONG // 2),
    "brackets": "(" * LONG,
    "tags": "<p" * (LONG // 2),
    "lines": "a<br>" * (LONG // 5),
    "names as lines": "Ada<br>" * (LONG // 7),
    "closings": "Best<br>" * (LONG // 8),
    "no longer": "no longer " * (LONG // 10),
    "said": "he said " * (LONG // 8),
    "thumbs": "👍" * LONG,
    "absent": "bin derzeit " * (LONG // 12),
    "an ordinary text": "The notebook opens the file and reads one line of it. " * (LONG // 54),
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_megabyte_is_read_in_time(html: str) -> None:
    begin = time.perf_counter()
    assert read(html).meaning != "thanks"
    assert time.perf_counter() - begin < 1.0
