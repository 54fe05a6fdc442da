"""A plainly invented case in which everything occurs that an export has to keep back."""

from __future__ import annotations

from collections.abc import Mapping

from invented import SETTINGS, Tables

from exports.formats.registry import get
from exports.pack.choices import Choices
from exports.pack.files import Files
from exports.publication import Publication

CASE = "fogbank"
KEY = bytes(range(32))
CHOICES = Choices("fogbank-1", KEY, "2026-11-22", licence="CC BY 4.0")

ODD = ("Odd Lanternby", "odd-lanternby", "Lanternby", "O. Lanternby")
PERPETUA = ("Perpetua Saltmarsh", "perpetua-saltmarsh", "Saltmarsh")
HANDLE = "lamplighter_77"

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
    people = (
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


def _relationship(
    t: Tables, handle: str, a: str, kind: str, b: str, passages: str, **more: str
) -> None:
    status = {k: more.pop(k) for k in ("status", "said_by", "rule", "as_worded") if k in more}
    t.add("claims", claim=handle, kind="relationship", subject=a, predicate=kind, object=b, **more)
    for passage in passages.split():
        t.add("supports", passage=passage, claim=handle, **{"status": "reported", **status})


def _figure(t: Tables, handle: str, a: str, measure: str, value: str, unit: str, p: str) -> None:
    t.add("claims", claim=handle, kind="figure", subject=a, measure=measure, value=value,
          unit=unit, comparator="=")  # fmt: skip
    for passage in p.split():
        t.add("supports", passage=passage, claim=handle, status="reported")


def _claims(t: Tables, hostile: str) -> None:
    day = {"when": "1987-05-01", "when_basis": "stated"}
    _relationship(t, "odd-said", "odd-lanternby", "MADE", "excuse", "g1", **day)
    _relationship(
        t, "odd-role", "odd-lanternby", "HOLDS_ROLE", "sons", "h1", title=f"heir{hostile}"
    )
    _relationship(t, "ulla-met", "ulla", "ATTENDED", "fog-meeting", "g3 h1", **day)
    _relationship(t, "ivo-met", "ivo", "ATTENDED", "fog-meeting", "g3", **day)
    _relationship(t, "ivo-home", "ivo", "LOCATED_IN", "lane", "g3")
    _relationship(t, "ivo-role", "ivo", "HOLDS_ROLE", "board", "g3", title="keeper")
    _relationship(t, "acc-group", "acc", "MEMBER_OF", "lamps", "h1", status="alleged",
         said_by="odd-lanternby", as_worded="that account")  # fmt: skip
    _relationship(
        t, "board-sons", "sons", "PART_OF", "board", "g1", status="inferred", rule="as_told"
    )
    _relationship(t, "per-saw", "perpetua", "MADE", "sighting", "g4")
    _relationship(t, "per-met", "perpetua", "ATTENDED", "fog-meeting", "g4")
    _relationship(t, "saw-lane", "sighting", "MADE_AT", "lane", "g4")
    _figure(t, "twelve", "lamps", "size", "12", "lamps", "g2")
    _figure(t, "eleven", "lamps", "size", "11", "lamps", "h2")
    _figure(t, "three", "trio", "size", "3", "people", "g2")
    _figure(t, "held", "fog-meeting", "held_on", "1987-05-01", "edtf", "g3")
    _figure(t, "said", "excuse", "said_on", "1987-05-01", "edtf", "g1")
    t.add("claims", claim="odd-name", kind="wording", subject="odd-lanternby", measure="name",
          value="Old Oddbert")  # fmt: skip
    t.add("supports", passage="g1", claim="odd-name", status="reported")
    t.add("claims", claim="kind", kind="characterisation", subject="lamps", measure="called",
          value=f"Lanternby's folly{hostile}")  # fmt: skip
    t.add("supports", passage="h1", claim="kind", status="reported")
    _relationship(t, "chirp-met", "chirp", "ATTENDED", "fog-meeting", "g3")


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
    _figure(t, "thirteen", "lamps", "size", "13", "lamps", "w1")
    t.add("supports", passage="w2", claim="ulla-met", status="reported")
    t.add("events", id="leak", caption="The Tidewater leak", name="The Tidewater leak")
    _relationship(t, "leak-ulla", "leak", "INVOLVED", "ulla", "w2")
