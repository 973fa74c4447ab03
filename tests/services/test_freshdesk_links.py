"""Which addresses lead to our helpdesk."""

from __future__ import annotations

import pytest
from helpdesks import ORGANIZATION
from yardstick import ENOUGH, yards

from deskbook.services.freshdesk.links import linked, ticket_address

HELPDESK = ORGANIZATION.support.helpdesk


def test_links_to_our_helpdesk_are_found_and_no_others() -> None:
    body = """https://2i2c.freshdesk.com/a/tickets/12, [one](https://2i2c.freshdesk.com/helpdesk/tickets/7?x=1#note)
    <https://2I2C.freshdesk.com/a/tickets/12/> `http://2i2c.freshdesk.com/a/tickets/9`. **https://2i2c.freshdesk.com/a/contacts/43000123/timeline**
    https://2i2c.freshdesk.com.evil.example/a/tickets/1 https://evil.example/?u=https://2i2c.freshdesk.com/a/tickets/2
    https://evil@2i2c.freshdesk.com/a/tickets/3 https://other.freshdesk.com/a/tickets/4 https://2i2c.freshdesk.com/a/tickets/filters/5
    https://2i2c.freshdesk.com/a/tickets/6x https://2i2c.freshdesk.com/a/tickets/٣ https://[bad /a/tickets/8
    https://2i2c.freshdesk.com/a/tickets/99999999999999999999 https://2i2c.freshdesk.com/helpdesk/contacts/5"""
    assert linked(HELPDESK, body) == ((12, 7, 9), (43000123,))


def test_our_own_address_is_recognised() -> None:
    assert linked(HELPDESK, f"### Freshdesk ticket link\n\n{ticket_address(HELPDESK, 101)}\n\nmore") == ((101,), ())


@pytest.mark.parametrize("piece", ["https://", "https://2i2c.freshdesk.com/a/tickets/1 ", "https://[", "https://a."])
def test_a_long_hostile_text_takes_no_time(piece: str) -> None:
    assert yards(lambda: linked(HELPDESK, piece * (200_000 // len(piece)))) < ENOUGH
