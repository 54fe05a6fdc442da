"""Reading Cypher text as a series of tokens: strings, escapes, quoted names and comments.

Not a parser: it knows where a string, a comment or a name begins and ends, and which brackets
belong together, and that is all that the checks of query files and of an analyst's own text need.
Where two engines could read a character differently it raises `CypherTextError` instead of
choosing: a text that is read in two ways is a text that a check cannot vouch for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

TokenKind = Literal["name", "quoted", "string", "number", "parameter", "symbol"]

LONGEST: Final = 30_000
"""Characters of a text, at most: so many are read within a tenth of a second, whatever they are."""

OPENERS: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSERS: Final = {v: k for k, v in OPENERS.items()}
_DOUBLE: Final = frozenset({"..", "=~", "<=", ">=", "<>", "+=", "||", "::"})
_SINGLE: Final = frozenset("()[]{}<>-=+*/%^.,:;|&!?$")
_NUMBER: Final = re.compile(
    r"0[xX][0-9a-fA-F_]+|0o[0-7_]+|"
    r"(?:[0-9][0-9_]*(?:\.[0-9][0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?"
)
# Each of these is tried at every character: none may look far ahead and then fail.
_UNICODE_ESCAPE: Final = re.compile(r"\\[uU]")
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_LINE_END: Final = re.compile(r"[\r\n]")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What only some readers take for the end of a line: all control characters but tab and line ends.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_SHOWN: Final = 40
"""Characters of a number that a message repeats."""


class CypherTextError(ValueError):
    """The text cannot be read in one way only. `line` counts from 1."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line


