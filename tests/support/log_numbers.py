"""The numbers that errors have in the log, which differ each time."""

from __future__ import annotations

import re


def without_numbers(text: str) -> str:
    """What a command said, without the numbers."""
    return re.sub(r" \(log [0-9a-f]{8}\)", "", text)
