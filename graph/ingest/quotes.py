"""Passages that are given by their words: where these stand in the text of their source."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from graph.errors import InputError
from graph.ingest.staging import Spool
from graph.model.passages import QuoteError, find_quote
from graph.model.text import sha256

Texts = Callable[[str], str | None]
"""The normalised text of that sha256, or None where it is not at hand."""

_QUOTED: Final = """
SELECT p.id, p.quote, p.file, p.row, s.id AS source,
       json_extract(s.properties, '$.text_sha256') AS text
FROM passage p JOIN source s ON s.id = p.source WHERE p.quote IS NOT NULL ORDER BY s.rowid, p.rowid
"""


def place_quotes(spool: Spool, texts: Texts) -> None:
    """Give each quoted passage its place and sha256; what cannot be found is noted as a problem."""
    known, text = None, None
    for row in list(spool.rows(_QUOTED)):
        if row["text"] != known:
            known = row["text"]
            text = texts(known) if known else None
        try:
            if text is None:
                raise QuoteError(
                    f"the text of {row['source']}, which should hold the words, is not at hand",
                    f"run `sutra attach {row['source']} FILE --folder FOLDER` first, or give start "
                    "and end",
                )
            start, end = find_quote(text, *json.loads(row["quote"]))
        except QuoteError as error:
            spool.refuse(
                InputError(
                    error.problem,
                    file=row["file"], row=row["row"], column="exact", remedy=error.remedy,
                )
            )  # fmt: skip
        else:
            spool.place(row["id"], start, end, sha256(text[start:end]))
