"""A plainly invented case in which everything occurs that an export has to keep back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

from invented import SETTINGS, Tables

from exports import material
from exports.choices import Choices
from exports.formats.registry import get
from exports.material import Material
from exports.pack.files import Files
from exports.publication import Publication
from exports.redaction.publish import Prepared
from graph.explore import reads
from graph.explore.subgraph import Subgraph
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

CASE = "fogbank"
KEY = bytes(range(32))
CHOICES = Choices("fogbank-1", KEY, "2026-11-22", licence="CC BY 4.0")

ODD = ("Odd Lanternby", "odd-lanternby", "Lanternby", "O. Lanternby")
PERPETUA = ("Perpetua Saltmarsh", "perpetua-saltmarsh", "Saltmarsh")
HANDLE = "lamplighter_77"
HOSTILE = (
    " <img src=x onerror=alert(1)>\"'; MATCH (n) DETACH DELETE n; // */ ]]> --> </script>"
    " \u202e\\u0041 {{x}} ${y} &amp; [a](javascript:b) |c| `d`"
)

Asked = Callable[[Store], Subgraph]
"""What is asked for the entities of a view."""

_PAPER = {"kind": "article", "status": "current", "text_length": "900", "language": "en"}


def written(name: str, publication: Publication) -> dict[str, bytes]:
    """The files of a format, each whole."""
    return {file: b"".join(pieces) for file, pieces in get(name).files(publication).items()}


def spooled(files: Mapping[str, bytes]) -> Files:
    """These files as a pack has them."""
    spool = Files()
    for name, data in files.items():
        spool.put(name, [data])
    return spool


def fogbank(*, confidential: bool = True, hostile: str = "", title: str = "Fog") -> Tables:
    """The case; without `confidential` it never held the source of that kind.

    `hostile` is put wherever a case may hold free text.
    """
    t = Tables(settings=SETTINGS.format(id=CASE))
    _entities(t, hostile)
    t.add("sources", id="gazette", caption=f"Gazette{hostile}", publisher="Fog Press", title=title,
          published_on="1987-05-02", url="https://gazette.example/fog", text_sha256="a" * 64,
          **_PAPER)  # fmt: skip
    t.add("sources", id="herald", caption="Herald", published_on="1987-05-04", **_PAPER)
    t.add("sources", id="wire", caption="Wire report", kind="release", publisher="Wire")
    places = [("g1", "gazette"), ("g2", "gazette"), ("g3", "gazette"), ("g4", "gazette"),
              ("h1", "herald"), ("h2", "herald")]  # fmt: skip
    gists = {
        "g1": f"Odd Lanternby made an excuse to the mayor{hostile}",
        "g2": "Twelve lamps were dark, says the board",
        "g3": "The mayor met the keeper Ivo Teal",
        "g4": "Perpetua Saltmarsh was seen at the lamp",
        "h1": "LANTERNBY speaks for the board; so does @lamplighter_77",
        "h2": "Eleven lamps were dark",
    }
    for n, (id_, source) in enumerate(places):
        place = {"start": str(100 * n), "end": str(100 * n + 90), "sha256": f"{n}" * 64}
        t.add("passages", passage=id_, source=source, gist=gists[id_], language="en", **place)
    t.add("relays", from_="h2", to="wire", status="reported")
    _claims(t, hostile)
    if confidential:
        _whisper(t)
    return t


def _entities(t: Tables, hostile: str) -> None:
    decided = {"naming_by": "case editor", "naming_on": "2026-11-22"}
    people: tuple[tuple[str, str, str, dict[str, str]], ...] = (
        ("odd-lanternby", "Odd Lanternby", "O. Lanternby|Łanternby", {}),
        ("perpetua", "Perpetua Saltmarsh", "", {"naming": "protect", "naming_reason": "a child"}),
        ("ulla", f"Ulla Brandt{hostile}", "", {"naming": "public_role", "naming_reason": "mayor"}),
        ("ivo", "Ivo Teal", "", {"naming": "named_in_role", "naming_reason": "keeper"}),
    )
    for id_, name, aliases, naming in people:
        t.add("actors", id=id_, type="Person", caption=name, name=name, aliases=aliases,
              **naming, **(decided if naming else {}))  # fmt: skip
    t.add("actors", id="board", type="Organization", caption="Lamp Board", kind="other",
          name="Lamp Board")  # fmt: skip
    t.add("actors", id="sons", type="Organization", caption="Lanternby & Sons", kind="company",
          name="Lanternby & Sons")  # fmt: skip
    t.add("actors", id="chirp", type="Organization", caption="Chirp", kind="platform")
    t.add("accounts", id="acc", caption=f"@{HANDLE}", handle=HANDLE, platform="chirp")
    t.add("groups", id="lamps", caption="The lamps", description=f"Lamps{hostile}", of="bodies")
    t.add("groups", id="trio", caption="The three of Cold Lane", description="Three at Cold Lane",
          of="people")  # fmt: skip
    t.add("statements", id="excuse", caption="Excuse of Odd Lanternby", kind="remark",
          gist=f"It was foggy, says Lanternby{hostile}", said_on="1987-05-01")  # fmt: skip
    t.add("statements", id="sighting", caption="Sighting of Perpetua Saltmarsh", kind="remark",
          gist="She was seen")  # fmt: skip
    t.add("meetings", id="fog-meeting", caption="Meeting in the fog", held_on="1987-05-01")
    t.add("places", id="lane", caption="Cold Lane", name="Cold Lane", country="Fogland")


def add_relationship(
    t: Tables, handle: str, a: str, kind: str, b: str, passages: str, **more: str
) -> None:
    status = {k: more.pop(k) for k in ("status", "said_by", "rule", "as_worded") if k in more}
    t.add("claims", claim=handle, kind="relationship", subject=a, predicate=kind, object=b, **more)
    for passage in passages.split():
        t.add("supports", passage=passage, claim=handle, **{"status": "reported", **status})


def add_figure(t: Tables, handle: str, a: str, measure: str, value: str, unit: str, p: str) -> None:
    t.add("claims", claim=handle, kind="figure", subject=a, measure=measure, value=value,
          unit=unit, comparator="=")  # fmt: skip
    for passage in p.split():
        t.add("supports", passage=passage, claim=handle, status="reported")


def _claims(t: Tables, hostile: str) -> None:
    day = {"when": "1987-05-01", "when_basis": "stated"}
    add_relationship(t, "odd-said", "odd-lanternby", "MADE", "excuse", "g1", **day)
    add_relationship(
        t, "odd-role", "odd-lanternby", "HOLDS_ROLE", "sons", "h1", title=f"heir{hostile}"
    )
    add_relationship(t, "ulla-met", "ulla", "ATTENDED", "fog-meeting", "g3 h1", **day)
    add_relationship(t, "ivo-met", "ivo", "ATTENDED", "fog-meeting", "g3", **day)
    add_relationship(t, "ivo-home", "ivo", "LOCATED_IN", "lane", "g3")
    add_relationship(t, "ivo-role", "ivo", "HOLDS_ROLE", "board", "g3", title="keeper")
    add_relationship(t, "acc-group", "acc", "MEMBER_OF", "lamps", "h1", status="alleged",
         said_by="odd-lanternby", as_worded="that account")  # fmt: skip
    add_relationship(
        t, "board-sons", "sons", "PART_OF", "board", "g1", status="inferred", rule="as_told"
    )
    add_relationship(t, "per-saw", "perpetua", "MADE", "sighting", "g4")
    add_relationship(t, "per-met", "perpetua", "ATTENDED", "fog-meeting", "g4")
    add_relationship(t, "saw-lane", "sighting", "MADE_AT", "lane", "g4")
    add_figure(t, "twelve", "lamps", "size", "12", "lamps", "g2")
    add_figure(t, "eleven", "lamps", "size", "11", "lamps", "h2")
    add_figure(t, "three", "trio", "size", "3", "people", "g2")
    add_figure(t, "held", "fog-meeting", "held_on", "1987-05-01", "edtf", "g3")
    add_figure(t, "said", "excuse", "said_on", "1987-05-01", "edtf", "g1")
    t.add("claims", claim="odd-name", kind="wording", subject="odd-lanternby", measure="name",
          value="Old Oddbert")  # fmt: skip
    t.add("supports", passage="g1", claim="odd-name", status="reported")
    t.add("claims", claim="kind", kind="characterisation", subject="lamps", measure="called",
          value=f"Lanternby's folly{hostile}")  # fmt: skip
    t.add("supports", passage="h1", claim="kind", status="reported")
    add_relationship(t, "chirp-met", "chirp", "ATTENDED", "fog-meeting", "g3")


def _whisper(t: Tables) -> None:
    """A confidential source: some of what it tells nobody else does."""
    t.add("sources", id="whisper", caption="Tidewater Whisper", kind="unnamed",
          confidential="yes", published_on="1987-04-01")  # fmt: skip
    t.add("passages", passage="w1", source="whisper", start="0", end="9", sha256="b" * 64,
          language="en", gist="Tidewater says thirteen lamps")  # fmt: skip
    t.add("passages", passage="w2", source="whisper", start="10", end="19", sha256="c" * 64,
          language="en", gist="Tidewater saw the mayor")  # fmt: skip
    t.add("relays", from_="g3", to="whisper", status="reported")
    t.add("relays", from_="herald", to="whisper", status="reported")
    add_figure(t, "thirteen", "lamps", "size", "13", "lamps", "w1")
    t.add("supports", passage="w2", claim="ulla-met", status="reported")
    t.add("events", id="leak", caption="The Tidewater leak", name="The Tidewater leak")
    add_relationship(t, "leak-ulla", "leak", "INVOLVED", "ulla", "w2")


# --- read back from the engine --------------------------------------------------------------------


def put(store: Store, folder: Path, tables: Tables) -> None:
    """The graph with this case in it, and nothing else."""
    store.write("MATCH (n) WHERE NOT n:Meta DETACH DELETE n")
    loads.load(store, Workspace.locate(), read_case(tables.write(folder)))


def everything(store: Store, case: str = CASE) -> Subgraph:
    """A view of the whole case."""
    rows = store.read("MATCH (n:Entity) WHERE n.case = $case RETURN n.id AS id", {"case": case})
    return reads.some_view(store, sorted(row["id"] for row in rows))


def loaded(store: Store, folder: Path, tables: Tables, asked: Asked = everything) -> Material:
    """What an export reads of that case, for the view that is asked for."""
    put(store, folder, tables)
    return material.read(store, CASE, asked(store))


def load(store: Store, tmp_path: Path, tables: Tables | None = None) -> Material:
    """The whole of the invented case, read back from the engine."""
    put(store, tmp_path / f"case{len(list(tmp_path.iterdir()))}", tables or fogbank())
    view = everything(store)
    bare = dataclasses.replace(
        view, nodes=tuple(dataclasses.replace(n, x=None, y=None) for n in view.nodes)
    )
    return material.read(store, CASE, bare)


def row(tables: Tables, table: str, id_: str, key: str = "id") -> dict[str, str]:
    """The row of a table with that key, to change it."""
    return next(r for r in tables.rows[table] if r[key] == id_)


def captions(prepared: Prepared) -> set[str]:
    """The captions of the entities that leave."""
    return {entity.caption for entity in prepared.publication.entities}
