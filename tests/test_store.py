"""The store over the real embedded engine."""

from __future__ import annotations

from graph.store import Store

ENDLESS = "UNWIND range(1, 9000) AS x UNWIND range(1, 90000) AS y RETURN "


def test_what_is_written_is_read(empty: Store) -> None:
    empty.write("CREATE (:Entity:Person {id: $id, aliases: ['x']})", {"id": "a"})
    rows = empty.read("MATCH (n:Entity {id: $id}) RETURN n", {"id": "a"})
    assert set(rows[0]["n"].labels) == {"Entity", "Person"}
    assert rows[0]["n"]["aliases"] == ["x"]
