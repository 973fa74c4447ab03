"""Foreign text: read as lines, freed of quotations, understood where it is plain, and harmless where it is shown."""

from __future__ import annotations

import pytest
from yardstick import ENOUGH, yards

from deskbook.language.text import ATTRIBUTIONS, RULES, lines, plain_markdown, same_name, shorten, to_html, words_of

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
    "Notes": f"Hello<br><br>From: Support/Org<br>To: Ada/Org<br>Date: 23.11.2026 10:00<br>Subject: Re: RStudio<br><hr>{OURS}",
    "Zimbra": f'<div>Hello</div><hr id="zwchr"><div><b>From: </b>Support<br><b>To: </b>Ada<br></div><div>{OURS}</div>',
    "GroupWise": f"Hello<br>&gt;&gt;&gt; Support &lt;s@example.org&gt; 23.11.26 10:00 &gt;&gt;&gt;<br>{OURS}",
    "a telephone": f"Hello<br>-------- Original message --------<br>From: Support &lt;s@example.org&gt;<br>{OURS}",
    "K-9": f"Hello<br>Nov 23, 2026 10:00:12 AM Support &lt;s@example.org&gt;:<br>{OURS}",
    "Tutanota": f"Hello<br>Nov 23, 2026, 10:00 by s@example.org:<br>{OURS}",
    "Outlook in French": f"<p>Hello</p><p>De : Support<br>Envoyé : lundi 23 novembre 2026 10:00<br>À : Ada<br>Objet : RStudio</p><p>{OURS}</p>",
    "Outlook in Spanish": f"<p>Hello</p><p>De: Support<br>Enviado el: lunes, 23 de noviembre de 2026<br>Para: Ada<br>Asunto: RStudio</p><p>{OURS}</p>",
    "a program in Danish": f"Hello<br>Den 23. nov. 2026 kl. 10.00 skrev Support &lt;s@example.org&gt;:<br>{OURS}",
    "a forward": f"Hello<br>---------- Forwarded message ---------<br>From: Support<br>{OURS}",
    "a forward by Apple Mail": f"Hello<br>Begin forwarded message:<br>From: Support<br>{OURS}",
}


@pytest.mark.parametrize("html", QUOTATIONS.values(), ids=QUOTATIONS.keys())
def test_what_a_mail_program_quotes_is_not_the_writers_word(html: str) -> None:
    assert lines(html, quotes=False) == ("Hello",)
    assert OURS in words_of(html)


@pytest.mark.parametrize("line", [each for *_, each in ATTRIBUTIONS] + [each for _, each, _ in RULES])
def test_each_row_of_the_tables_has_an_example_that_begins_a_quotation(line: str) -> None:
    assert lines(f"<p>Hello</p><p>{line.replace('<', '&lt;')}</p><p>{OURS}</p>", quotes=False) == ("Hello",)


def test_a_signature_of_a_mail_program_is_marked_as_one() -> None:
    html = '<p>Hello</p><div class="gmail_signature">Ada Lindgren<br>Aurora Climate Lab</div>'
    assert lines(html, quotes=False) == ("Hello", "--", "Ada Lindgren", "Aurora Climate Lab")


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
    assert yards(lambda: words_of(html, quotes=False)) < ENOUGH


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


def test_a_mail_or_note_holds_no_character_that_is_obeyed_or_turns_the_direction() -> None:
    assert to_html("a\x1b[31mb \u202ec\u2066 \x9b \U000e0041 Zürich") == "<p>a�[31mb �c� � � Zürich</p>"
