"""What entities are called, by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from graph.runtime.streams import in_batches
from graph.store.store import Store

_CAPTIONS: Final = "MATCH (n:Entity) WHERE n.id IN $ids RETURN n.id AS id, n.caption AS caption"
_BATCH: Final = 1_000


def captions_of(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """The captions of entities by id; unknown ids are left out."""
    return {
        row["id"]: row["caption"]
        for batch in in_batches(sorted(set(ids)), _BATCH)
        for row in store.read(_CAPTIONS, {"ids": batch})
    }
