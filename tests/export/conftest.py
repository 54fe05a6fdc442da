"""The invented case with a hostile value wherever free text may be, as it would leave."""

from __future__ import annotations

import dataclasses

import pytest
from export_case import CHOICES, HOSTILE, fogbank, load

from exports.material import Material
from exports.publication import Publication
from exports.redaction.publish import Prepared, publish
from graph.explore.view import Step
from graph.store.store import Store


@pytest.fixture(scope="module")
def material(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Material:
    return load(store, tmp_path_factory.mktemp("hostile"), fogbank(hostile=HOSTILE))


@pytest.fixture(scope="module")
def prepared(material: Material) -> Prepared:
    step = Step("The fog", f"It came.{HOSTILE}", ("board",), (0, 0, 1.5))
    return publish(material, dataclasses.replace(CHOICES, steps=(step,)))


@pytest.fixture(scope="module")
def publication(prepared: Prepared) -> Publication:
    return prepared.publication
