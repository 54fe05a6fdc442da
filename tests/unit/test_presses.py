"""Presses that wait together, in Streamlit's own queue."""

from __future__ import annotations

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)

from views import presses


def pressed(*names: str) -> RerunData:
    """What a page asks for where these were pressed, and a field holds something."""
    states = [WidgetState(id=name, trigger_value=True) for name in names]
    field = WidgetState(id="field", string_value=f"then {names[-1]}")
    return RerunData(widget_states=WidgetStates(widgets=[field, *states]))


def test_three_presses_that_wait_are_done_in_their_order() -> None:
    presses.keep_order()
    presses.keep_order()  # once more, as where a server imports the app again
    requests = ScriptRequests()
    for name in ("take out", "clear", "undo"):
        requests.request_rerun(pressed(name))
    asked = requests.on_scriptrunner_ready()
    assert asked.type == ScriptRequestType.RERUN
    assert asked.rerun_data.widget_states is not None
    states = asked.rerun_data.widget_states.widgets
    assert [one.id for one in states if one.trigger_value] == ["take out", "clear", "undo"]
    assert [one.string_value for one in states if one.id == "field"] == ["then undo"]
