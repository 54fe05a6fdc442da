"""How the claims of a case differ from each other. Only value and polarity contest.

Found by five comparisons over the spool:

- *value*: two figures for one measure that cannot both be right;
- *precision*: two figures for one measure that can;
- *wording*: two wordings for one measure, of sources that do not both use both;
- *polarity*: one claim asserted and denied;
- *level*: one relationship told of a body and of a part of it.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator
from typing import Final

from graph.ingest.staging import Spool
from graph.model.dates import bounds
from graph.model.types.claims import AFFIRMATIVE, NEGATIVE

_SAME_MEASURE: Final = """
SELECT a.id AS one, b.id AS other, a.number AS number_a, b.number AS number_b,
       a.value AS value_a, b.value AS value_b, a.unit AS unit,
       a.comparator AS comparator_a, b.comparator AS comparator_b
FROM claim a JOIN claim b ON b.subject = a.subject AND b.measure = a.measure
     AND b.kind = a.kind AND b.unit IS a.unit AND b.base IS a.base AND b.id > a.id
WHERE a.kind = ? AND a.polarity = ? AND b.polarity = ?
"""

_OTHERS: Final = """
AND EXISTS (SELECT 1 FROM support s JOIN passage p ON p.id = s.passage WHERE s.claim = {a}.handle
            AND p.source NOT IN (SELECT q.source FROM support t JOIN passage q ON q.id = t.passage
                                 WHERE t.claim = {b}.handle))
"""

_DIFFERENT_WORDS: Final = (
    _SAME_MEASURE + _OTHERS.format(a="a", b="b") + _OTHERS.format(a="b", b="a")
)

# The key ends in the polarity, and the rest of it is equal: see Claim.key. Here and below the order
# of the joins is fixed: the other way round they meet every claim of a hub with every other.
_POLARITY: Final = """
SELECT min(a.id, b.id) AS one, max(a.id, b.id) AS other
FROM claim a CROSS JOIN claim b ON b.key = substr(a.key, 1, length(a.key) - length(:no)) || :yes
WHERE a.polarity = :negative
"""

_LEVEL: Final = """
WITH part AS (SELECT subject AS lower, object AS upper FROM claim
              WHERE predicate IN (SELECT value FROM json_each(:parts)) AND polarity = :yes)
SELECT min(a.id, b.id) AS one, max(a.id, b.id) AS other
FROM part CROSS JOIN claim a ON a.subject = part.lower
     AND a.predicate NOT IN (SELECT value FROM json_each(:parts))
     CROSS JOIN claim b ON b.subject = part.upper
     AND b.predicate = a.predicate AND b.object = a.object AND b.properties = a.properties
WHERE a.polarity = :yes AND b.polarity = :yes
UNION
SELECT min(a.id, b.id), max(a.id, b.id)
FROM part CROSS JOIN claim a ON a.object = part.lower
     AND a.predicate NOT IN (SELECT value FROM json_each(:parts))
     CROSS JOIN claim b ON b.subject = a.subject
     AND b.predicate = a.predicate AND b.object = part.upper AND b.properties = a.properties
WHERE a.polarity = :yes AND b.polarity = :yes
"""


def differences(spool: Spool) -> Iterator[tuple[str, str, str]]:
    """Pairs of local claim ids that differ, the lesser first, and how."""
    affirmed = (AFFIRMATIVE, AFFIRMATIVE)
    for row in spool.rows(_SAME_MEASURE, ["figure", *affirmed]):
        yield row["one"], row["other"], "precision" if compatible(row) else "value"
    for row in spool.rows(_DIFFERENT_WORDS, ["wording", *affirmed]):
        yield row["one"], row["other"], "wording"
    ends = {"negative": NEGATIVE, "no": f'"{NEGATIVE}"]', "yes": f'"{AFFIRMATIVE}"]'}
    for row in spool.rows(_POLARITY, ends):
        yield row["one"], row["other"], "polarity"
    parts = json.dumps(spool.schema.names("part"))
    for row in spool.rows(_LEVEL, {"yes": AFFIRMATIVE, "parts": parts}):
        yield row["one"], row["other"], "level"


def compatible(pair: sqlite3.Row | dict[str, object]) -> bool:
    """Whether two figures of one unit can both be right."""
    if pair["unit"] == "edtf":
        return bounds(str(pair["value_a"])).overlaps(bounds(str(pair["value_b"])))
    low_a, high_a = span(str(pair["value_a"]), str(pair["comparator_a"]), str(pair["unit"]))
    low_b, high_b = span(str(pair["value_b"]), str(pair["comparator_b"]), str(pair["unit"]))
    return max(low_a, low_b) <= min(high_a, high_b)


_APPROXIMATELY: Final = 0.05
"""How far from its value, as a share of it, a figure may lie that is told as “about”."""


def span(value: str, comparator: str, unit: str) -> tuple[float, float]:
    """The least and the greatest number that a figure allows.

    A count is exact; a share stands for all that rounds to it at the precision written.
    """
    number = float(value)
    decimals = len(value.partition(".")[2])
    half = 0.5 * 10**-decimals if unit == "percent" else 0.0
    # The bounds of a strict comparison are open; a hair keeps them so.
    hair = 1e-9 * max(1.0, abs(number))
    match comparator:
        case ">":
            return number + hair, math.inf
        case ">=":
            return number, math.inf
        case "<":
            return -math.inf, number - hair
        case "<=":
            return -math.inf, number
        case "~":
            margin = abs(number) * _APPROXIMATELY + half
            return number - margin, number + margin
        case "unknown":
            return -math.inf, math.inf
        case _:
            return number - half, number + half
