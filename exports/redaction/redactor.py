"""Texts, captions and ids of one pack, with whoever is not named called by a pseudonym."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from exports.choices import Choices
from exports.material import Material
from exports.names.decide import decide
from exports.pack.report import LeftOut, Report


class Redactor:
    """Makes the texts and ids of one pack. What it decides on the way goes into its report."""

    def __init__(self, material: Material, choices: Choices) -> None:
        self.material, self.choices, self.schema = material, choices, material.schema
        self.naming = decide(material, choices)
        self.report = Report(
            choices.pack, material.engine, material.view.cypher, material.view.parameters,
            overrides=dict(choices.overrides), allowed=dict(choices.allowed),
            others=dict(choices.others),
        )  # fmt: skip
        self.local = material.local
        self._changed: dict[str, str] = self.report.ids
        self._unchanged: set[str] = set()

    # --- ids ------------------------------------------------------------------------------------

    def id(self, kind: str, id_: str, *, hide: bool = False) -> str:
        """The pack's id of an id of the graph: the local one, unless that would tell a name."""
        local = self.local(id_)
        if id_ in self._changed or id_ in self._unchanged:
            return self._changed.get(id_, local)
        terms = (self.naming.private, self.naming.protected)
        if hide or self.naming.is_redacted(id_) or any(t.in_id(local) for t in terms):
            local = self._changed[id_] = (
                f"{kind.lower()}-{self.choices.code(kind, id_, 10).lower()}"
            )
        elif kind in self.schema.nodes:
            self._unchanged.add(id_)  # of claims and passages there may be too many to remember
        return local

    def entity_id(self, id_: str) -> str:
        """The pack's id of an entity."""
        return self.id(self.material.entities[id_].label, id_)

    def known_id(self, id_: str) -> str:
        """The pack's id of what has one already, by its id with or without the case."""
        local = self.local(id_)
        return self._changed.get(self.graph_id(local), local)

    def graph_id(self, local: str) -> str:
        """The graph's id of a local one."""
        return f"{self.material.case}:{local}"

    # --- texts ----------------------------------------------------------------------------------

    def text(self, text: str, about: Iterable[str] = ()) -> str:
        """A text on these entities, with whoever is not named called by a pseudonym."""
        alone = self._singles(about)
        out = self.naming.private.replaced(text, alone)
        if out != text:
            for owner in self.naming.private.owners_in(text, alone):
                self.report.replaced[owner] = self.report.replaced.get(owner, 0) + 1
        return out

    def optional(self, text: str | None, about: Iterable[str] = ()) -> str | None:
        """What `text` makes of a text, None where there is none."""
        return None if text is None else self.text(text, about)

    def value(self, value: Any, about: Iterable[str] = ()) -> Any:
        """A property's value, with the texts in it as `text` makes them."""
        if isinstance(value, str):
            return self.text(value, about)
        if isinstance(value, list | tuple):
            return [self.value(item, about) for item in value]
        return value

    def caption(self, id_: str) -> str:
        """What an entity is called in the pack."""
        decision = self.naming.decisions.get(id_)
        if decision is not None and decision.instead:
            return decision.instead
        return self.text(self.material.entities[id_].caption, self.around(id_))

    def around(self, id_: str) -> frozenset[str]:
        """An entity, and the other ends of the view's claims on it."""
        return self._other_ends.get(id_, frozenset()) | {id_}

    def names_protected(self, about: Iterable[str], *texts: object) -> bool:
        """Whether a text on these entities names somebody of whom there must be no trace."""
        protected = self.naming.protected
        if not protected:
            return False
        alone = self._singles(about)
        return any(protected.tells(text, alone) for text in texts if isinstance(text, str))

    def _singles(self, about: Iterable[str]) -> frozenset[str]:
        return self.naming.singles(about) if self._has_singles else frozenset()

    @cached_property
    def _has_singles(self) -> bool:
        return any(one.singles for one in self.naming.namesakes.values())

    @cached_property
    def _other_ends(self) -> Mapping[str, frozenset[str]]:
        """The ends of the claims on each entity; only of use where a name is a single word."""
        found: dict[str, set[str]] = {}
        for claim in self.material.claims if self._has_singles else ():
            for end in claim.ends:
                found.setdefault(end, set()).update(claim.ends)
        return {id_: frozenset(others) for id_, others in found.items()}

    # --- the report -----------------------------------------------------------------------------

    def leave_out(self, what: str, id_: str, why: str) -> None:
        """Note that something stays behind."""
        self.report.left_out.append(LeftOut(what, id_, why))
