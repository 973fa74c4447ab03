"""The page *Speed* takes what was measured between its marks, and keeps the words around it."""

from __future__ import annotations

from bench.__main__ import BEGIN, END, PAGE, on_page


def test_a_measurement_takes_the_place_of_the_one_before() -> None:
    text, row = PAGE.read_text(encoding="utf-8"), ("a run", "≤ 2", "1.5")
    new = on_page(text, [row], "Measured here.")
    assert "| a run | ≤ 2 | 1.5 |\n\nMeasured here." in new
    assert (new.partition(BEGIN)[0], new.partition(END)[2]) == (text.partition(BEGIN)[0], text.partition(END)[2])
    assert text.partition(END)[2]
    assert on_page(new, [row], "Measured here.") == new
