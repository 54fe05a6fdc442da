"""What stays for good is not searched for garbage after each run.

Streamlit collects garbage at the end of every run of a page (`runner.postScriptGC`). That goes over
all that the program has imported, too: 0.1 to 0.2 s for our modules, in which nobody is answered.
"""

from __future__ import annotations

import gc
import sys

_frozen_at = 0  # how many modules there were when the collector was last told to leave them alone


def leave_modules_alone() -> None:
    """Have the collector pass over what was imported, if that is more than when it was last told.

    What is garbage by then is collected first: what is passed over is never looked at again.
    """
    global _frozen_at
    if len(sys.modules) > _frozen_at:
        _frozen_at = len(sys.modules)
        gc.collect()
        gc.freeze()
