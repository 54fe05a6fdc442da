"""What is worth telling of inputs that can be used as they are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from graph.ingest.judgement import BEFORE_REPORT
from graph.ingest.staging import Spool
from graph.model.records import Case
from graph.model.wording import counted

_RULES: Final = """
SELECT rule, count(*) AS n, min(file) AS file FROM (
    SELECT rule, file FROM support WHERE rule IS NOT NULL
    UNION ALL SELECT rule, file FROM relay WHERE rule IS NOT NULL
    UNION ALL SELECT when_rule, file FROM claim WHERE when_rule IS NOT NULL
    UNION ALL SELECT json_extract(properties, '$.published_rule'), file FROM source
              WHERE json_extract(properties, '$.published_rule') IS NOT NULL
) GROUP BY rule ORDER BY rule
"""

_STRETCHES: Final = """
SELECT s.id, json_extract(s.properties, '$.text_length') AS length, p.start, p.stop
FROM source s JOIN (SELECT source, start, stop FROM passage WHERE stop IS NOT NULL
                    UNION ALL SELECT source, start, stop FROM gap) p ON p.source = s.id
WHERE length IS NOT NULL ORDER BY s.rowid, p.start
"""


def remarks(spool: Spool, case: Case) -> Iterator[str]:
    """A sentence on each rule that `case.yaml` does not list, and one on text that is not covered.

    A text is covered by passages and by what `nothing.csv` says of it.
    """
    for row in spool.rows(_RULES):
        if row["rule"] not in case.rules and row["rule"] != BEFORE_REPORT:
            yield (
                f"The rule “{row['rule']}” is used in {counted(row['n'], 'row')}, first in "
                f"{row['file']}, and case.yaml does not list it."
            )
    texts, left = 0, 0
    for _, stretches in groupby(spool.rows(_STRETCHES), key=itemgetter("id")):
        open_ = _uncovered([(r["length"], r["start"], r["stop"]) for r in stretches])
        texts, left = texts + bool(open_), left + open_
    if left:
        yield (
            f"{counted(left, 'code point')} of {counted(texts, 'text')} "
            f"{'is' if left == 1 else 'are'} in no passage and not in nothing.csv."
        )


def _uncovered(stretches: list[tuple[int, int, int]]) -> int:
    """How many code points of a text lie in no stretch (length, start, end), ordered by start."""
    length, reached, left = stretches[0][0], 0, 0
    for _, start, end in stretches:
        left += max(0, start - reached)
        reached = max(reached, end)
    return left + max(0, length - reached)
