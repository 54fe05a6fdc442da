"""Who is named in a pack, who is not, and why.

`public_role` is named; `named_in_role` is named with the facts of that role; `private` gets a
pseudonym; `protect` is out with every trace. Nobody decided: people and accounts are private. An
organization is named unless it was decided otherwise, or its own name holds one that is not named.
A group of fewer than five loses its description.

The name of another that is named holds somebody's only if it holds the full name or a declared
alias, or if something connects the two: “Dell Inc.” is named although somebody called Dell is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from exports.choices import Choices
from exports.material import Material
from exports.names.named import Named
from exports.names.terms import Kept, Term, Terms, is_single, terms_of, words_of
from graph.model.schema import Schema

How = Literal["named", "role", "private", "protect", "general"]

FEWEST: Final = 5
"""A group of fewer members is described in general words only."""

ROLE_KINDS: Final = frozenset({"wording", "absence"})
"""Other claims that may stay on somebody named in a role."""

_HOWS: Final[Mapping[str, How]] = {
    "public_role": "named",
    "named_in_role": "role",
    "private": "private",
    "protect": "protect",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """How one entity is treated, why, and what it is called in the pack.

    `instead` is empty where nothing stands in its place: it is named, or out with every trace.
    """

    id: str
    label: str
    caption: str
    how: How
    why: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Namesake:
    """A named entity whose name has a word of the name of somebody who is not named.

    `names` are its own, `words` maps such a word to those (ids) of whose names it is one.
    """

    id: str
    caption: str
    names: tuple[str, ...]
    words: Mapping[str, frozenset[str]]

    @property
    def singles(self) -> frozenset[str]:
        """Those of its names that are a single word: in a text that could be the other one."""
        return frozenset(filter(is_single, self.names))

    @property
    def owners(self) -> frozenset[str]:
        """Of whose names it has a word."""
        return frozenset().union(*self.words.values())


@dataclass(frozen=True)
class Naming:
    """Every decision that is not plainly “named”, and the spellings that must not leave.

    `namesakes` are named all the same, by id; `kept` are their names.
    """

    decisions: Mapping[str, Decision]
    private: Terms
    protected: Terms
    namesakes: Mapping[str, Namesake] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)

    def singles(self, about: Iterable[str]) -> frozenset[str]:
        """Names of a single word that are a namesake's in a text about these entities.

        Where it tells of whoever is not named as well, nobody knows whom the word means.
        """
        told = frozenset(about)
        found = (self.namesakes[id_] for id_ in told.intersection(self.namesakes))
        return frozenset(name for one in found if not one.owners & told for name in one.singles)

    @cached_property
    def _words(self) -> frozenset[str]:
        terms = (*self.private.all, *self.protected.all)
        return frozenset(word for t in terms for word in (*t.words, t.squeezed))

    def is_mere_name(self, text: str) -> bool:
        """Whether a text consists of nothing but words of names that must not leave."""
        return self._words.issuperset(words_of(text))

    def how(self, id_: str) -> How:
        """How that entity is treated."""
        found = self.decisions.get(id_)
        return found.how if found else "named"

    def is_redacted(self, id_: str | None) -> bool:
        """Whether no name of it may leave."""
        return id_ is not None and self.how(id_) in ("private", "protect", "general")


def decide(material: Material, choices: Choices) -> Naming:
    """The decisions on everything in the case that has a name."""
    small, schema = _small_groups(material), material.schema
    decided = ((n.id, _decision(n, choices, small, schema)) for n in material.named)
    found = {id_: decision for id_, decision in decided if decision is not None}
    known = [word for text in choices.allowed for word in words_of(text)]
    terms = Terms(_terms(material, found, "private", "protect"), {}, known)
    namesakes = {}
    for named in material.named:
        rule = schema.nodes[named.label].naming
        if rule == "group" or _is_redacted(found.get(named.id)):
            continue
        whole, loose = _held(named, terms)
        connected = frozenset().union(*loose.values()) & _connected(named, material)
        if loose and not whole and not connected:
            namesakes[named.id] = Namesake(named.id, named.names[0], named.declared, loose)
        elif rule == "body" and named.naming is None and (owners := whole | connected):
            why = "its name holds one that is not named"
            protected = any(found[owner].how == "protect" for owner in owners)
            found[named.id] = (
                _unreplaced(named, "protect", why)
                if protected
                else _private(named, why, choices, schema)
            )
    _no_two_alike(found, choices, schema)
    instead = {d.id: d.instead for d in found.values()}
    kept = Kept(name for one in namesakes.values() for name in one.names)

    def spelled(*hows: str) -> Terms:
        return Terms(_terms(material, found, *hows), instead, known, kept)

    return Naming(found, spelled("private", "general"), spelled("protect"), namesakes, kept)


def _is_redacted(decision: Decision | None) -> bool:
    return decision is not None and decision.how in ("private", "protect", "general")


def _held(named: Named, terms: Terms) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """Whose full names its names hold, and the single words of others' names, with whose."""
    whole: set[str] = set()
    loose: dict[str, frozenset[str]] = {}
    for name in named.names:
        owners, words = terms.in_name(name)
        whole |= owners
        loose |= {word: found | loose.get(word, frozenset()) for word, found in words.items()}
    return frozenset(whole), loose


