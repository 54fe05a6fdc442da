"""Records that an address leads back to: stored under an opaque id, and swept when they are old.

Values and titles name people, and addresses leak: so an address carries the id alone. A record has
a `case`, a JSON `state`, and `changed`, an ISO 8601 time in UTC. A record that somebody named is
`kept`; any other is deleted when it was not changed for `KEEP_DAYS`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from graph.store.store import Store

Label = Literal["Board", "Asked"]
KEEP_DAYS: Final = 90
"""Days after which a record that nobody named is deleted."""
LONGEST_ID: Final = 64

FIND: Final = "MATCH (r:Record {id: $id}) RETURN properties(r) AS stored, labels(r) AS labels"
CREATE: Final[Mapping[Label, str]] = {
    "Board": "CREATE (r:Record:Board) SET r = $stored",
    "Asked": "CREATE (r:Record:Asked) SET r = $stored",
}
DELETE: Final = "MATCH (r:Record) WHERE r.id IN $ids DETACH DELETE r"
_OLD: Final[Mapping[Label, str]] = {
    label: f"""
MATCH (r:{label}) WHERE r.case = $case AND r.changed < $before AND coalesce(r.kept, false) = false
RETURN r.id AS id ORDER BY id LIMIT 100
"""
    for label in CREATE
}


def now() -> str:
    """The time as a record has it."""
    return _time(datetime.now(UTC))


def new_id() -> str:
    """An id of letters and digits alone: it stands in addresses, which people copy by hand."""
    return secrets.token_hex(10)


def find(store: Store, label: Label, id_: str) -> Mapping[str, Any] | None:
    """The properties of the record of that label and id, or None if there is none."""
    rows = store.read(FIND, {"id": id_}) if id_ and len(id_) <= LONGEST_ID else []
    return rows[0]["stored"] if rows and label in rows[0]["labels"] else None


def sweep(store: Store, label: Label, case: str) -> None:
    """Delete records of a case that nobody named and that were not changed for `KEEP_DAYS`."""
    before = _time(datetime.now(UTC) - timedelta(days=KEEP_DAYS))
    old = [row["id"] for row in store.read(_OLD[label], {"case": case, "before": before})]
    if old:
        store.write(DELETE, {"ids": old})


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
