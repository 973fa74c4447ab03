"""What a person's reply means, after we said that it should be done now.

A wrong "thanks" closes a ticket under somebody, a wrong "refusal" reopens one that is done, a wrong "unclear" costs a
glance. So "thanks" is read only where every word belongs to a phrase known here. What is left over is searched for
anything that may refuse: that alone rules thanks out, and it is a refusal only where it plainly speaks of our work, now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from deskbook.language.text import LONGEST, lines, shorten, signature, typed

Meaning = Literal["thanks", "refusal", "out-of-office", "new-matter", "question", "unclear"]

LOOKED_AT = 4_000  # characters of the person's own words; nobody confirms at greater length
REFUSED_WITHIN = 400  # what comes later belongs to a log, or repeats an older message


@dataclass(frozen=True)
class Reading:
    """`done`: it says of the thing itself that it works, which is true whatever it answers."""

    meaning: Meaning
    because: str
    done: bool = False


def read(html: str) -> Reading:
    said, below = _own_words(html)
    everything = f"{said}\n{below}"[:LOOKED_AT]
    if away := _AWAY.search(everything):
        person = _GOOD.search(everything) or next(_refusals(everything), None) or _WILL_TRY.search(everything)
        if person and not _MACHINE.match(everything):
            return Reading("unclear", f"it speaks of an absence, '{away[0]}', and also says '{_quote(person)}'")
        return Reading("out-of-office", f"it says '{_quote(away)}'")
    if not said:
        return Reading("unclear", "it holds no words of its own")
    return _said(_Heard(said[:LOOKED_AT]), below, whole=len(said) <= LOOKED_AT and len(html) <= LONGEST, html=html)


def _said(heard: _Heard, below: str, *, whole: bool, html: str) -> Reading:
    positive = heard.confirmed or heard.praised
    if heard.refused:
        good = heard.confirmed or heard.good
        if good:
            return Reading("unclear", f"it says '{good}' and also '{heard.refused}'")
        if not heard.plainly:
            return Reading("unclear", f"it says '{heard.refused}', and may speak of something else")
        if back := _TAKES_BACK.search(heard.text):
            return Reading("unclear", f"it says '{heard.plainly}', and also '{_quote(back)}'")
        return Reading("refusal", f"it says '{heard.plainly}'")
    if heard.another and (positive or not heard.weak):
        return Reading("new-matter", f"it asks for something else: '{heard.another}'")
    if heard.asked:
        if not heard.confirmed:
            return Reading("question", f"it asks '{heard.asked}'")
        if _REQUEST.search(heard.asked) and not re.search(r"\bticket\b|\bopen\b", heard.asked, re.I):
            return Reading("new-matter", f"it says '{heard.confirmed}' and asks '{heard.asked}'")
        return Reading("unclear", f"it says '{heard.confirmed}' and asks '{heard.asked}'")
    if positive and "▢" in heard.text:
        return Reading("unclear", f"it says '{positive}', and shows a picture")
    if heard.other or not positive:
        return Reading("unclear", f"'{heard.other or shorten(heard.text, 60)}' is not plain")
    if not whole:
        return Reading("unclear", "it is too long to be read to its end")
    if _STRUCK.search(html):
        return Reading("unclear", "part of it is struck through")
    if doubt := _BELOW.search(below) or next(_refusals(below), None):
        return Reading("unclear", f"it says '{positive}', and below the signature '{_quote(doubt)}'")
    return Reading("thanks", f"it says '{positive}'", done=bool(heard.confirmed))


class _Heard:
    """The sentences of a reply, sorted by what they do; of each kind, the first is kept to be quoted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.confirmed = self.praised = self.refused = self.plainly = ""
        self.good = self.another = self.asked = self.other = ""
        self.weak = True  # "also" asks for something else only where something is done already
        repeats = _REPEATS.search(text)
        own = min(REFUSED_WITHIN, repeats.start() if repeats else len(text))
        for sentence in _SENTENCE.finditer(text):
            self.hear(sentence[0].strip(" \n"), plain=sentence.start() < own)

    def hear(self, sentence: str, *, plain: bool) -> None:
        bare = sentence.rstrip(" .!?")
        if not bare:
            self.asked = self.asked or ("?" if "?" in sentence else "")
            return
        end, confirmed, praised = _known(bare)
        rest = bare[end:]
        asks = sentence.rstrip(" .!").endswith("?")
        if asks and (not rest or _TAG.match(rest)):
            self.asked = self.asked or shorten(sentence, 60)
            return
        self.confirmed = self.confirmed or confirmed
        self.praised = self.praised or praised
        if not rest:
            return
        says = _NO_FAILURE.sub("works", rest)
        refused = None if asks and _ASKS_WHETHER.match(says) else next(_refusals(says), None)
        if refused:
            self.refused = self.refused or _quote(refused)
            head = says[:REFUSED_WITHIN] if plain else ""
            self.plainly = self.plainly or next(
                (_quote(found) for found in _refusals(head) if _plainly(found, head)), ""
            )
            says = says[: refused.start()] + "…" + says[refused.end() :]
        if good := _GOOD.search(_HEARSAY.sub("", says)):
            self.good = self.good or _quote(good)
        if another := _ANOTHER.search(rest) or _ALSO.search(rest):
            self.another = self.another or shorten(rest[another.start() :], 60)
            self.weak = self.weak and not _ANOTHER.search(rest)
        if asks or _OPENS_QUESTION.match(rest):
            self.asked = self.asked or shorten(rest, 60)
        elif not refused and not another:
            self.other = self.other or shorten(rest, 60)


