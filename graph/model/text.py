"""How text is normalised before it is hashed, counted or searched.

One rule for the texts of sources: bytes are decoded as declared, a byte order mark is dropped, line
ends become LF, and the text is brought to Unicode NFC. Offsets of selectors count code points of
the result; `sha256` is taken over its UTF-8 bytes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii


def normalise(data: bytes, encoding: str = "utf-8") -> str:
    """The text of `data` under the rule of this module.

    Raises UnicodeDecodeError where the bytes are not in that encoding.
    """
    text = data.decode(encoding).removeprefix("\ufeff")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def sha256(data: str | bytes) -> str:
    """The sha256 of bytes, or of a text's UTF-8 bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    """`text` as it may be printed: what would steer a terminal stands there as an escape.

    That is control characters, line ends and tabs excepted, what turns the direction of writing
    round, and halves of characters, which no encoding can write.
    """
    return _UNPRINTABLE.sub(lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    code = ord(character)
    # A byte of a file's name or an argument that is no UTF-8: Python keeps it so.
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def in_one_line(text: str) -> str:
    """`text` as it may be printed within a line."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


_NO_WORD: Final = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """`text` for searching: in Latin letters, without accents, in lower case, single-spaced.

    Every script is transliterated by anyascii, so that a name is found from any of them. What is
    neither letter nor digit becomes a space: what remains is safe inside a full-text query.
    """
    latin = text if text.isascii() else "".join(map(_latin, unicodedata.normalize("NFC", text)))
    return _NO_WORD.sub(" ", latin.lower()).strip()


@lru_cache(maxsize=10_000)
def _latin(char: str) -> str:
    """A character in Latin letters; a soft sign parts no word."""
    if "ANUSVARA" in unicodedata.name(char, ""):
        return "n"  # the nasal before most consonants; anyascii has m
    found = anyascii(char)
    return found.replace("'", "") if char.isalpha() else found


def parts(text: str) -> list[list[str]]:
    """The words of a text, as spaces part them, each as the folded parts between the marks in it.

    Any mark parts alike: an apostrophe or a geresh of any kind, a hyphen, a middle dot, a full
    stop, and what nobody sees, as a soft hyphen or a joiner of width zero.
    """
    words = ("".join(" " if _is_mark(c) else c for c in word) for word in text.split())
    return [found for word in words if (found := fold(word).split())]


@lru_cache(maxsize=10_000)
def _is_mark(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Lm" or char in _SALTILLO:
        # Some apostrophes count as letters; so does what lengthens a sound, which is no mark.
        return bool(latin := anyascii(char)) and not latin.strip("'`")
    return category[0] not in "LMN"


_SALTILLO: Final = "\ua78b\ua78c"


def slug(text: str, most: int = 60) -> str:
    """`text` as lower-case ASCII words joined by hyphens, at most `most` characters."""
    return fold(text).replace(" ", "-")[:most].strip("-")
