"""Convert what people wrote: HTML to lines, quotations removed, text neutralized for other systems."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from html import unescape
from typing import Any

BLOCKS = {"p", "div", "br", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "section"}
SILENT = {"script", "style", "head", "title"}
QUOTES = {
    "gmail_quote", "gmail_quote_container", "freshdesk_quote", "yahoo_quoted", "moz-cite-prefix", "quoted",
    "protonmail_quote", "zmail_extra", "tutanota_quote", "moz-forward-container", "messagereplysection",
}  # fmt: skip
SIGNATURES = {
    "gmail_signature", "moz-signature", "protonmail_signature_block", "ms-outlook-mobile-signature", "signature",
    "applemailsignature", "zmail_signature",
}  # fmt: skip
QUOTE_FOLLOWS = {
    "divrplyfwdmsg",
    "x_divrplyfwdmsg",
    "appendonsend",
    "stopspelling",
    "mail-editor-reference-message-container",
    "olk_src_body_section",
    "zwchr",
    "isreplycontent",
}  # Outlook, Zimbra, NetEase: all that comes after it is the quotation
VOID = {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
LONGEST = 200_000  # characters of one message that are looked at; a megabyte of text is no better evidence

# How mail programs introduce the message that is answered: the first word, the verb, and an example.
ATTRIBUTIONS = (
    ("On", "wrote", "On Mon, 23 Nov 2026 at 10:00, Support <s@example.org> wrote:"),
    ("Am", "schrieb", "Am 23.11.26 um 10:00 schrieb Support:"),
    ("Le", "a écrit", "Le lun. 23 nov. 2026 à 10:00, Support a écrit :"),
    ("El", "escribió", "El lun, 23 nov 2026 a las 10:00, Support escribió:"),
    ("Em", "escreveu", "Em seg., 23 de nov. de 2026 às 10:00, Support escreveu:"),
    ("Il", "ha scritto", "Il giorno lun 23 nov 2026 alle 10:00 Support ha scritto:"),
    ("Op", "schreef", "Op ma 23 nov 2026 om 10:00 schreef Support:"),
)
# Lines that a mail program draws above a message: name and an example of each.
RULES = (
    ("a title between dashes", "-----Original Message-----", r"^-{2,}\s*(?:Original|Forwarded|Ursprüngliche|Weitergeleitete|Mensaje|Mensagem|Messaggio|Oorspronkelijk|Message) (?:message|appointment|Nachricht|original|originale|initial|bericht|reenviado|transféré|d['’]origine)\s*-{2,}$"),
    ("a ruler", "__________", r"^_{10,}$"),
    ("a forward", "Begin forwarded message:", r"^(?:Begin forwarded message|Anfang der weitergeleiteten Nachricht|Début du message réexpédié|Inicio del mensaje reenviado) ?:$"),
    ("arrows", ">>> Support <s@example.org> 23.11.26 10:00 >>>", r"^>{3} .{4,200}(?:>{3}|\d[:.]\d\d.{0,5})$"),
    ("a time and an address", "Nov 23, 2026, 10:00 by s@example.org:", r"^(?=.{0,200}\d[:.]\d\d)(?=.{0,200}@[\w-]+\.\w).{10,240}[:：]$"),
)  # fmt: skip

_QUOTE_BEGINS = re.compile(
    rf"^(?:-{{2,}} ?)?(?:{'|'.join(f'{first} .{{4,200}} {verb}{chr(92)}b.{{0,120}}' for first, verb, _ in ATTRIBUTIONS)})"
    rf"(?: ?:| ?-{{2,}})$|{'|'.join(pattern for *_, pattern in RULES)}",
    re.I,
)
_QUOTE_MAY_BEGIN = re.compile(rf"^(?:{'|'.join(first for first, *_ in ATTRIBUTIONS)}) (?=.*\d)", re.I)
_FROM = re.compile(r"^\*?(?:From|Von|De|Da|Van) ?:\*? ?\S", re.I)
_SENT = re.compile(
    r"^\*?(?:Sent|Date|To|Subject|Cc|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado(?: el)?|Fecha|Data|Para|Asunto|Assunto|Inviato|A|Oggetto"
    r"|Verzonden|Aan|Onderwerp) ?:",
    re.I,
)

# Not the standard library's parser: a few kilobytes of broken tags keep that busy for minutes. This one reads each character once.
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([a-z][a-z0-9:-]*)([^<>]*)>|<[!?][^<>]*>", re.I | re.S)
_ATTRIBUTE = re.compile(r"""\b(class|id|name)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.I)


