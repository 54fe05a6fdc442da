"""Presses that wait together are done in the order in which they came.

What a page asks for while a run of it goes on waits for its end, and all that waits becomes one run
(decision 9). Streamlit puts what the newest request says first and what the older ones pressed
behind it, so that of two presses the second was done before the first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils import script_requests

Join = Callable[[WidgetStates | None, WidgetStates | None], WidgetStates | None]

_JOIN: Final = "_coalesce_widget_states"
_LOG: Final = logging.getLogger(__name__)


def keep_order() -> None:
    """Have this program's Streamlit do presses in their order; says so if it joins them otherwise
    than the versions known here."""
    join: Join | None = getattr(script_requests, _JOIN, None)
    if join is None:
        _LOG.warning("this version of Streamlit joins presses in a way that is not known here")
    elif not hasattr(join, "in_order"):
        in_order = _in_order(join)
        setattr(in_order, "in_order", True)  # noqa: B010 (functions declare no such attribute)
        setattr(script_requests, _JOIN, in_order)


def _in_order(join: Join) -> Join:
    def joined(old: WidgetStates | None, new: WidgetStates | None) -> WidgetStates | None:
        found = join(old, new)
        if found is None or old is None:
            return found
        earlier = {state.id for state in old.widgets if _is_pressed(state)}
        return WidgetStates(widgets=sorted(found.widgets, key=lambda one: one.id not in earlier))

    return joined


def _is_pressed(state: WidgetState) -> bool:
    kind = state.WhichOneof("value") or ""
    return "trigger" in kind and bool(getattr(state, kind))