def _known(sentence: str) -> tuple[int, str, str]:
    """How far a sentence is made of known phrases, the first that confirms, and the first that thanks or praises."""
    end, confirmed, praised = 0, "", ""
    while end < len(sentence):
        if between := _BETWEEN.match(sentence, end):
            end = between.end()
        elif phrase := _CONFIRMS.match(sentence, end):
            end, confirmed = phrase.end(), confirmed or _quote(phrase)
        elif phrase := _PRAISES.match(sentence, end):
            end, praised = phrase.end(), praised or _quote(phrase)
        elif phrase := _POLITE.match(sentence, end):
            end = phrase.end()
        else:
            break
    return end, confirmed, praised


def _refusals(text: str) -> Iterator[re.Match[str]]:
    """Words that may say that it is not done, unless they speak of a condition, a guess or the past."""
    for found in _REFUSES.finditer(text):
        begin = max(text.rfind(mark, 0, found.start()) for mark in ".!?\n") + 1
        before, after = text[begin : found.start()], text[found.start() : found.end() + 60]
        past = _PAST.search(before) or _PAST.search(re.split(r"[.!?\n]", after)[0])
        if found[0].lower().endswith(("work", "working")) and _SOMEBODY.search(before):
            continue  # "I do not work on Fridays"
        if not _SUPPOSED.search(before) and (not past or _NOW.search(text[begin : found.end()])):
            yield found


def _plainly(found: re.Match[str], sentence: str) -> bool:
    """Whether such words can only mean that what we did is not done."""
    before, said, after = sentence[: found.start()], found[0].strip(), sentence[found.end() :]
    if next(_refusals(before), None):  # "it is still the same, it does not work": the clause may stand for itself
        before = re.split(r"[,;:]", before)[-1]
    if not _SUBJECT.fullmatch(before) or _ELSEWHERE.search(sentence) or _WEAK.search(said) or _NOT_SO.match(after):
        return False
    if _ORDERS.search(before + said) or (_ALONE.fullmatch(said) and not _STOPS.match(after)):
        return False
    if _PEOPLE.search(before) and not _ABLE.search(said):
        return False  # "we have not started yet"
    if "open" in said:
        return bool(_NO_REASON.match(after))  # not "please reopen it if it fails again"
    trouble = bool(_NAMED.search(before))
    if said.lower() == "still there":
        return trouble
    if _SIGHT.search(said) and (trouble or _NO_MORE.search(after)):
        return False  # "the error does not appear again"
    return not _REACH.search(said) or bool(_OURS.match(after))  # "I cannot find the docs"


def _own_words(html: str) -> tuple[str, str]:
    """What the person wrote, a wrapped line joined again; and what stands below it, from the closing words on.

    A picture among the words may show anything, so it counts as a word that nobody knows.
    """
    shown = _PICTURE.sub(" ▢ ", html[:LONGEST])
    found = [typed(_emoji(line)) for line in lines(shown, quotes=False)]
    found = [line for line in found if line]
    closing = next((i for i, line in enumerate(found) if _CLOSING.match(line)), len(found))
    sign = min(signature(found), closing)
    while sign > 1 and _NAME_LINE.match(found[sign - 1]):
        sign -= 1
    said = ""
    for line in found[:sign]:
        said += (" " if line[0].islower() else "\n") + line
    return said.strip(), "\n".join(found[sign:])


def _emoji(line: str) -> str:
    return _SAD.sub(" ☹ ", _HAPPY.sub(" ", re.sub("[👍👌✅✔💯🎉]", " 👍 ", _TINT.sub("", line))))