def _connected(named: Named, material: Material) -> frozenset[str]:
    """The entities that relationships join to it; to a body also over one entity between."""
    near = material.connected.get(named.id, frozenset())
    if material.schema.nodes[named.label].naming == "person":
        return near
    return near.union(*(material.connected.get(id_, frozenset()) for id_ in near))


def _decision(
    named: Named, choices: Choices, small: Mapping[str, str], schema: Schema
) -> Decision | None:
    """The decision on one entity; None if it is named."""
    if named.id in choices.private or named.label in choices.private:
        return _private(named, "chosen for this pack", choices, schema)
    if named.naming is not None:
        how = _HOWS[named.naming]
        by = f", decided by {named.by}" if named.by else ""
        why = f"{named.reason or 'no reason given'}{by}{f' on {named.on}' if named.on else ''}"
        if how == "private":
            return _private(named, why, choices, schema)
        return None if how == "named" else _unreplaced(named, how, why)
    if schema.nodes[named.label].naming in ("person", "account"):
        why = "nobody has decided, so it counts as private"
        return _private(named, why, choices, schema)
    if named.id in small:
        why = f"a group of fewer than {FEWEST}"
        instead = f"A small group of {small[named.id]}"
        return replace(_unreplaced(named, "general", why), instead=instead)
    return None


def _unreplaced(named: Named, how: How, why: str) -> Decision:
    return Decision(named.id, named.label, named.names[0], how, why)


def _private(named: Named, why: str, choices: Choices, schema: Schema) -> Decision:
    return _with_pseudonym(_unreplaced(named, "private", why), 4, choices, schema)


def _with_pseudonym(made: Decision, length: int, choices: Choices, schema: Schema) -> Decision:
    words = schema.nodes[made.label].words.capitalize()
    return replace(made, instead=f"{words} {choices.code('name', made.id, length)}")


def _no_two_alike(found: dict[str, Decision], choices: Choices, schema: Schema) -> None:
    """Make pseudonyms longer where two are the same."""
    for length in range(5, 12):
        seen: dict[str, list[Decision]] = {}
        for decision in found.values():
            if decision.how == "private":
                seen.setdefault(decision.instead, []).append(decision)
        twice = [d for those in seen.values() if len(those) > 1 for d in those]
        if not twice:
            return
        found |= {d.id: _with_pseudonym(d, length, choices, schema) for d in twice}


def _terms(material: Material, found: Mapping[str, Decision], *hows: str) -> Iterable[Term]:
    for entity in material.named:
        decision = found.get(entity.id)
        if decision is not None and decision.how in hows:
            local = entity.id.removeprefix(f"{material.case}:")
            rule = material.schema.nodes[entity.label].naming
            yield from terms_of(
                entity.id, entity.declared, local,
                called=[name for name in entity.names if name in entity.called],
                is_person=rule == "person", is_account=rule == "account",
            )  # fmt: skip


def _small_groups(material: Material) -> dict[str, str]:
    """Groups that a figure says to be of fewer than FEWEST, and what they are of."""
    small = {
        size.group
        for size in material.sizes
        if size.number is not None
        and size.comparator not in (">", ">=", "unknown")
        and size.number < FEWEST + (size.comparator == "<")
    }
    groups = {t.label for t in material.schema.node_types if t.naming == "group"}
    return {n.id: n.of or "several" for n in material.named if n.label in groups and n.id in small}
