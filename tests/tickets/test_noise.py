"""Sums of money as machines write them: read where they can mean one thing only."""

from __future__ import annotations

from decimal import Decimal

import pytest
from building import build_case

from deskbook.tickets.noise import amount, recognise


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        ("1260", "1260"), ("1260.5", "1260.5"), ("1260,50", "1260.50"), ("1,260.00", "1260"), ("1.260,00", "1260"), ("1,260", "1260"),
        ("1.260", "1260"), ("12,345,678.90", "12345678.90"), ("12.345.678,90", "12345678.90"), ("0.99", "0.99"), ("0", "0"),
        (" 1260. ", "1260"), ("1,260.00,", "1260"),
    ],
)  # fmt: skip
def test_a_sum_is_read_in_either_notation(text: str, sum_: str) -> None:
    assert amount(text) == Decimal(sum_)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n/a",
        "-5",
        "1 260",
        "1,2,3",
        "1.260.00",
        "1,26,000",
        "0,125",
        "1260.123",
        "12.34,5.6",
        ".",
        "1e3",
        "٣",
        "USD 5",
    ],
)
def test_a_sum_that_could_be_another_is_none(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(
    ("forecast", "rise"),
    [
        ("132.12", 20.0),
        ("132.13", 20.009),
        ("110.10", 0.0),
        ("55.05", -50.0),
        ("1 320.12", None),
        ("1'320.12", None),
        ("1.3K", None),
        ("", None),
    ],
)
def test_the_rise_is_exact_and_never_guessed(forecast: str, rise: float | None) -> None:
    body = f"Account: aurora-aws<br>Forecast: {forecast}<br>Last month: 110.10"
    noise = recognise(
        build_case({"from": "AWS <no-reply-aws@amazon.com>", "ticket": {"subject": "Budget", "body": body}})
    )
    assert noise is not None
    assert noise.rise == (rise if rise in (None, 20.0, 0.0, -50.0) else pytest.approx(rise, abs=0.001))
