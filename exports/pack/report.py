"""What the newsroom reads before a pack goes out, and never gives away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from exports.choices import Choices, Reply
from exports.names.decide import Decision, Namesake
from exports.names.terms import words_of
from exports.writing.texts import Rows
from exports.writing.texts import markdown_text as _md
from graph.model.wording import counted


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that stayed behind, and why."""

    what: str
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Allegation:
    """A party that stands under an allegation, and the replies that the newsroom has on it."""

    party: str
    caption: str
    said: str
    number: int
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A word of somebody's name that stands for something else, or may.

    `owners` are those of whose names it is one, `names` the names of others that it stands in,
    `count` how often it stands by itself; `decided` is why it is not the person, if anybody said.
    """

    word: str
    owners: tuple[str, ...]
    names: tuple[str, ...]
    count: int
    decided: str

    def where(self) -> str:
        """Where it stands, in words."""
        listed = ", ".join(self.names[:_LISTED])
        if len(self.names) > _LISTED:
            listed += f" and {len(self.names) - _LISTED:,} more"
        times = f"{counted(self.count, 'time')} by itself"
        return "; ".join(filter(None, [listed, times if self.count else ""]))


_LISTED: Final = 12
"""Names that one line lists."""


def _folded(word: str) -> str:
    return "".join(words_of(word))


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in a row, those that follow each other as a range: “1–3, 7”."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)


@dataclass
class Report:
    """Everything about a pack that is for the newsroom alone.

    `namesakes` are named although their name has a word of somebody's who is not, `undecided`
    counts such words in the pack by themselves, `others` are those that somebody has decided on.
    `ids` maps an id of the graph to the pack's where they differ, `replaced` counts the texts in
    which somebody's name was replaced, by id. `unchecked` and `void` are numbers of facts: those
    that no second person has checked, and among them those whose check no longer holds. `supports`
    names the passages that stayed behind, by claim. `checks`
    has for each fact the claim, the code of its evidence, and who checked it when.
    """

    pack: str
    engine: str
    cypher: str
    parameters: Mapping[str, Any]
    decisions: list[Decision] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    replaced: dict[str, int] = field(default_factory=dict)
    allegations: list[Allegation] = field(default_factory=list)
    unchecked: list[int] = field(default_factory=list)
    void: list[int] = field(default_factory=list)
    checks: Sequence[tuple[str, str, tuple[str, str] | None]] = ()
    warnings: list[str] = field(default_factory=list)
    undecided: dict[str, int] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)
    allowed: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    namesakes: list[Namesake] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    supports: dict[str, list[str]] = field(default_factory=dict)

    def markdown(self) -> str:
        """The report as a page to read."""
        parts = (self._head, self._naming, self._shared, self._before, self._how)
        return "\n".join(line for part in parts for line in part()) + "\n"

    def shared(self) -> list[Shared]:
        """The single words of names that stand in the pack for something else, or may.

        One list for one decision; it begins with what nobody has decided on.
        """
        written: dict[str, set[str]] = {}
        owners: dict[str, set[str]] = {}
        where: dict[str, list[str]] = {}
        for one in self.namesakes:
            for word, whose in one.words.items():
                key = _folded(word)
                written.setdefault(key, set()).add(word)
                owners.setdefault(key, set()).update(whose)
                if one.caption not in where.setdefault(key, []):
                    where[key].append(one.caption)
        for word in self.undecided:
            written.setdefault(_folded(word), set()).add(word)
        counts = {_folded(word): count for word, count in self.undecided.items()}
        decided = {_folded(word): reason for word, reason in self.others.items()}
        made = [
            Shared(
                min(written[key]),  # with a capital, if it is ever written so
                tuple(sorted(owners.get(key, ()))),
                tuple(where.get(key, ())),
                counts.get(key, 0),
                decided.get(key, ""),
            )
            for key in sorted(written)
        ]
        return sorted(made, key=lambda shared: bool(shared.decided))

    @property
    def open_words(self) -> list[str]:
        """The words of that list that nobody has decided on."""
        return [one.word for one in self.shared() if not one.decided]

    def _head(self) -> list[str]:
        return [
            f"# For the newsroom only: {self.pack}",
            "",
            "This page names who is not named in the pack. Keep it; do not send it.",
            "",
        ]

    def _naming(self) -> list[str]:
        lines = ["## Who is not named, and why", ""]
        for d in self.decisions:
            stands = f", called {d.instead}" if d.instead else ""
            texts = self.replaced.get(d.id, 0)
            seen = f"; replaced in {texts} text{'s' if texts > 1 else ''}" if texts else ""
            lines.append(f"- {_md(d.caption)} ({d.id}): {d.how}{stands}. {_md(d.why)}{seen}")
        lines += [] if self.decisions else ["Everybody is named."]
        lines += ["", "## What stayed behind", ""]
        lines += [f"- {out.what} {out.id}: {_md(out.why)}" for out in self.left_out]
        lines += [] if self.left_out else ["Nothing."]
        return [*lines, ""]

    def _shared(self) -> list[str]:
        listed = self.shared()
        if not listed:
            return []
        lines = [
            "## Words of their names that stand for something else",
            "",
            "Each of these is a single word of the name of somebody who is not named. It stands in",
            "the pack in the name of another, or may be another word. None was changed.",
            "",
        ]
        for one in listed:
            decided = f" Decided: {_md(one.decided)}." if one.decided else ""
            lines.append(f"- “{_md(one.word)}”: {_md(one.where())}.{decided}")
        if words := self.open_words:
            lines += [
                "",
                "If these are not the people, that is one decision: under “Not the people” on the",
                f'Export page, or `--others "{_md(", ".join(words))}=REASON"`. If one of them is,',
                "keep what is called so private (`--private ID`), or leave it out.",
            ]
        return [*lines, ""]

    def _before(self) -> list[str]:
        lines = ["## Look at this before it goes out", ""]
        lines += [f"- {_md(words)}" for words in self.warnings]
        for source, reason in sorted(self.overrides.items()):
            lines.append(
                f"- {_md(source)} gives a name away and is cited all the same: {_md(reason)}"
            )
        for word, reason in sorted(self.allowed.items()):
            lines.append(f"- “{_md(word)}” was let pass: {_md(reason)}")
        lines += ["", "## Parties under an allegation", ""]
        for a in self.allegations:
            lines.append(f"- {_md(a.caption)}: {_md(a.said)} [{a.number}]")
            lines += [
                f"  - asked on {r.asked_on or 'no day'}, until {r.deadline or 'no day'}: "
                f"{_md(r.answer) or 'no answer'}"
                for r in a.replies
            ] or ["  - not asked by the newsroom, as far as it was told here"]
        lines += [] if self.allegations else ["None."]
        lines += ["", "## Not checked by a second person", ""]
        numbers = ranges(self.unchecked)
        lines.append(
            f"{counted(len(self.unchecked), 'fact')}: {numbers}" if numbers else "None: all are."
        )
        if self.void:
            lines += ["", f"Checked once, but the evidence has changed since: {ranges(self.void)}."]
        if self.unchecked:
            lines += [
                "",
                f"Whoever checks them fills in {self.pack}.newsroom.checked.csv; its rows",
            ]
            lines += ["belong into `checked.csv` of the case, or go to `--checked`."]
        return [*lines, ""]

    def checked(self) -> str:
        """A table of what was checked and what is to be, as the case's `checked.csv` has it."""
        stream = io.StringIO()
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("claim", "evidence", "checked_by", "checked_on"))
        table.writerows((claim, code, *(by or ("", ""))) for claim, code, by in self.checks)
        return stream.getvalue()

    def _how(self) -> list[str]:
        parameters = json.dumps(dict(self.parameters), ensure_ascii=False, default=str)
        return [
            "## How it was made",
            "",
            f"Engine: {self.engine}",
            "",
            f"Parameters: {_md(parameters)}",
            "",
            "```cypher",
            self.cypher.replace("```", "` ` `"),
            "```",
        ]

    def record(self, choices: Choices, files: Mapping[str, str]) -> dict[str, Any]:
        """What `sutra verify-pack` and the next pack need to know, ready for JSON."""
        return {
            "pack": self.pack,
            "key": choices.key.hex(),
            "accessed": choices.accessed,
            "files": dict(files),
            "ids": dict(sorted(self.ids.items())),
            "decisions": [
                {"id": d.id, "how": d.how, "why": d.why, "instead": d.instead}
                for d in self.decisions
            ],
            "left_out": [{"what": o.what, "id": o.id, "why": o.why} for o in self.left_out],
            "supports": dict(sorted(self.supports.items())),
            "evidence": Rows(lambda: ([claim, code] for claim, code, _ in self.checks)),
            "overrides": dict(sorted(self.overrides.items())),
            "allowed": dict(sorted(self.allowed.items())),
            "others": dict(sorted(self.others.items())),
        }
