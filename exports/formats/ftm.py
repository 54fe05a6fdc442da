"""FollowTheMoney entities, one JSON object a line, as Aleph and OpenSanctions read them.

What has no counterpart there (groups, hashtags, laws) and the relationships to it are left out; the
facts that are no relationships stand in the notes of what they are about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from exports.publication import Entity, Fact, Publication
from exports.writing.marks import marks
from exports.writing.references import fact_text
from exports.writing.texts import is_web, json_texts, lines, one_line
from graph.model.dates import BEGINNING, END, bounds
from graph.model.schema import Schema

NAME = "ftm"
WORDS = "FollowTheMoney, for Aleph"
FILES = {"entities.ftm.json": "FollowTheMoney, for Aleph"}

_SIMPLE_DAY: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_COUNTRY: Final = re.compile(r"[a-z]{2}")


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`entities.ftm.json`, one entity a line."""
    return {"entities.ftm.json": lines(map(_line, entities(publication)))}


_line: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def entities(publication: Publication) -> Iterator[dict[str, Any]]:
    """The entities: entities first, then what joins them."""
    for entity in publication.entities:
        if schema_of(entity, publication.schema) is not None:
            yield _entity(entity, publication)
    for fact in publication.relationships:
        ends = (publication.entity[fact.subject], publication.entity[str(fact.object)])
        if all(schema_of(end, publication.schema) is not None for end in ends):
            yield _relationship(fact, publication)


def schema_of(entity: Entity, schema: Schema) -> str | None:
    """The FollowTheMoney schema of an entity, or None if it has none."""
    declared = schema.nodes[entity.label]
    return declared.ftm_kinds.get(str(entity.properties.get("kind")), declared.ftm)


def _id(publication: Publication, id_: str) -> str:
    """An id that FollowTheMoney takes: letters, digits, points and hyphens."""
    return re.sub(r"[^0-9A-Za-z.-]", "-", f"{publication.pack}.{id_}").strip(".-")


def _entity(entity: Entity, publication: Publication) -> dict[str, Any]:
    declared = publication.schema.nodes[entity.label]
    found: dict[str, list[str]] = {"name": [one_line(entity.caption)]}
    for name, value in entity.properties.items():
        key = declared.ftm_properties.get(name, "notes")
        written = [one_line(v) for v in (value if isinstance(value, list) else [value])]
        if key == "startDate":
            found.update(_dates(str(value)))
        elif key == "amount":
            amount, _, currency = str(value).partition(" ")
            found |= {"amount": [amount], "currency": [currency]}
        elif key in ("jurisdiction", "country") and not _COUNTRY.fullmatch(written[0]):
            # Only codes are countries there.
            found.setdefault("notes", []).append(f"{declared.label}, {name}: {written[0]}")
        elif key == "notes":
            prop = declared.get(name)
            words = prop.words if prop else name
            found.setdefault("notes", []).append(f"{words}: {', '.join(written)}")
        else:
            found.setdefault(key, []).extend(w for w in written if w not in found.get(key, []))
    facts = publication.facts_of(entity.id)
    found.setdefault("notes", []).extend(fact_text(f) for f in facts)
    found["notes"] += map(one_line, marks(publication))
    if declared.ftm_caption:
        found.setdefault(declared.ftm_caption, [one_line(entity.caption)])
    schema = schema_of(entity, publication.schema)
    return _entity(_id(publication, entity.id), str(schema), found)


def _relationship(fact: Fact, publication: Publication) -> dict[str, Any]:
    declared = publication.schema.relationships[str(fact.predicate)]
    title = fact.properties.get(declared.role) if declared.role else None
    first, second = declared.ftm_ends
    found: dict[str, list[str]] = {
        first: [_id(publication, fact.subject)],
        second: [_id(publication, str(fact.object))],
        "role": [one_line(title or declared.words)],
        "description": [fact_text(fact), *map(one_line, marks(publication))],
        "recordId": [str(fact.number)],
        "status": [fact.status],
        **_span(fact.earliest, fact.latest),
    }
    sources = [publication.source[n] for n in sorted({e.source for e in fact.evidence})]
    found["publisher"] = [one_line(s.publisher) for s in sources if s.publisher]
    found["sourceUrl"] = [s.url for s in sources if s.url and is_web(s.url)]
    return _entity(_id(publication, fact.id), declared.ftm, found)


def _dates(text: str) -> dict[str, list[str]]:
    if _SIMPLE_DAY.fullmatch(text):
        return {"startDate": [text]}
    days = bounds(text)
    return _span(days.earliest, days.latest)


def _span(earliest: str, latest: str) -> dict[str, list[str]]:
    """The first and the last day that something can have been, those that are known."""
    found = {}
    if earliest != BEGINNING:
        found["startDate"] = [earliest]
    if latest not in (END, earliest):
        found["endDate"] = [latest]
    return found


def _entity(id_: str, schema: str, found: Mapping[str, list[str]]) -> dict[str, Any]:
    kept = {name: list(dict.fromkeys(v for v in values if v)) for name, values in found.items()}
    return {
        "id": id_,
        "schema": schema,
        "properties": {name: values for name, values in kept.items() if values},
    }


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text of every entity."""
    yield from json_texts(file, may_be_empty=True)