def _quote(found: re.Match[str]) -> str:
    return shorten(found[0].strip(" ,\n"), 60)


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(phrases)})(?![\w'\"’”*-])", re.I)


_TINT = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")  # colour of skin, style of the picture
_HAPPY = re.compile("[🙂😊😀😃😄😁🤗❤💙💚🥳🚀🙏🙌👏☺😍✨]|(?<!\\S)[:=]-?[)D](?!\\S)")
_SAD = re.compile(r"(?<!\S):'?-?[(/](?!\S)")
_PICTURE = re.compile(r"<img\b[^<>]*>", re.I)
_STRUCK = re.compile(r"<(?:s|del|strike)[\s>]|line-through", re.I)
_SENTENCE = re.compile(r"[^.!?\n？]*(?:[.!?？]+(?=\s|$)|[.!?？]|\n|$)")
_BETWEEN = re.compile(r"[\s,;:()–—]+(?:-+ )?(?:(?:and|&|so) )?|(?:and|so) ", re.I)

# The names of people, as far as they can be told from other words that begin with a capital.
_NO_NAME = (
    r"(?!(?:not?|nope|never|nothing|none|but|still|broken?|sometimes|occasionally|rarely|hardly|almost|nearly|partly|partially|mostly|only|maybe"
    r"|perhaps|fail\w*|errors?|crash\w*|again|however|although|except|unfortunately|sadly|until|unless|if|yesterday|today|tomorrow|later|soon|wrong"
    r"|joking|kidding|leider|nicht|kein\w*|pas|non|nein|nada|nunca|sorry|same|waiting|pending|why|how|what|when|where|who|which|test\w*|try\w*|closed?"
    r"|open|please|help|urgent|lol|as|or|just|too|slow\w*|worse|it|is|does|did|can\w*|could|would|will|should|doesn't|didn't|isn't|wasn't|won't"
    r"|aber|mais|pero|mas|ma|once|after|before|then|now|works?|working|i|we|they|you|my|our|the|also|and|for|pls|wait|hold|reopen\w*|incomplete|unsolved"
    r"|anyways?|anyhow|regardless|nonetheless|attached|screenshot|see|access|forbidden|denied|down|timeout|without|despite|instead|unresolved|temporarily|briefly|supposedly|allegedly|apparently|probably|hopefully)\b)"
)
_NAME = rf"{_NO_NAME}(?-i:[A-ZÀ-ÖØ-Þ])[\w.'-]{{0,30}}"
_NAME_LINE = re.compile(rf"^(?:[-–—/~] ?)?{_NAME}(?: {_NAME}){{0,3}}$", re.I)
_CLOSING = re.compile(
    r"^(?:(?:with )?(?:best|kind|warm|many|kindest|warmest|friendly)? ?(?:regards|wishes|greetings)|with (?:best|kind|warm|many) (?:regards|wishes)"
    r"|best|all the best|cheers|sincerely|yours \w+|sincerely yours|br|rgds|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:(?:viele|liebe|beste|schöne) )?grüße"
    r"|vg|lg|mfg|(?:bien )?cordialement|bien à vous|(?:un )?saludos?(?: cordiales)?|atenciosamente|abraços|cordiali saluti)"
    rf"(?:,? {_NAME}(?: {_NAME})?)?[,.!]?$|^(?:get outlook for|sent (?:from|via|with) |enviado (?:desde|do|de) |von meinem |gesendet (?:von|mit) "
    r"|envoyé de(?:puis)? |inviato da|diese nachricht wurde von|_{4,}$|-{2,}$)",
    re.I,
)
# Below a signature stand names, addresses and disclaimers. Whoever goes on talking there may say anything.
_BELOW = re.compile(
    r"\?|^p\.?\s?s\b|☹|\b(?:but|btw|however|also|(?-i:I|we|We|it|It|my students))\b(?! of)", re.I | re.M
)

# What confirms: a thing of ours, and that it works.
_NOUN = (
    r"(?:(?:hub|login|log-in|sign-in|server|notebook|image|environment|package|library|link|kernel|installation|site|page|access|account|dashboard"
    r"|terminal|gpu|quota|storage|extension|connection|authentication|update|fix|solution|change|upload|download|launcher|jupyterhub|home|directory"
    r"|volume|website|url|profile)s?|rstudio|jupyterlab|jupyter|python|everything|users|new)"
)
_IT = rf"(?:it|this|that|everything|all of it|(?:the |my |our |your )?{_NOUN}(?: {_NOUN}){{0,2}})"
_ENDED = r"(?:fixed|solved|resolved|sorted(?: out)?)"
_WELL = (
    r"(?: now| again| perfectly| fine| great| well| nicely| smoothly| flawlessly| beautifully| properly| correctly| like a charm| as expected"
    r"| as it should| for (?:me|us|everyone|everybody|all of us)| on (?:my|our) (?:side|end))*"
)
_TROUBLE = r"(?:errors?|problems?|issues?|crashes|failures|bugs?|error messages?|troubles?)"
_FAILING = r"(?:fail|crash|happen|occur|appear|hang|freez|break|disconnect|dying|die|show)(?:s|es|e|ing|ping)?(?: up)?"
_MORE = r"(?: any ?more| any longer| now| at all)*"
_NOT = r"(?: not|n't)"
_FAILS_NOT = rf"(?:no longer {_FAILING}|(?:is|are|does|do|has){_NOT} (?:longer )?{_FAILING}{_MORE}|not {_FAILING} (?:any ?more|any longer|now))"
_TROUBLE_NOT = (
    rf"(?:(?:there (?:are|is) |i (?:have|see|get) |we (?:have|see|get) )?no (?:more |further )?(?!problem(?:,|$)){_TROUBLE}{_MORE}|without (?:any )?{_TROUBLE}"
    rf"|(?:i|we|they) (?:no longer|do not|don't|can't|cannot) (?:see|get|have)(?: any| the| that| this)?(?: more)? {_TROUBLE}{_MORE})"
)
_NO_FAILURE = _any(_FAILS_NOT, _TROUBLE_NOT, "nothing (?:wrong|broken|missing)", "(?:can't|cannot) find anything wrong")
_CONFIRMS = _any(
    rf"(?:{_IT} )?(?:now |really |indeed )?(?:works|worked|working){_WELL}",
    rf"(?:all|the|my|our) (?:{_NOUN} ){{1,3}}(?:now )?work{_WELL}",
    rf"{_IT}(?:'s| is| are)(?: now)?(?: all)?(?: now)? (?:working|{_ENDED}|good|fine|ok|okay|perfect|great|done){_WELL}",
    rf"{_IT} (?:looks|look)(?: all)? (?:good|great|fine|perfect)(?: now| to me)*|(?:all )?looks (?:good|great|fine|perfect)(?: now| to me)*",
    rf"(?:{_IT}|(?:the |my |our )?{_TROUBLE})(?:'s| is| are| has been| have been)(?: now)? (?:all )?{_ENDED}(?: now| for me| for us)*",
    rf"(?:(?:the |my |that |this )?{_TROUBLE} (?:(?:is|are|has|have)(?: now)? (?:gone|disappeared|vanished)|went away|disappeared)(?: now)?)",
    rf"(?:all |problem |issue |now )?{_ENDED}(?: now)?",
    rf"(?:that|this|it|(?:the|your) (?:fix|update|change))(?: has)? (?:{_ENDED}|did) (?:it|the trick|(?:the|my|our) (?:problem|issue|error|job))",
    r"(?:it's |it is |everything is |everything's )?all (?:good|set|fine|well|clear|ok|okay|in order)(?: now| again| here)*|everything (?:good|fine|ok)",
    rf"(?:{_IT} |{_IT}, )?(?:confirmed|does now|does work now)",
    rf"(?:i|we|everyone|everybody|(?:the|my|our|all) students|all users) (?:can (?:now )?log ?in(?: now| again)|can now (?:log ?in|(?:access|open|use|run|launch|start) {_IT}"
    rf")|can (?:access|open|use|run|launch|start) {_IT} now|(?:was|were|am|are) able to log ?in(?: now| again)?){_WELL}",
    rf"(?:{_IT} )?{_FAILS_NOT}|(?:the |that )?(?:{_TROUBLE} )?{_FAILS_NOT}|{_TROUBLE_NOT}",
    r"(?:you (?:can|may)|please|feel free to)(?: now)? close (?:it|(?:this|the)(?: (?:ticket|issue|request))?)",
    r"👍|funktioniert(?: es)?(?: jetzt| nun)?(?: wieder| alles| einwandfrei)*|(?:alles|jetzt) (?:gut|ok|in ordnung)|(?:es )?geht (?:jetzt|nun|wieder)(?: wieder)?",
    r"(?:ça |tout |cela )?fonctionne(?: bien)?(?: maintenant| à nouveau)?|(?:ya |todo |ahora )funciona(?: bien)?|funciona (?:ahora|bien|agora)|(?:ora |tutto )funziona(?: bene)?|resuelto|resolvido|risolto|erledigt",
)
# What thanks or praises, and so accepts; thanks in advance, for a look or for news accept nothing and are not here.
_PRAISES = _any(
    rf"(?:many |so many |great,? |ok,? |okay,? )?(?:thanks|thank you|thx|tnx|thank u)(?: so much| very much| a lot| a million| a bunch| a ton| again| indeed| all| everyone| team| guys)*"
    rf"(?:,? for (?:all )?(?:your |the |that )?(?:very |super )?(?:quick |fast |great |swift |prompt |kind |excellent |amazing |hard )?(?:help|support|assistance|fix|work|effort|efforts)"
    rf"|,? for (?:fixing|solving|sorting|resolving|taking care of) (?:this|it|that|(?:the|my|our) (?:problem|issue))(?: out)?(?: so)?(?: quickly| fast| promptly)?"
    rf"|,? for helping(?: me| us)?(?: out)?)?(?:,? {_NAME}(?: {_NAME})?(?=[,;]|$))?",
    r"(?:(?:i|we) )?(?:really |very |much |greatly )?appreciated?(?: it| this| that| (?:your|the|all your|all the) (?:quick |fast )?(?:help|support|work))?",
    r"(?:that's |that is |this is |very |absolutely |simply )?(?:perfect|excellent|awesome|wonderful|brilliant|fantastic|amazing|great|superb|lovely|super|nice)(?: job| work| stuff)?",
    r"(?:good|well) (?:job|work|done)|you (?:rock|guys rock|are the best)",
    r"(?:vielen |herzlichen |besten )?dank(?:e|e schön|e sehr|eschön)?(?: für (?:ihre|eure|die) (?:schnelle )?hilfe)?|(?:un grand |grand )?merci(?: beaucoup| bien)?|(?:muchas |mil )?gracias"
    r"|(?:muito )?obrigad[oa]|grazie(?: mille)?|perfekt|perfecto|parfait|perfeito|perfetto|super",
)
_POLITE = _any(
    rf"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|bonjour|hola|olá|ciao)(?: (?:all|team|there|everyone|everybody|support)| {_NAME}){{0,3}}(?=[,:–-]|$)",
    r"(?:yes|yep|yup|yeah|ja|oui|sí|sim|ok|okay)(?=[,;:]|$| it| that| this| all| everything| now| works| working| thank| fixed| solved| resolved| perfect| confirmed)",
    r"(?:i|we) (?:can |hereby |can happily |am happy to |'m happy to )?confirm(?: that)?|happy to confirm(?: that)?|glad to (?:say|report)(?: that)?",
    r"(?:(?:i|we)(?:'ve| have)? )?(?:just )?(?:tested|tried|checked)(?: it| this| that)?(?: again| now| just now| today| this morning)*(?=,| and|$)",
    r"have a (?:nice|great|good|lovely) (?:day|weekend|week|one|evening)|sorry for (?:the|my) (?:late|delayed|slow) (?:reply|answer|response)|best|cheers",
)
_TAG = re.compile(
    r"^\W*(?:right|correct|no|yes|ok|or not|or|really|(?:doe|is|did|has|was|are|do)(?:s|n't|sn't)? ?(?:n't )?(?:it|this|that)?)$",
    re.I,
)

# What refuses, in words that need little around them.
_DONE = (
    r"(?:work(?:s|ing|ed)?|fixed|solved|resolved|start(?:s|ing|ed)?|open(?:s|ing)?|load(?:s|ing)?|run(?:s|ning)?|respond(?:s|ing)?|launch(?:es|ing)?"
    r"|connect(?:s|ing)?|help(?:s|ed)?|solve|fix|resolve|changed?|appear(?:s)?|show(?:s|ing)?|installed|available|visible|accessible|there|done|fulfilled|finished|ok|okay"
    r"|correct|possible|log(?:ged)? ?in(?:to)?|login|access|use|install|import|save|reach|find(?! the words)|see|get|let me|happy|satisfied)"
)
_NEVER = r"(?:\b(?:not|never|cannot|can not)|\b(?:do|does|did|is|are|was|were|has|have|ca|could|wo)n't|\b(?:doesnt|dont|didnt|isnt|cant))"
_BAD = (
    r"(?:fail(?:s|ing|ed|ures?)?|crash(?:es|ing|ed)?|breaks?|breaking|broken|down|hang(?:s|ing)?|freez(?:es|ing)|dies|dying|errors?|bugs?|problems?"
    r"|issues?|missing|slow|stuck|wrong|unable|impossible|unavailable|inaccessible|unusable|same|happening|occurring|happens|occurs|nothing|empty|blank"
    r"|404|50[0-9]|tim(?:es|ing) out|locked out|unsolved|unresolved|exists?|persists?)"
)
_REFUSES = re.compile(
    rf"\b(?:still(?! (?:test|try|check|verify))|again|keeps?|continues?)(?: to)?(?:,? [\w']+){{0,4}}? {_BAD}\b|{_BAD}(?: \w+){{0,2}} again\b|\bstill there\b"
    rf"|\bstill (?:\w+ ){{0,2}}?(?:cannot|can't|doesn't|isn't|won't|don't|hasn't|haven't|not)\b(?! (?:been able to )?(?:test|tried|try|check|had|sure|looked|know|heard|received))"
    rf"|{_NEVER}(?: (?:yet|really|quite|fully|completely|even|been|able to|actually|always|be|seem to|appear to|seem to be)){{0,2}} {_DONE}\b"
    r"(?![^,.;!?\n]{0,30}\b(?:test|try|check|verif|confirm|tell|say))"
    rf"|\bno longer {_DONE}\b(?! (?:at|for|with)\b)|\bstop(?:s|ped) (?:working|responding)|\bkeeps? (?:getting|seeing|asking|saying|giving|loading|spinning)"
    rf"|\b(?:it|this|that|(?:the |my |our )?{_NOUN})(?: just| only| now| always| simply)* (?:fails|crashes|hangs|freezes|breaks|dies|failed|crashed)\b"
    rf"|\b(?:it|{_NOUN})(?:'s| is| are)(?: now| just| completely)* (?:broken|down|failing|crashing|hanging|stuck|missing|unavailable|worse)\b"
    r"|\b(?:problem|issue|error|bug)s?(?: still)? (?:persists?|remains?|continues?|exists?|re-?appear\w*|came back|(?:is|are) back|has (?:returned|come back)|returned)\b"
    r"|\bsame (?:error|problem|issue|result|message|behaviou?r|thing|story|as before)\b(?! (?:is |was )?(?:solved|fixed|resolved|gone))|\bno (?:luck|change|difference|improvement|success|effect|joy)\b"
    r"|\bnothing (?:works|has changed|changed|happens|is fixed|works)\b|\bnone of (?:it|them|this|that|the \w+) works?\b|\bto no avail\b|\bin vain\b|\bun(?:solved|resolved)\b"
    r"|\b(?:now|get|gets|got|getting|see|seeing|gives?|throws?|shows?|raises?) (?:me |us )?(?:an?|another|the|this|new)(?: \w+){0,2} (?:error|exception|traceback|crash)\b(?! (?:is|has) (?:gone|disapp))"
    r"|\b(?:even|got|much) worse\b|\b(?:please|can you|could you)? ?re-?open (?:it|this|the|my)\b|\bbut not (?:for|on|in|all|every|with|when|yet|the)\b"
    r"|\bunable to (?!test|try|check)|\bfail(?:s|ed|ing) (?:with|to|at)\b(?! test)|\bnot yet\b(?!,? (?:test|tried|try|check|had|been|sure|looked))"
    r"|\bnot what (?:i|we)\b|\b(?:it|this|that) (?:is not|isn't|does not|doesn't|didn't|did not|hasn't)(?=[,.!\n]|$)"
    r"|\b(?:unfortunately|sadly|regrettably|alas)\b(?![^.!?\n]{0,80}\b(?:test|tried|try|check|time|away|chance|until|look|out of|vacation|verif|confirm))"
    r"|\b(?:funktioniert|geht|klappt|läuft)(?: \w+){0,2} nicht\b|\bleider (?:nicht|nein|immer|noch|kommt)|\bimmer noch (?:nicht|kein|der|die|das)|\bgleiche[rn]? fehler"
    r"|\bne (?:marche|fonctionne)(?: \w+){0,1} pas\b|\b(?:marche|fonctionne) (?:toujours )?pas\b|\btoujours (?:pas|la même|le même)\b"
    r"|\b(?:no|não|non) (?:funciona|funziona)\b|\bsigue (?:sin|fallando|igual)|\bcontinua (?:sem|com|falhando|a dare)|\b(?:mismo|mesmo|stesso) err",
    re.I,
)
_SUPPOSED = re.compile(
    r"\b(?:if|in case|unless|whether|until|once|should|let (?:you|me|us) know|hope|hopefully|assume|think|thought|guess|worried|instead of|at least"
    r"|please (?:do|don't)|falls|wenn|ob|si|se|would|not|never|\w+n't)(?: [\w']+)?,?\s*$|\bplease\s*$"
    r"|\b(?:if|in case|unless|whether|falls|should it|should the|hope|let (?:you|me|us) know|not that)\b",
    re.I,
)
_SOMEBODY = re.compile(r"\b(?:i|we|he|she|they)(?:'m|'re| am| are| is| do| will)?\s*$", re.I)
_PAST = re.compile(
    r"(?<!\bas )(?<!like )(?<!than )\bbefore\b|\b(?:yesterday|(?<!as )last (?:week|time|month|night)|earlier|originally|initially|previously|used to|at first|never|was|were|had)\b",
    re.I,
)
# Such words are plain after a subject of ours, unless they are about something else, give an order, or say the contrary.
_SUBJECT = re.compile(
    rf"(?:(?:no|nope|sorry|thanks|but|and|so|hm+|unfortunately|sadly|alas|now|today|again|still|just|only|even|it|this|that|there|here|the|a|an|i|we|my|our|of|for|to|in|on"
    r"|when|after|from|why|with|is|are|has|have|do|does|did|can|could|get|gets|getting|see|seeing|tried|tested|checked|restarted|asked|students?|users?|colleagues?|everybody"
    rf"|everyone|people|they|am|afraid|please|look|kernels?|one more thing|bonjour|ça|ya|leider|funktioniert|es|{_NOUN}|{_TROUBLE})(?![\w-])|'(?:s|ve|m|re)\b|[\s,;:()–—…-])*",
    re.I,
)
_ALONE = re.compile(r"no \w+|nothing (?:has )?changed", re.I)
_STOPS = re.compile(r"(?: (?:here|at all|yet|so far|for (?:me|us)|whatsoever))*(?:[,;.!]|$)", re.I)
_PEOPLE = re.compile(
    r"\b(?:i|we|they|students?|users?|colleagues?|everybody|everyone|people)(?:'m|'re|'ve| am| are| do| does| did| have| has)?\s*$",
    re.I,
)
_ELSEWHERE = re.compile(
    r"\b(?:other|another|different|wrong) (?:hub|server|image|ticket|course|account|machine|notebook|page|environment|one|thing|browser)s?\b|\b(?:my|our|their|your) own\b"
    r"|\b(?:survey|portal|freshdesk|homework|meet(?:ing)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.I,
)
_WEAK = re.compile(
    r"^(?:unfortunately|sadly|regrettably|alas|not yet|but not .*|no effect|again for .*|now (?:the|this) .*|see(?:ing)? (?:the|this) .*)$|^ ?re-?open\b"
    r"|\b(?:not|never)\b.* again$|^keeps? (?!(?:on )?(?!asking|saying)\w+ing\b)|^still (?:do not|don't|have not|haven't) .*"
    r"|no longer (?:get|see|find|use|there|visible)$|(?:not|n't)(?: \w+){0,2} get$",
    re.I,
)
_ORDERS = re.compile(
    r"^\W*(?:please |pls |kindly )?(?:do not|don't|dont|never)\b|\bwhen(?: the| my| this)? (?:it|problem|issue|error|bug)\b",
    re.I,
)
_ABLE = re.compile(
    r"\b(?:can|can't|cannot|could|couldn't|able|unable|get|gets|getting|got|see|seeing|keep|have)\b", re.I
)
_SIGHT = re.compile(r"\b(?:appears?|shows?|showing|visible|there|see|get|find|available|possible)$", re.I)
_NO_MORE = re.compile(r"^[^.!?\n]{0,30}\b(?:any ?more|any longer|again|errors?|problems?|issues?)\b", re.I)
_REACH = re.compile(
    r"(?:n't|not|cannot|never|no longer)(?: [\w']+){0,3} (?:use|get|see|find|reach|access)$|\bunable to$", re.I
)
_OURS = re.compile(
    rf" ?(?:in\b|into\b|log|start|open|run|connect|import|save|launch|load|spawn|(?:(?:use|see|find|reach|access) )?{_IT}\b)",
    re.I,
)
_NAMED = re.compile(rf"\b{_TROUBLE}\b", re.I)
_NO_REASON = re.compile(r"(?: (?:ticket|issue|request|case))?\s*(?:[,.;:!–—-]|$)", re.I)
_NOT_SO = re.compile(r" (?:\w+n't|(?:is|does|did|has|was|will) not|no longer|never)\b", re.I)
# Whoever says so does not want it open again, or not this.
_TAKES_BACK = re.compile(
    r"\b(?:ignore|never ?mind|disregard|scratch that|false alarm|fault|mistake|typo|my bad|figured|found (?:the|my|out)|(?<!/)(?<!not )(?<!don't )clos(?:e|ing)|live with|don't worry|not urgent"
    r"|(?:no longer|not|n't) need(?:ed)?|(?:new|another|separate|different|other) (?:ticket|issue|problem|matter|request)|separately|then it did|as (?:fast|quickly|well|smooth)\w*"
    r"|all is|old (?:browser|server|image))\b",
    re.I,
)
# Where a message that is answered begins, in whatever language a mail program says so.
_REPEATS = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,64}\.\w|\d[:.]\d\d[^\n]{0,80}[:：](?:\n|$)|(?:^|\n)(?:##-|-{3,}|[^\s:：]{1,20} ?[:：][^\n]+\n[^\s:：]{1,20} ?[:：])"
)
_NOW = re.compile(r"\b(?:now|today|again|still)\b", re.I)
_GOOD = re.compile(
    r"👍|\bnow (?:fine|good)\b|\b(?:works|is working|working (?:now|again|fine)|gone|all (?:good|fine|set)|it does(?: now|(?=[,.!]|$))|is (?:fine|ok|okay|good)|confirmed"
    r"|(?:is|are|been)(?: now)? (?:fixed|solved|resolved))\b|'s (?:working|fixed|solved|fine|good)\b",
    re.I,
)
_HEARSAY = re.compile(r"\b(?:said|says?|saying|claims?|told|according|supposed|supposedly)\b[^,.;]{0,60}", re.I)

# What asks: for something else, or about this.
_THING = r"(?:thing|question|request|point|issue|problem|topic|matter|favou?r)"
_ANOTHER = re.compile(
    rf"\b(?:one (?:more|other|last|further|small)|another|(?:a )?(?:new|separate|different|unrelated|second|follow-up|related)) (?:small |quick |little )?{_THING}\b"
    r"|\b(?:could|can|would|will) (?:you|we|i)(?: please| perhaps| maybe)? also\b|\b(?:we|i)(?:'d| would)? also (?:need|want|like|wonder|have|wish)\b|\bone more:",
    re.I,
)
_ALSO = re.compile(
    r"\b(?:also|additionally|in addition|by the way|btw|while (?:you are|you're|we are|we're) at it|next,|on (?:another|a \w+) note|as well|(?:could|can|would) (?:you|we) (?:please )?(?:add|install|give|create|increase|upgrade|update|invite)"
    r"|(?:we|i) (?:also )?(?:need|would like|'d like|want)|please (?:also )?(?:add|install|give|create|increase|upgrade|invite))\b",
    re.I,
)
_REQUEST = re.compile(r"\b(?:could|can|would|will|may|is it possible|how|what|when|where|which|who)\b", re.I)
_OPENS_QUESTION = re.compile(
    r"(?:and |so |but )?(?:how (?:do|can|long|should|does)|when (?:will|can|is)|where (?:is|can|do|are)|which|what (?:is|are|do|should)|who|is there"
    r"|can i|could i|do i|should i|is it|will it|why|(?:quick |a )?question|i have a question)\b",
    re.I,
)
_ASKS_WHETHER = re.compile(
    r"(?:and |so |but )?(?:is|are|does|do|did|will|would|can|could|has|have|should|what if|any)\b", re.I
)

# What a machine answers while its owner is away, and what a person says who will see later.
_MACHINE = re.compile(
    r"^(?:automatic reply|auto(?:mated)?[- ]?(?:reply|response)|automatische (?:antwort|abwesenheit\w*)|abwesenheitsnotiz|réponse automatique|message automatique"
    r"|respuesta automática|resposta automática|risposta automatica|自動返信|自動応答|this is an auto\w*)",
    re.I,
)
_AWAY = re.compile(
    r"\bauto(?:matic|mated|matically)?[- ]?(?:generated )?(?:reply|response|answer)\b|\bout[- ]of[- ](?:the[- ])?office\b|\booo\b|\b(?:away from|not in) (?:the|my) office\b"
    r"|\bon (?:annual|parental|maternity|paternity|sick|medical|research) leave\b|\bon (?:a )?(?:vacation|holidays?|sabbatical|leave)(?: (?:until|till|from|through|and|this|next)|[.,!\n]|$)"
    r"|\b(?:limited|no|little|intermittent|sporadic) (?:access to|access) (?:my |the )?(?:e-?mails?|internet|inbox)|\b(?:upon|on|after|when i) (?:my )?return\b[^.\n]{0,20}|\bi(?:'m| am) (?:currently |presently )?away\b"
    r"|\babwesenheit\w*|\bautomatische antwort|\b(?:derzeit|aktuell|bin|zurzeit|momentan)\b[^.\n]{0,40}\b(?:abwesend|im urlaub|außer haus|nicht im (?:büro|haus)|nicht erreichbar)|\bnicht im (?:büro|haus)\b"
    r"|\babsence du bureau|\b(?:réponse|message) automatique|\bactuellement absente?|\b(?:suis|serai) (?:absente?|en congés?|en vacances)|\ben congés? jusqu|\babsente? d[ue] (?:bureau|mon)"
    r"|\bfuera de (?:la |mi )?oficina|\brespuesta automática|\b(?:estoy|estaré|me encuentro) (?:ausente|de vacaciones|de baja)|\bausente (?:de la oficina|hasta)"
    r"|\bfora do escritório|\bresposta automática|\b(?:estou|estarei) (?:ausente|de férias|fora)|\bausente do escritório|\bfuori (?:ufficio|sede)|\brisposta automatica|\b(?:sono|sarò) (?:assente|in ferie|fuori)"
    r"|\bafwezig(?:heid)?\b|\bautomatisch antwoord|自動返信|自動応答|不在|休暇中|出張中",
    re.I,
)
_WILL_TRY = re.compile(
    r"\b(?:will|'ll|going to|can|could) (?:then |only )?(?:test|try|check (?:it|this|that|whether|if)|have a look|verify|confirm)\b",
    re.I,
)
