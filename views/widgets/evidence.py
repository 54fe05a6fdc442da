"""The inspector: what is known of an entity or a claim, and the passages behind it."""

from __future__ import annotations

from graph.explore import layout
from graph.explore.inspector import ClaimDetail, EntityDetail, Evidence, PassageDetail
from graph.ingest import archive
from graph.model.text import sha256
from graph.model.wording import counted, plain, silent
from graph.runtime.workspace import Workspace
from views.widgets.markup import Html, folded, join, paragraph, tag

_KINDS = {
    "figure": "Figures and dates",
    "wording": "How sources word it",
    "ground": "Reasons given",
    "characterisation": "What it is called",
    "absence": "Silence",
}


def entity_head(detail: EntityDetail) -> Html:
    """What an entity is, and its name."""
    return join(
        tag("p", detail.type_words.capitalize(), cls="kind"),
        paragraph(detail.caption, cls="name"),
    )


def entity_claims(detail: EntityDetail, workspace: Workspace) -> Html:
    """An entity's properties, and what sources say of it."""
    return join(
        _properties(detail),
        *(
            join(tag("h4", words), *(claim_details(claim, workspace) for claim in found))
            for kind, words in _KINDS.items()
            if (found := [claim for claim in detail.claims if claim.kind == kind])
        ),
        _cut(len(detail.claims), detail.total_claims),
    )


def _cut(shown: int, total: int) -> Html | None:
    return (
        tag("p", f"Showing {shown} of {counted(total, 'claim')}.", cls="quiet")
        if total > shown
        else None
    )


def _properties(detail: EntityDetail) -> Html | None:
    if not detail.properties:
        return None
    rows = []
    for words, value in detail.properties:
        rows.append(join(tag("dt", words), tag("dd", folded(value))))
    note = None
    if detail.chosen:
        named = ", ".join(sorted(plain(name) for name in detail.chosen))
        note = tag("p", f"Sources differ on: {named}. Shown is the case's choice.", cls="quiet")
    others = [
        tag("p", "Another input says otherwise, ", folded(said), cls="quiet")
        for said in detail.otherwise
    ]
    return join(tag("dl", *rows), note, *others)


def claim_details(claim: ClaimDetail, workspace: Workspace) -> Html:
    """A claim: its sentence, where it stands, and each passage behind it."""
    return tag(
        "div",
        paragraph(claim.sentence, cls="sentence"),
        tag("div", *(tag("span", words, cls="badge") for words in _badges(claim))),
        _facts(claim),
        *(_passage(n, found, workspace) for n, found in enumerate(claim.evidence, 1)),
        *(
            tag("div", tag("b", f"Differs in {d.how}: "), folded(d.sentence), cls="quiet differs")
            for d in claim.differences
        ),
    )


def _badges(claim: ClaimDetail) -> list[str]:
    found = [claim.status]
    if claim.weakest != claim.status:
        found.append(f"also {claim.weakest}")
    found.append(_origins(claim))
    if claim.contested:
        found.append("contested")
    if claim.follows is not None:
        words = "follows from its parts" if claim.follows else "does not follow from its parts"
        found.append(f"{words}: computed {claim.computed:,.2f}".rstrip("0").rstrip("."))
    return found


def _origins(claim: ClaimDetail) -> str:
    parts = [counted(claim.publishers, "publisher"), counted(claim.origins, "origin")]
    return ", ".join(parts + silent(claim.not_stated))


def _facts(claim: ClaimDetail) -> Html:
    rows = list(claim.properties)
    if claim.when != "not known":
        rows.append(("when", claim.when))
    return tag("dl", *(join(tag("dt", words), tag("dd", folded(value))) for words, value in rows))


def _passage(number: int, found: Evidence, workspace: Workspace) -> Html:
    verbatim = verbatim_text(found, workspace)
    return tag(
        "div",
        tag("p", tag("span", f"{number} ", cls="mark"), tag("b", layout.plain(_according(found)))),
        paragraph(found.gist),
        None if verbatim is None else tag("blockquote", folded(verbatim)),
        tag("p", _how(found), cls="quiet"),
        cls="evidence",
    )


def _according(found: Evidence) -> str:
    """On whose word it stands, so that no allegation reads as a fact."""
    if found.status == "alleged":
        return f"{found.said_by} says, according to {found.source}"
    if found.status == "inferred":
        return f"Inferred from {found.source}"
    if found.said_by:
        return f"{found.said_by}, according to {found.source}"
    return f"According to {found.source}"


def _how(found: Evidence) -> str:
    parts = []
    if found.when:
        parts.append(f"dated {found.when} here")
    if found.rule:
        parts.append(f"rule: {plain(found.rule)}")
    if found.as_worded:
        parts.append(f"worded “{layout.plain(found.as_worded)}”")
    if found.hedge:
        parts.append(f"hedged “{layout.plain(found.hedge)}”")
    parts.append("quoted" if found.quoted else "paraphrased")
    if found.relays:
        parts.append(f"passes on {', '.join(found.relays)}")
    passage = found.passage.rpartition(":")[2]
    return f"{' · '.join(parts)} · passage {passage}"


def verbatim_text(found: Evidence | PassageDetail, workspace: Workspace) -> str | None:
    """The passage word for word, if the newsroom attached the text and it is the same.

    Without its sha256 nobody knows that it is, so nothing is quoted.
    """
    if found.text_sha256 is None or found.start is None or found.end is None:
        return None
    whole = archive.text(workspace, found.text_sha256)
    if whole is None:
        return None
    passage = whole[found.start : found.end]
    return passage if found.passage_sha256 == sha256(passage) else None