class _Reader:
    def __init__(self, quotes: bool) -> None:
        self.keep_quotes = quotes
        self.parts: list[str] = []
        self.skipping: list[str] = []  # open tags since the first one that is not to be read
        self.open: Counter[str] = Counter()  # how often each is among them
        self.over = False  # the rest is a quotation

    def read(self, html: str) -> str:
        end = 0
        for markup in _MARKUP.finditer(html):
            self.text(html[end : markup.start()])
            end = markup.end()
            if markup[2]:
                (self.closes if markup[1] else self.opens)(markup[2].lower(), markup[3][:2000])
        self.text(html[end:])
        return "".join(self.parts)

    def opens(self, tag: str, said: str) -> None:
        if self.skipping:
            self.skip(tag)
            return
        attributes = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(said)}
        if not self.keep_quotes and attributes.get("id", "").lower() in QUOTE_FOLLOWS:
            self.over = True
        names = {word for said in attributes.values() for word in said.lower().split()}
        if not self.keep_quotes and names & SIGNATURES:
            self.parts.append("\n--\n")
        quoted = tag == "blockquote" or names & QUOTES
        if tag in SILENT or (quoted and not self.keep_quotes):
            self.skip(tag)
        elif tag in BLOCKS or tag == "blockquote":
            self.parts.append("\n")

    def closes(self, tag: str, _: str) -> None:
        if self.open[tag]:
            closed = ""
            while closed != tag:
                closed = self.skipping.pop()
                self.open[closed] -= 1
        elif not self.skipping and (tag in BLOCKS or tag == "blockquote"):
            self.parts.append("\n")

    def skip(self, tag: str) -> None:
        if tag not in VOID:
            self.skipping.append(tag)
            self.open[tag] += 1

    def text(self, said: str) -> None:
        if said and not (self.skipping or self.over):
            self.parts.append(unescape(said))


@lru_cache(maxsize=256)  # a message is read several times while a run goes on
def lines(html: str, *, quotes: bool = True) -> tuple[str, ...]:
    """The lines of text in a message, blank ones left out; without the quoted part where `quotes` is false."""
    found = [text for line in _Reader(quotes).read(html).splitlines() if (text := " ".join(line.split()))]
    return tuple(found) if quotes else tuple(_unquoted(found))


def _unquoted(found: list[str]) -> Iterator[str]:
    """Lines up to the one where a mail program repeats another message; past quotations marked by `>`, it goes on."""
    index = 0
    while index < len(found):
        if found[index].startswith(">") and not _QUOTE_BEGINS.match(found[index][:260]):
            index += 1
        elif heading := _quote_heading(found, index):
            index += heading
            if not found[index:] or not found[index].startswith(">"):
                return
        else:
            yield found[index]
            index += 1


def _quote_heading(found: list[str], index: int) -> int:
    """How many lines from here introduce a quotation; 0 where none does."""
    line = found[index][:260]
    if _QUOTE_BEGINS.match(line):
        return 1
    if _FROM.match(line):
        heads = [bool(_SENT.match(other[:20])) for other in found[index + 1 : index + 6]]
        return 1 + len(heads) if sum(heads) >= 2 else 0
    if _QUOTE_MAY_BEGIN.match(line):
        for more in (2, 3):
            if _QUOTE_BEGINS.match(" ".join(found[index : index + more])[:400]):
                return more
    return 0


