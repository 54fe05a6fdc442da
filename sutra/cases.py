"""Where the bundled case and the app stand, and which case a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from graph.errors import UnknownCase
from graph.ingest import load_states
from graph.questions.guard.names import nearest
from graph.store.store import Store

ROOT: Final = Path(__file__).resolve().parent.parent
CASES: Final = ROOT / "cases"
APP: Final = ROOT / "app.py"
BUNDLED: Final = CASES / "twitter-blocking-orders-2021"


def chosen_case(store: Store, asked: str | None) -> str:
    """The case to ask: the one given, or the only one. Raises UnknownCase that lists them."""
    cases = [state.case for state in load_states.cases(store)]
    if asked is None:
        if len(cases) == 1:
            return cases[0]
        if not cases:
            raise UnknownCase("The graph holds no case yet; load one with `sutra load FOLDER`.")
        raise UnknownCase(f"Choose a case with --case: {', '.join(cases)}.")
    if asked not in cases:
        near = nearest(asked, cases)
        known = f"it holds {', '.join(cases)}" if cases else "it holds none"
        hint = f"did you mean {near}?" if near else f"{known}."
        raise UnknownCase(f"The graph holds no case “{asked}”; {hint}")
    return asked