class Token(NamedTuple):
    """One token. `text` is what a name, string or parameter means, without its quotes.

    `start` and `end` are offsets into the text that was read, `line` counts from 1.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    line: int

    @property
    def word(self) -> str:
        """An unquoted name as the keyword it could be read as, in capitals; else nothing.

        Folds what some lexers fold: full-width letters, the long s, the dotless i.
        """
        return fold(self.text) if self.kind == "name" else ""

    def is_symbol(self, *texts: str) -> bool:
        """Whether it is one of these symbols."""
        return self.kind == "symbol" and self.text in texts


def fold(text: str) -> str:
    """The capitals that the most lenient reader of keywords would see."""
    if text.isascii():
        return text.upper()
    return unicodedata.normalize("NFKC", text).upper().replace("\u0130", "I")


def tokenize(text: str) -> list[Token]:
    """All tokens of a Cypher text, without comments and white space.

    Raises CypherTextError where a string, quoted name or comment does not end, brackets do not
    match, or a character could be read in two ways, and for a text longer than LONGEST.
    """
    check_length(text)
    tokens = list(_Reader(text).tokens())
    _check_brackets(tokens)
    return tokens


def check_length(text: str) -> None:
    """Raise CypherTextError for a text longer than LONGEST."""
    if len(text) > LONGEST:
        raise CypherTextError(
            f"the text is {len(text):,} characters long, and a query has at most {LONGEST:,}; "
            "put what is long into a parameter",
            1,
        )


def opening_comment(text: str) -> tuple[str, int] | None:
    """The content of the block comment that opens the text and the offset just after it.

    None if the text does not open with one. Raises CypherTextError if it does not end, and for a
    text longer than LONGEST.
    """
    check_length(text)
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    if not text.startswith("/*", start):
        return None
    end = text.find("*/", start + 2)
    if end < 0:
        raise CypherTextError("the comment that opens the file does not end", 1)
    return text[start + 2 : end], end + 2


def depths(tokens: Sequence[Token]) -> list[int]:
    """For each token the number of brackets around it (an opener and its closer count outside)."""
    found, depth = [], 0
    for token in tokens:
        if token.is_symbol(*_CLOSERS):
            depth -= 1
        found.append(depth)
        if token.is_symbol(*OPENERS):
            depth += 1
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1
        escape = _UNICODE_ESCAPE.search(text)
        if escape:
            # Some servers replace \uXXXX before they look for strings and comments, so that an
            # escaped quote ends a string.
            line = text.count("\n", 0, escape.start()) + 1
            raise CypherTextError(
                "the text holds a \\u escape, which some servers read before they read the "
                "query; write the character itself, or put the text into a parameter",
                line,
            )
        turn = _BIDI.search(text)
        if turn:
            line = text.count("\n", 0, turn.start()) + 1
            raise CypherTextError(
                f"the text holds {_name_of(turn[0])}, which makes it look other than it runs",
                line,
            )

    def tokens(self) -> Iterator[Token]:
        while True:
            self._skip()
            if self.at >= len(self.text):
                return
            yield self._next()

    def _next(self) -> Token:
        character = self.text[self.at]
        if character in "'\"":
            return self._string(character)
        if character == "`":
            return self._quoted("quoted", self.at)
        if character == "$" and self.at + 1 < len(self.text):
            following = self.text[self.at + 1]
            if following == "`":
                return self._quoted("parameter", self.at)
            if _continues_name(following):
                return self._take("parameter", self.at, self._name_end(self.at + 1), skip=1)
        if _starts_name(character):
            return self._take("name", self.at, self._name_end(self.at))
        number = _NUMBER.match(self.text, self.at)
        if number:
            return self._number(number.end())
        return self._symbol(character)

    def _skip(self) -> None:
        """Go past white space and comments."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if space := _SPACE.match(self.text, self.at):
                self._move(space.end())
            elif character == "/" and self.text.startswith("//", self.at):
                self._line_comment()
            elif character == "/" and self.text.startswith("/*", self.at):
                self._block_comment()
            elif not character.isascii() and unicodedata.category(character) == "Zs":
                self._move(self.at + 1)
            elif self.at == 0 and character == "\ufeff":
                self._move(1)
            else:
                return

    def _line_comment(self) -> None:
        found = _LINE_END.search(self.text, self.at)
        end = found.start() if found else len(self.text)
        self._check_comment(end)
        self._move(end)

    def _block_comment(self) -> None:
        end = self.text.find("*/", self.at + 2)
        if end < 0:
            raise CypherTextError("a comment does not end", self.line)
        if self.text.find("/*", self.at + 2, end) >= 0:
            raise CypherTextError("a comment begins within a comment", self.line)
        self._check_comment(end)
        self._move(end + 2)

    def _check_comment(self, end: int) -> None:
        """Refuse what only some readers take for the end of a line."""
        found = _CONTROL.search(self.text, self.at, end)
        if found:
            line = self.line + self.text.count("\n", self.at, found.start())
            raise CypherTextError(f"a comment holds {_name_of(found[0])}", line)

    def _string(self, quote: str) -> Token:
        at = self.at + 1
        value: list[str] = []
        while at < len(self.text):
            character = self.text[at]
            if character == quote:
                return self._make("string", "".join(value), at + 1)
            if character == "\\" and at + 1 < len(self.text):
                at += 1
                character = _ESCAPES.get(self.text[at], self.text[at])
            value.append(character)
            at += 1
        raise CypherTextError("a string does not end", self.line)

    def _quoted(self, kind: Literal["quoted", "parameter"], start: int) -> Token:
        at = self.text.index("`", start) + 1
        value: list[str] = []
        while at < len(self.text):
            if self.text.startswith("``", at):
                value.append("`")
                at += 2
            elif self.text[at] == "`":
                return self._make(kind, "".join(value), at + 1)
            else:
                value.append(self.text[at])
                at += 1
        raise CypherTextError("a name in backticks does not end", self.line)

    def _number(self, end: int) -> Token:
        if end < len(self.text) and _continues_name(self.text[end]):
            shown = self.text[self.at : end + 1][-_SHOWN:]
            raise CypherTextError(f"a number runs into a word at {shown!r}", self.line)
        return self._make("number", self.text[self.at : end], end)

    def _symbol(self, character: str) -> Token:
        pair = self.text[self.at : self.at + 2]
        if pair in _DOUBLE:
            return self._make("symbol", pair, self.at + 2)
        if character not in _SINGLE:
            raise CypherTextError(
                f"{_name_of(character)} has no place outside strings and backticks", self.line
            )
        return self._make("symbol", character, self.at + 1)

    def _name_end(self, at: int) -> int:
        if plain := _PLAIN_NAME.match(self.text, at):
            at = plain.end()
        while at < len(self.text) and _continues_name(self.text[at]):
            at += 1
        return at

    def _take(self, kind: TokenKind, start: int, end: int, skip: int = 0) -> Token:
        return self._make(kind, self.text[start + skip : end], end)

    def _make(self, kind: TokenKind, text: str, end: int) -> Token:
        token = Token(kind, text, self.at, end, self.line)
        self._move(end)
        return token

    def _move(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.at = end


_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _starts_name(character: str) -> bool:
    if character.isascii():
        return character == "_" or character.isalpha()
    return unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lm", "Lo")


def _continues_name(character: str) -> bool:
    return _starts_name(character) or unicodedata.category(character) in ("Mn", "Mc", "Nd", "Nl")


def _name_of(character: str) -> str:
    """How a character is called in a message: itself if it can be seen, and its code point."""
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "a control character")
    return f"{code} ({name.lower()})"


def _check_brackets(tokens: Sequence[Token]) -> None:
    waiting: list[Token] = []
    for token in tokens:
        if token.is_symbol(*OPENERS):
            waiting.append(token)
        elif token.is_symbol(*_CLOSERS):
            if not waiting or waiting[-1].text != _CLOSERS[token.text]:
                raise CypherTextError(f"'{token.text}' closes nothing", token.line)
            waiting.pop()
    if waiting:
        raise CypherTextError(f"'{waiting[-1].text}' is not closed", waiting[-1].line)
