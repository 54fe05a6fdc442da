"""The network view: what pages import."""

from views.network.component import (
    Look,
    NetworkEvent,
    Target,
    Viewport,
    look_in,
    network_view,
    take_event,
)
from views.network.legend import legend_html
from views.network.parts import MenuItem, NodeLook
from views.network.table import TableEvent, network_table, take_row_event
from views.network.vendor import ensure_vendor

__all__ = [
    "Look",
    "MenuItem",
    "NetworkEvent",
    "NodeLook",
    "TableEvent",
    "Target",
    "Viewport",
    "ensure_vendor",
    "legend_html",
    "look_in",
    "network_table",
    "network_view",
    "take_event",
    "take_row_event",
]