def layout(html: str) -> tuple[str, ...]:
    """The lines as they stand on the page: '' for a gap, ` | ` between the cells of a table, `### ` and `**` for headings
    and bold text, `[x]` and `[ ]` for boxes. A line that a mail program quotes keeps its `>`; what repeats a whole message
    is left out.
    """
    html = re.sub(r"(?<=[^\s|:])(?:[ \u00a0]*\t\s*?|[ \u00a0]{3,})(?=[^\s:])", " | ", html[:LONGEST])
    html = re.sub(r"</?(h[1-6]|b|strong|t[dh]|d[td]|input)\b[^<>]{0,2000}>", _marked, html, flags=re.I)
    page = [" ".join(line.split()) for line in _Reader(quotes=False).read(html).splitlines()]
    found, index = [line for line in page if line], 0
    skipped: set[int] = set()
    while index < len(found):
        heading = 0 if found[index].startswith(">") else _quote_heading(found, index)
        skipped.update(range(index, index + heading))
        index += heading or 1
        if heading and not (found[index:] and found[index].startswith(">")):
            skipped.update(range(index, len(found)))
            break
    numbers = iter(range(len(found)))
    kept = [line for line in page if not line or next(numbers) not in skipped]
    return tuple(line for before, line in zip(["", *kept], kept, strict=False) if line or before)


def _marked(tag: re.Match[str]) -> str:
    """A tag with the mark that a person would type in its place."""
    name, closes = tag[1].lower(), tag[0].startswith("</")
    if name == "input":
        box = re.search(r"type\s*=\s*[\"']?checkbox", tag[0], re.I)
        return ("[x] " if re.search(r"\bchecked\b", tag[0], re.I) else "[ ] ") if box else ""
    if name in ("td", "th"):
        return f"{tag[0]} | " if closes else tag[0]
    if name in ("dt", "dd"):
        return f"{'**' if name == 'dt' else ''}<br>" if closes else "**" if name == "dt" else ""
    return "**" if name in ("b", "strong") else tag[0] if closes else f"{tag[0]}### "


def words_of(html: str, *, quotes: bool = True) -> str:
    """The text of a message, its lines joined; at most `LONGEST` characters of it are looked at."""
    return "\n".join(lines(html[:LONGEST], quotes=quotes))


def signature(found: Sequence[str]) -> int:
    """The line where a mail program's signature begins; the number of lines where there is none."""
    return next((i for i, line in enumerate(found) if line == "--" or re.match(r"Sent from my \w", line)), len(found))


def typed(text: str) -> str:
    """As a keyboard writes it: straight apostrophes, and no characters that cannot be seen."""
    return "".join(c for c in text.replace("’", "'") if unicodedata.category(c) != "Cf").strip()


# What a terminal obeys rather than shows: control characters of both sets, separators, turns of the direction of writing,
# tags that nobody sees; and half a character, which cannot be written at all.
_OBEYED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Text for a terminal, a page or a file: lines and tabs stay, and � stands for each character that is obeyed there."""
    return _OBEYED.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def printable_json(text: str) -> str:
    """JSON of the same value, in which those characters are written as escapes."""
    return _OBEYED.sub(lambda found: r"\u007f" if found[0] == "\x7f" else json.dumps(found[0])[1:-1], text)


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: case, accents and spaces aside."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


def shorten(text: str, most: int = 80) -> str:
    """One line of at most `most` characters, cut at a word where that is possible."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[most // 2 :] else head).rstrip(" ,;:") + "…"


def sentence(text: str) -> str:
    """With a capital at its beginning, and names left as they are."""
    return text[:1].upper() + text[1:]


def plain_markdown(text: str) -> str:
    """Foreign text for a Markdown document: shown as it was written, with nothing in it that acts."""
    return re.sub(r"([\\`*_{}\[\]()#+\-!|<>~@&$^:])", r"\\\1", " ".join(text.split()))


def to_html(markdown: str) -> str:
    """Our Markdown as the HTML of a mail or note, sanitised, with no character that is obeyed or turns the direction."""
    from nh3 import clean  # here, since who only reads need not wait for it

    return clean(_markdown().render(printable(markdown)), link_rel="noopener noreferrer").strip()


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
