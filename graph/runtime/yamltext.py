"""The one way in which the program reads YAML: `case.yaml`, and the headers of saved queries.

What is read is a small part of YAML: lists, keys that are texts, and plain values that are a text,
a number, true, false or null. A date stays the text that it is, and so does `no`. Left out is what
surprises or what grows: anchors and aliases, tags, a key that stands twice, more documents than
one, nesting without end, and characters that steer a terminal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

MOST_VALUES: Final = 50_000
DEEPEST: Final = 30

# libyaml, where its wheel has it, is some twenty times as fast.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_WHOLE: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FRACTION: Final = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_CONSTANTS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]


class YamlProblem(Exception):  # noqa: N818 (whoever reads the file makes an error of it)
    """Why a text cannot be read, in words, and the line, from 1 on, if it is one."""

    def __init__(self, problem: str, line: int | None) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line


@dataclass(frozen=True, slots=True)
class Yaml:
    """What a text says, and the line of each key and of each item by the way to it."""

    value: Any
    lines: Mapping[Path, int]


def read(text: str) -> Yaml:
    """What a text says in YAML. Raises YamlProblem."""
    control = _CONTROL.search(text)
    if control:
        raise YamlProblem(_holds(control[0]), text.count("\n", 0, control.start()) + 1)
    try:
        return _Builder(yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlProblem(
            f"is not YAML ({error.problem or error.context})", mark.line + 1 if mark else None
        ) from error
    except yaml.YAMLError as error:
        raise YamlProblem(f"is not YAML ({' '.join(str(error).split())})", None) from error


def _holds(character: str) -> str:
    code = ord(character)
    if code == 0:
        return "holds a NUL byte"
    if code >= 0xD800:
        return f"holds half of a character (U+{code:04X})"
    return f"holds the control character U+{code:04X}"


@dataclass
class _Builder:
    """Makes values of YAML's events, so that nothing is built before it is known to be allowed."""

    events: Iterator[Any]
    lines: dict[Path, int] = field(default_factory=dict)
    values: int = 0

    def document(self) -> Yaml:
        next(self.events)  # the stream begins
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return Yaml(None, {(): 1})
        value = self._value(next(self.events), ())
        next(self.events)  # the document ends
        more = next(self.events)
        if not isinstance(more, yaml.StreamEndEvent):
            self._fail("holds more than one document", more)
        return Yaml(value, self.lines)

    def _value(self, event: Any, path: Path) -> Any:
        self._admit(event, path)
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return self._plain(event) if event.implicit[0] else self._text(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._mapping(path)

    def _admit(self, event: Any, path: Path) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._fail(
                f"refers to “{str(event.anchor)[:40]}” with *, which is not read here", event
            )
        if event.anchor is not None:
            self._fail(f"names a value with &{event.anchor[:40]}, which is not read here", event)
        if event.tag is not None:
            self._fail(f"has the tag {event.tag[:40]}, which is not read here", event)
        if len(path) > DEEPEST:
            self._fail(f"is nested more than {DEEPEST} deep", event)
        self.values += 1
        if self.values > MOST_VALUES:
            self._fail(f"holds more than {MOST_VALUES:,} values", event)

    def _list(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key in found:
                self._fail(f"“{key[:40]}” stands twice", event)
            self.lines[*path, key] = _line(event)
            found[key] = self._value(next(self.events), (*path, key))
        return found

    def _key(self, event: Any, path: Path) -> str:
        self._admit(event, path)
        if not isinstance(event, yaml.ScalarEvent):
            self._fail("has a list or a mapping for a key; a key is a text", event)
        key = self._plain(event) if event.implicit[0] else self._text(event)
        if not isinstance(key, str):
            self._fail(f"has the key {event.value[:40]}, which is no text; put it in quotes", event)
        return str(key)

    def _plain(self, event: yaml.ScalarEvent) -> Any:
        text = self._text(event)
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _WHOLE.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        return text

    def _text(self, event: yaml.ScalarEvent) -> str:
        text = str(event.value)
        control = _CONTROL.search(text)  # written as an escape, it did not stand in the file
        if control:
            self._fail(_holds(control[0]), event)
        return text

    def _fail(self, problem: str, event: Any) -> None:
        raise YamlProblem(problem, _line(event))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
