"""Has the browser ask before a page is closed or loaded anew while something on it is half written.

What is typed reaches the server only once its field is left, so it cannot be kept there: whoever
reloads with the cursor in a field would lose it all the same. The browser asks in its own words.
"""

from __future__ import annotations

from typing import Final

from views.network.parts import mounted

COMPONENT: Final = "sutra.leaving"


def asks(*, written: bool) -> None:
    """Ask as long as this is drawn and something is `written`, or typed in a field meanwhile."""
    mounted(COMPONENT, "leaving")(key="leaving", data={"written": written})
