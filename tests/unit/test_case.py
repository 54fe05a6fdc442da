"""The bundled case on its own: its tables fit together and its figures add up."""

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.model.types import SCHEMA
from graph.model.types.claims import STATUSES

CASE = Path(__file__).resolve().parents[2] / "cases" / "twitter-blocking-orders-2021"
RECORD_TABLES = ("sources", "passages", "claims", "supports", "relays", "nothing")


def table(name: str) -> list[dict[str, str]]:
    with (CASE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    return {name: table(name) for name in (*SCHEMA.tables, *RECORD_TABLES)}


@pytest.fixture(scope="module")
def labels(tables: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """Entity id to its label."""
    return {
        row["id"]: row.get("type") or types[0].label
        for name, types in SCHEMA.tables.items()
        for row in tables[name]
    }


@pytest.fixture(scope="module")
def case() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((CASE / "case.yaml").read_text(encoding="utf-8"))
    return loaded


Tables = dict[str, list[dict[str, str]]]


def test_ids_and_captions_are_unique(tables: Tables) -> None:
    rows = [row for name in SCHEMA.tables for row in tables[name]]
    ids = [row["id"] for row in rows]
    ids += [row["id"] for row in tables["sources"]]
    ids += [row["passage"] for row in tables["passages"]]
    assert len(ids) == len(set(ids))
    captions = [row["caption"] for row in rows]
    assert all(captions)
    assert len(captions) == len(set(captions))


def test_each_claim_fits_the_schema(tables: Tables, labels: dict[str, str]) -> None:
    for row in tables["claims"]:
        assert row["kind"] in SCHEMA.kinds, row["claim"]
        if row["kind"] != "relationship":
            assert row["measure"], row["claim"]
            assert row["value"], row["claim"]
            continue
        declared = SCHEMA.relationships[row["predicate"]]
        assert labels[row["subject"]] in declared.sources, row["claim"]
        assert labels[row["object"]] in declared.targets, row["claim"]
        if declared.same_label:
            assert labels[row["subject"]] == labels[row["object"]], row["claim"]


def test_passages_claims_and_entities_lean_on_each_other(
    tables: Tables, labels: dict[str, str]
) -> None:
    passages = {row["passage"] for row in tables["passages"]}
    claims = {row["claim"] for row in tables["claims"]}
    assert len(claims) == len(tables["claims"])
    assert {row["passage"] for row in tables["supports"]} == passages
    assert {row["claim"] for row in tables["supports"]} == claims
    ends = {row[end] for row in tables["claims"] for end in ("subject", "object") if row[end]}
    assert ends == set(labels)


def test_each_status_says_on_whose_word(tables: Tables, labels: dict[str, str]) -> None:
    for row in tables["supports"]:
        assert row["status"] in STATUSES, row
        assert row["status"] != "alleged" or row["said_by"], row
        assert row["status"] != "inferred" or row["rule"], row
        assert not row["said_by"] or row["said_by"] in labels, row


def test_every_rule_is_explained_and_used(tables: Tables, case: dict[str, Any]) -> None:
    used = {row["rule"] for name in ("supports", "relays") for row in tables[name]}
    used |= {row["when_rule"] for row in tables["claims"]}
    used |= {row["published_rule"] for row in tables["sources"]}
    assert used - {""} == set(case["rules"])


def test_relays_end_in_sources(tables: Tables) -> None:
    sources = {row["id"] for row in tables["sources"]}
    passages = {row["passage"] for row in tables["passages"]}
    for row in tables["relays"]:
        assert row["from"] in sources | passages, row
        assert row["to"] in sources, row
        assert row["evidence"] in passages, row


def test_checks_and_choices_name_what_is_there(
    tables: Tables, labels: dict[str, str], case: dict[str, Any]
) -> None:
    figures = {row["claim"] for row in tables["claims"] if row["kind"] == "figure"}
    for check in case["checks"]:
        named = [check["whole"], *check.get("parts", [])]
        named += [check[key] for key in ("part", "share") if key in check]
        assert set(named) <= figures, check
    for choice in case["choices"]:
        assert SCHEMA.nodes[labels[choice["entity"]]].get(choice["property"]), choice


def test_figures_add_up(tables: Tables, case: dict[str, Any]) -> None:
    value = {
        row["claim"]: float(row["value"]) for row in tables["claims"] if row["value"].isdigit()
    }
    checks = {check["id"]: check for check in case["checks"]}
    whole = checks["orders-add-up"]
    assert sum(value[part] for part in whole["parts"]) == value[whole["whole"]] == 1435
    share = checks["share-stated"]
    percent = 100 * value[share["part"]] / value[share["whole"]]
    assert round(percent) == value[share["share"]]
    nearly = checks["share-nearly"]
    assert not percent < value[nearly["share"]]
    rest = checks["unaccounted"]
    assert value[rest["whole"]] - value[rest["part"]] == 37


def test_nothing_is_there_that_no_source_says(tables: Tables) -> None:
    assert tables["accounts"] == []
    assert not any("#" in cell for rows in tables.values() for row in rows for cell in row.values())
    assert not any(row["issued_on"] for row in tables["orders"])


def test_unknown_overlaps_stay_unknown(tables: Tables) -> None:
    """How those acted on, suspended, withheld and spared overlap is in no source."""
    overlaps = {
        (row["subject"], row["object"])
        for row in tables["claims"]
        if row["predicate"] in ("SUBSET_OF", "DISJOINT_FROM")
    }
    assert overlaps == {
        ("first-order-accounts", "flagged-accounts"),
        ("second-order-accounts", "flagged-accounts"),
        ("first-order-accounts", "second-order-accounts"),
        ("acted-on-accounts", "flagged-accounts"),
        ("withheld-accounts", "flagged-accounts"),
    }


def test_what_accounts_spread_is_only_ever_alleged(tables: Tables) -> None:
    used = {row["claim"] for row in tables["claims"] if row["predicate"] == "USED"}
    grounds = {
        row["claim"]
        for row in tables["claims"]
        if row["kind"] == "ground" and row["subject"].startswith("order-")
    }
    assert used
    assert grounds
    statuses = {row["status"] for row in tables["supports"] if row["claim"] in used | grounds}
    assert statuses == {"alleged"}
