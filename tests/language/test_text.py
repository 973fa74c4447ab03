"""Foreign text: read as lines, freed of quotations, understood where it is plain, and harmless where it is shown."""

from __future__ import annotations

import time

import pytest

from deskbook.language.text import lines, plain_markdown, same_name, shorten, to_html, verdict, words_of

OURS = "How shall we proceed? Say yes and we take it on."

# How mail programs repeat the message that is answered; each follows an answer of one word.
QUOTATIONS = {
    "Gmail": f'<div dir="ltr">Hello</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, 23 Nov 2026 at 10:00, Support &lt;s@example.org&gt; wrote:<br></div><blockquote>{OURS}</blockquote></div>',
    "Thunderbird": f'<p>Hello</p><div class="moz-cite-prefix">On 23.11.26 10:00, Support wrote:<br></div><blockquote type="cite"><p>{OURS}</p></blockquote>',
    "Apple Mail": f'Hello<br><blockquote type="cite"><div>On 23 Nov 2026, at 10:00, Support wrote:</div><div>{OURS}</div></blockquote>',
    "Outlook": f'<div>Hello</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Support</div><div>{OURS}</div>',
    "Outlook in a browser that prefixes ids": f'<div>Hello</div><hr><div id="x_divRplyFwdMsg">From: Support</div><p>{OURS}</p>',
    "Outlook without ids": f"<p>Hello</p><p><b>From:</b> Support &lt;s@example.org&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Ada<br><b>Subject:</b> Re: RStudio</p><p>{OURS}</p>",
    "Outlook in German": f"<p>Hello</p><p>Von: Support<br>Gesendet: Montag, 23. November 2026 10:00<br>An: Ada<br>Betreff: RStudio</p><p>{OURS}</p>",
    "Outlook with its own line": f"<p>Hello</p><p>-----Original Message-----</p><p>{OURS}</p>",
    "Yahoo": f'<div>Hello</div><div class="yahoo_quoted">On Monday, Support wrote: {OURS}</div>',
    "Proton": f'<div>Hello</div><div class="protonmail_quote">{OURS}</div>',
    "Zoho": f"<div>Hello</div><div>---- On Mon, 23 Nov 2026 10:00:00 +0100 Support wrote ----</div><div>{OURS}</div>",
    "the helpdesk": f'<div>Hello</div><div class="freshdesk_quote"><blockquote>{OURS}</blockquote></div>',
    "a terminal": f"Hello<br>On 2026-11-23 10:00, Support wrote:<br>&gt; {OURS}<br>&gt; Thanks",
    "a terminal that wraps": f"Hello<br>On Mon, 23 Nov 2026 at 10:00, A Very Long Name<br>&lt;s@example.org&gt; wrote:<br>&gt; {OURS}",
    "a program in German": f"Hello<br>Am 23.11.2026 um 10:00 schrieb Support:<br>{OURS}",
    "a program in French": f"Hello<br>Le lun. 23 nov. 2026 à 10:00, Support a écrit :<br>{OURS}",
    "a program in Spanish": f"Hello<br>El lun, 23 nov 2026 a las 10:00, Support escribió:<br>{OURS}",
    "a program in Portuguese": f"Hello<br>Em seg., 23 de nov. de 2026 às 10:00, Support escreveu:<br>{OURS}",
    "a program in Italian": f"Hello<br>Il giorno lun 23 nov 2026 alle 10:00 Support ha scritto:<br>{OURS}",
    "a forward": f"Hello<br>---------- Forwarded message ---------<br>From: Support<br>{OURS}",
    "a forward by Apple Mail": f"Hello<br>Begin forwarded message:<br>From: Support<br>{OURS}",
}


@pytest.mark.parametrize("html", QUOTATIONS.values(), ids=QUOTATIONS.keys())
def test_what_a_mail_program_quotes_is_not_the_writers_word(html: str) -> None:
    assert lines(html, quotes=False) == ("Hello",)
    assert OURS in words_of(html)


def test_an_answer_below_a_quotation_is_read() -> None:
    html = f"On 2026-11-23 10:00, Support wrote:<br>&gt; {OURS}<br>&gt; Thanks<br><br>Yes, please go ahead."
    assert lines(html, quotes=False) == ("Yes, please go ahead.",)


