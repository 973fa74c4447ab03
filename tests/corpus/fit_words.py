"""Fits the weights of single words on the half to build on: `python tests/corpus/fit_words.py` writes the table anew.

It reads `build/` alone: its requests, its outages with their look-alikes, and the texts of `build/examples.yaml`.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from corpora import CORPUS, entries

from deskbook.language import requests, word_weights
from deskbook.language.phrase_search import sentences
from deskbook.language.word_weights import Leaning, Weight

OFTEN = 2  # texts that must hold a word before it is weighed
STRENGTH = 10.0  # of the fit: the larger, the more a single word may weigh
PARTS = 10  # of which each is read with what was fitted on the others, to tell what the words alone are worth
KINDS = (*requests.KINDS, word_weights.OUTAGE)
Text = tuple[str, str, str]  # subject, body, one of KINDS


def texts() -> list[Text]:
    """Every text of the half to build on, with the first kind that a careful person gives it."""
    found = [
        (entry["subject"], entry["body"], word_weights.OUTAGE if entry["outage"] else _kind(entry))
        for name in ("requests", "outages")
        for entry in entries(name, "build")
        if not entry.get("ask")
    ]
    further: Mapping[str, list[Mapping[str, str]]] = yaml.safe_load(
        (CORPUS / "build/examples.yaml").read_text(encoding="utf-8")
    )
    found += [(each["subject"], each["body"], kind) for kind, rows in further.items() for each in rows]
    return [each for each in found if each[2] in KINDS]


def _kind(entry: Mapping[str, Any]) -> str:
    return str((entry.get("kinds") or [entry["kind"]])[0])


def words(text: Text) -> list[str]:
    subject, body, _ = text
    return sorted(word_weights.words(sentences(requests.sober(f"{subject.strip()}\n{body}"))))


def fit(known: Sequence[Text]) -> dict[str, Weight]:
    """The table for these texts: the rarity of each word and its weight for each kind, each to two places."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # loaded where it works: every worker reads this file
    from sklearn.linear_model import LogisticRegression

    rarity = TfidfVectorizer(analyzer=words, min_df=OFTEN, binary=True)
    table = rarity.fit_transform(known)
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=5000).fit(table, [k for *_, k in known])
    kinds = list(map(str, model.classes_))

    def row(rare: float, given: Sequence[float]) -> Weight:
        return Weight(round(float(rare), 2), {k: round(float(v), 2) for k, v in zip(kinds, given, strict=True)})

    rows = {word: row(rarity.idf_[at], model.coef_[:, at]) for word, at in sorted(rarity.vocabulary_.items())}
    return {word_weights.BIAS: row(0, model.intercept_), **rows}


def write(table: Mapping[str, Weight]) -> None:
    with word_weights.TABLE.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["word", "rare", *KINDS])
        out.writerows([word, each.rare, *(each.kinds[kind] for kind in KINDS)] for word, each in table.items())


def apart(known: Sequence[Text]) -> Iterator[tuple[str, Leaning]]:
    """The kind of each text, with what words lean to that were weighed in other texts alone."""
    from sklearn.model_selection import StratifiedKFold

    parts = StratifiedKFold(PARTS, shuffle=True, random_state=0).split(known, [kind for *_, kind in known])
    for learned, left in parts:
        table = fit([known[at] for at in learned])
        for subject, body, kind in (known[at] for at in left):
            yield kind, word_weights.leaning(sentences(requests.sober(f"{subject.strip()}\n{body}")), table)


def main() -> None:
    known = texts()
    write(fit(known))
    read = [(kind, found.shares) for kind, found in apart(known) if kind != word_weights.OUTAGE]
    right = sum(kind == max(shares, key=lambda each: shares[each]) for kind, shares in read)
    print(f"{len(word_weights.weights()) - 1} words, weighed in {len(known)} texts. Of texts in which they were not weighed, "
          f"single words alone tell the kind of {right / len(read):.0%}.")  # fmt: skip


if __name__ == "__main__":
    main()
