"""Exact decimals and amounts of money: how they are written, stored, and read to people.

The text is kept exactly as a decimal; beside it stands a float, by which both engines sort and
compare alike, and the code of the currency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from graph.model.schema import Property

_DECIMAL: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")

_CODES: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP
    BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB
    EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD
    JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU
    MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY
    TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XCD XCG XDR XOF XPD
    XPF XPT XSU XUA YER ZAR ZMW ZWG ZWL
    ATS BEF CYP DEM EEK ESP FIM FRF GRD IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK
"""
CURRENCIES: Final = frozenset(_CODES.split())
"""The currencies of ISO 4217, and in the last line those that the euro replaced."""


def decimal(text: str) -> Decimal | None:
    """The exact number that `text` writes in digits, with a point before decimals; else None."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def money(text: str) -> tuple[Decimal, str] | None:
    """The amount and the currency of a text like “12500.50 EUR”; None if it is none."""
    amount, _, currency = text.partition(" ")
    number = decimal(amount)
    return None if number is None or currency not in CURRENCIES else (number, currency)


def number_of(value: str) -> float:
    """The number of a stored decimal or amount, for what counts and sorts."""
    return float(value.partition(" ")[0])


def stored(properties: Mapping[str, Any], declared: Iterable[Property]) -> dict[str, Any]:
    """The properties, with what is stored beside each decimal and each amount."""
    found = dict(properties)
    for prop in declared:
        if prop.beside and prop.name in properties:
            number, _, currency = str(properties[prop.name]).partition(" ")
            found |= zip(prop.beside, (float(number), currency), strict=False)
    return found


def amount_words(value: str) -> str:
    """A stored decimal or amount for people: “12,500.50 EUR”."""
    number, _, currency = value.partition(" ")
    whole, point, part = number.partition(".")
    grouped = f"{int(whole):,}"
    sign = "-" if whole.startswith("-") and not grouped.startswith("-") else ""
    return f"{sign}{grouped}{point}{part}{' ' if currency else ''}{currency}"
