"""From all that the graph holds behind a view to what may leave of it.

Nothing here trusts a stored number: status, origins, publishers, disputes, degrees and days are
made anew from what is left, as if what stayed behind had never been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from exports.choices import Choices
from exports.material import Material
from exports.names.decide import Decision, Namesake, Naming
from exports.pack.report import Report
from exports.publication import Fact, Publication
from exports.redaction.allegations import allegations
from exports.redaction.cautions import cautions
from exports.redaction.decisions import resolved, unmet
from exports.redaction.entities import Drawn, draw_entities
from exports.redaction.facts import make_facts
from exports.redaction.redactor import Redactor
from exports.redaction.selection import select
from exports.redaction.sources import CitedSources
from graph.explore.view import Step


@dataclass(frozen=True)
class Prepared:
    """A publication, what the newsroom must know of it, and the names that it must not hold."""

    publication: Publication
    report: Report
    naming: Naming


def publish(material: Material, choices: Choices) -> Prepared:
    """What may leave of a view, and the newsroom's report on it.

    Raises RevealingSource if a cited title, address or publisher gives a redacted name away and
    nobody has overridden that with a reason, and ExportError if whom the choices keep private is
    not there.
    """
    redactor = Redactor(material, resolved(material, choices))
    report = redactor.report
    selection = select(redactor)
    sources = CitedSources(redactor, selection.claims)
    facts = make_facts(redactor, selection, sources)
    drawn = draw_entities(redactor, selection, sources, facts)
    publication = _publication(redactor, sources, facts, drawn)
    publication = replace(publication, exempt=tuple(sources.exempt(publication)))
    report.warnings += [*unmet(material, redactor.choices), *cautions(redactor, publication)]
    report.decisions = _decisions(redactor)
    shown = {node.id for node in material.view.nodes if node.id not in selection.gone}
    report.namesakes = _namesakes(redactor, shown.union(material.entities))
    report.allegations = allegations(redactor, facts)
    return Prepared(publication, report, redactor.naming)


def _publication(
    redactor: Redactor, sources: CitedSources, facts: Sequence[Fact], drawn: Drawn
) -> Publication:
    choices, material, view = redactor.choices, redactor.material, redactor.material.view
    draft = []
    if any(f.checked is None for f in facts):
        draft.append("not everything was checked by a second person")
    lit = {redactor.known_id(id_) for step in choices.steps for id_ in step.lit}
    here = {e.id for e in drawn.entities} | {f.id for f in facts if f.id in lit}
    return Publication(
        schema=redactor.schema,
        pack=choices.pack,
        title=redactor.text(choices.title or material.title),
        summary=redactor.text(choices.summary or material.summary),
        language=choices.language or material.language,
        accessed=choices.accessed,
        case=material.case,
        case_title=redactor.text(material.title),
        load=material.load,
        entities=drawn.entities,
        facts=facts,
        sources=sources.entries(),
        is_cut=view.is_cut,
        total=_total(redactor, drawn, facts),
        steps=tuple(_step(redactor, step, here, moved=drawn.moved) for step in choices.steps),
        licence=choices.licence,
        embargo=choices.embargo,
        replaces=choices.replaces,
        until=material.until or "",
        draft=tuple(draft),
    )


def _total(redactor: Redactor, drawn: Drawn, facts: Iterable[Fact]) -> tuple[int, int] | None:
    """How many entities and relationships there would be without a limit.

    None where nothing was cut, or where the numbers would count what must not be known to be there.
    """
    material, view = redactor.material, redactor.material.view
    protects = any(d.how == "protect" for d in redactor.naming.decisions.values())
    if not view.is_cut or material.hidden or protects:
        return None
    return (
        max(view.total_nodes or 0, len(drawn.entities)),
        max(view.total_relationships or 0, sum(f.is_relationship for f in facts)),
    )


def _step(redactor: Redactor, step: Step, here: set[str], *, moved: bool) -> Step:
    """A step of the story that lights only what is in the pack."""
    lit = tuple(out for id_ in step.lit if (out := redactor.known_id(id_)) in here)
    about = {id_ for name in step.lit for id_ in (name, redactor.graph_id(name))}
    return replace(
        step,
        title=redactor.text(step.title, about),
        text=redactor.text(step.text, about),
        lit=lit,
        # Where everything lies elsewhere, a step looks at the whole.
        view=None if moved else step.view,
    )


def _decisions(redactor: Redactor) -> list[Decision]:
    """The decisions on what is in the view, and on those whose names were replaced."""
    material = redactor.material
    here = {node.id for node in material.view.nodes}.union(
        material.entities, redactor.report.replaced
    )
    return sorted(
        (d for d in redactor.naming.decisions.values() if d.id in here),
        key=lambda d: (d.how, d.label, d.id),
    )


def _namesakes(redactor: Redactor, here: set[str]) -> list[Namesake]:
    """Who is named here although their name has a word of somebody's who is not."""
    known = redactor.naming.namesakes.values()
    return sorted((n for n in known if n.id in here), key=lambda n: (n.caption, n.id))
