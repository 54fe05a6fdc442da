"""Reads FollowTheMoney entities, one JSON object a line, as the `followthemoney` library does.

Prints what it finds wrong as a JSON list of sentences. It runs in an environment of its own
(`make ftm`): the library pins an older networkx than Sutra's.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from followthemoney import model
from followthemoney.exc import FollowTheMoneyException


def main() -> None:
    """Validate what stands on standard input."""
    entities = [json.loads(line) for line in sys.stdin]
    ids = {entity["id"] for entity in entities}
    wrong = [] if len(ids) == len(entities) else ["an id occurs twice"]
    for entity in entities:
        wrong += [f"{entity['id']}: {words}" for words in _faults(entity, ids)]
    print(json.dumps(wrong))


def _faults(entity: dict[str, Any], ids: set[str]) -> list[str]:
    try:
        proxy = model.get_proxy(entity, cleaned=False)
        proxy.schema.validate(entity)
    except FollowTheMoneyException as error:
        return [str(error)]
    kept = proxy.to_dict()["properties"]
    found = [
        f"{entity['schema']} does not keep {values} as {name}"
        for name, values in entity["properties"].items()
        if len(kept.get(name, [])) != len(values)
    ]
    ends = {value for prop, value in proxy.itervalues() if prop.type.name == "entity"}
    return found + [f"{end} is not there" for end in sorted(ends - ids)]


if __name__ == "__main__":
    main()