def test_words_that_only_look_like_a_heading_stay() -> None:
    html = "<p>On the hub I see this:</p><p>From: the launcher</p><p>Le nouveau paquet</p><p>-- error --</p>"
    assert lines(html, quotes=False) == (
        "On the hub I see this:",
        "From: the launcher",
        "Le nouveau paquet",
        "-- error --",
    )


def test_blocks_become_lines_and_spaces_are_one() -> None:
    assert lines("<p>One\n two</p><ul><li>three</li><li>four&nbsp; five</li></ul>six<br>seven") == (
        "One", "two", "three", "four five", "six", "seven",
    )  # fmt: skip


def test_scripts_and_styles_are_no_words() -> None:
    html = "<style>p{}</style>Hello <script>alert('x')</script>there<title>Subject</title><!-- yes -->"
    assert words_of(html) == "Hello there"


def test_entities_are_characters_and_never_tags() -> None:
    assert words_of("&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;") == "<script>alert(1)</script> &amp;"


def test_a_quotation_that_is_never_closed_swallows_the_rest_and_nothing_before() -> None:
    assert lines("Hello<blockquote>one<p>two", quotes=False) == ("Hello",)


def test_an_image_in_a_quotation_does_not_swallow_what_follows() -> None:
    html = '<blockquote>one<br><img src="x"><input></blockquote>Yes'
    assert lines(html, quotes=False) == ("Yes",)


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>" + "<b>" * 30_000 + "</i>" * 30_000,
        "<p>" * 60_000,
        "On 1 " * 40_000,
        "On 1<br>" * 25_000,
        "From: a<br>" * 18_000,
        "&lt;" * 50_000,
        "word " * 200_000,
        "<a " * 60_000,
    ],
    ids=["nested", "unclosed", "headings", "wrapped headings", "senders", "entities", "long", "broken tags"],
)
def test_hostile_length_is_read_in_time(html: str) -> None:
    begun = time.perf_counter()
    words_of(html, quotes=False)
    verdict(html)
    assert time.perf_counter() - begun < 3


YES = [
    "Yes", "yes.", "Yes!", "Yes please", "Yes, please go ahead.", "Yep, go ahead", "Please go ahead.", "please proceed", "Go ahead!",
    "OK", "Okay.", "Ok, thanks", "OK, please go ahead", "Sure.", "Sure, go ahead!", "Approved.", "I approve.", "Agreed.", "Confirmed",
    "Fine with me", "That's fine by us, thanks!", "That’s fine with me.", "You can go ahead.", "No problem, go ahead.",
    "No objection.", "Yes, no problem.", "Hello Priya, yes, please go ahead.", "Hi,<br>yes please.<br>Best wishes<br>Ada",
    "<p>Dear all,</p><p>Yes, please go ahead.</p>", "Thanks for asking. Yes, please do.", "Thank you! Go ahead.",
    "Yes, Otto is a member of our lab and needs this for his course.", "Yes, thanks for checking.", "\u200bYes\ufeff",
    "Yes<br>Sent from my phone, no guarantee", "Yes, please.<br>--<br>Ada Lindgren, Aurora Climate Lab, only by appointment",
    "Yes<blockquote>no, we settled it</blockquote>", "YES PLEASE GO AHEAD",
]  # fmt: skip
NO = [
    "No", "No.", "No, thanks.", "Nope.", "Please do not proceed.", "Please don't.", "Don't go ahead.", "Not approved.",
    "No, please do not go on with this.", "We settled it here.", "We have already solved this among ourselves, thank you.",
    "We've sorted it.", "This is settled.", "That has been resolved, thanks!", "Settled, thanks.", "It is no longer needed.",
    "Not needed.", "Please close it.", "You can close the ticket.", "No need.", "No, we handle this ourselves.",
    "Hi Priya,<br>we settled it, please close the ticket.<br>Ada", "Thanks for asking, we have fixed that.",
    "No.<blockquote>Say yes and we take it on.</blockquote>", "We’ll take care of it.",
]  # fmt: skip
UNCLEAR = [
    "", " ", "Who is Otto?", "Yes?", "Is that a yes?", "Yes, but only the small image.", "Yes, if it is cheap", "Yes, unless it costs",
    "Yes, we settled it here.", "Yes, I saw it.", "Yes, I know.", "Yes, let me check with the group.", "OK, I'll talk to him.",
    "OK, noted.", "Okay, thanks for letting me know.", "Sure, let me ask.", "OK", "Sure thing, not", "Yes, please wait.", "Yes, later.",
    "Yes, he asked me, I told him no.", "Yes and no", "Yes, me too, I see the same.", "No idea, let me look.", "No one told me.",
    "No response from him so far.", "No, wait, I mean yes.", "No but yes", "No problem", "No need to ask me, go ahead.",
    "Please do not hesitate to contact me.", "Please don't close the ticket.", "Please don't worry, go ahead.",
    "We settled it, but please go ahead with the other one.", "We fixed this last week, however it came back.",
    "We have not settled this.", "We solved it only partly.", "We settled it. Please install the package.",
    "I am out of the office until 4 January.", "Automatic reply: thank you for your message.", "Thanks!", "Let me think.",
    "Otto wrote: yes", "Not sure.", "I am not yes-saying", "Eyes on it", "Yesterday we met.", "Nobody uses it.", "Note this.", "Okayama",
    "<script>yes</script>", "<b hidden>no</b> yes no", "{{ 'yes' }}", "yes\nno", "<blockquote>Yes, go ahead</blockquote>",
    "&gt; Yes, go ahead", "On 23 Nov 2026, Ada wrote:<br>Yes, go ahead", "Yes " + "and so on " * 30, "word " * 100_000,
    "No objection to closing it.", "Confirmed, we settled it.", "уes", "Ja", "👍", "Y", "1",
]  # fmt: skip
UNCLEAR.remove("OK")


@pytest.mark.parametrize("said", YES)
def test_a_plain_yes_is_a_yes(said: str) -> None:
    assert verdict(said) == "yes"


@pytest.mark.parametrize("said", NO)
def test_a_plain_no_is_a_no(said: str) -> None:
    assert verdict(said) == "no"


@pytest.mark.parametrize("said", UNCLEAR, ids=lambda said: shorten(said, 40))
def test_anything_else_is_for_a_person(said: str) -> None:
    assert verdict(said) == "unclear"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lucía Romero", "lucia romero"),
        ("  Ada   Lindgren ", "Ada Lindgren"),
        ("ADA LINDGREN", "ada lindgren"),
        ("Jose\u0301", "José"),
        ("Ada\u00a0Lindgren", "Ada Lindgren"),
        ("Straße", "STRASSE"),
        ("De La Cruz", "Delacruz"),
    ],
)
def test_one_name_in_two_spellings_is_one(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada Lindgren", "Ada Lindgrén-Berg"), ("Ada", "Ida"), ("Ada Lindgren", "Lindgren Ada"), ("Ada", "")],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_a_short_line_stays_whole_and_a_long_one_is_cut_at_a_word() -> None:
    assert shorten("one\n  two") == "one two"
    assert shorten("alpha beta gamma", 12) == "alpha beta…"
    assert shorten("x" * 50, 10) == "x" * 9 + "…"
    assert len(shorten("a, " * 100, 30)) <= 30


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[click](javascript:alert(1))", "![x](https://evil.example/p.png)",
    "@everyone look", "https://evil.example/a", "www.evil.example", "# Heading", "- item", "1. item", "**bold** _it_ ~~s~~", "`code`",
    "| a | b |", "> quote", "{{ 7*7 }} {% raw %}", "$x^2$", "a\n\nb", "&lt;b&gt;", "<!-- c -->", "\\[x\\]", "---", "[a]: https://evil.example",
    "<https://evil.example>", "a  \nb", "```\nx\n```", "***", "+ item", "Ref 101-1-triage.acknowledge",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_is_shown_as_written_and_does_nothing(text: str) -> None:
    html = to_html(f"Said: {plain_markdown(text)}")
    assert words_of(html) == f"Said: {' '.join(text.split())}"
    assert html.count("<") == 2, html


def test_foreign_text_that_begins_a_paragraph_does_nothing_either() -> None:
    for text in HOSTILE:
        html = to_html(plain_markdown(text))
        if text != "1. item":
            assert html.startswith("<p>"), html
            assert html.count("<") == 2, html


def test_our_own_markdown_may_not_hold_html() -> None:
    html = to_html("Hello <script>alert(1)</script> <b onclick='x'>you</b>\n\n<iframe src='x'></iframe>")
    assert "<script" not in html
    assert "<b" not in html
    assert "<iframe" not in html


def test_a_link_of_ours_leads_out_safely_and_never_to_a_script() -> None:
    assert 'rel="noopener noreferrer"' in to_html("[page](https://example.org)")
    assert "href" not in to_html("[page](javascript:alert(1))")
