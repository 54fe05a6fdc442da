"""`python -m sutra` is the command `sutra`."""

from __future__ import annotations

import sys

from sutra.start import main

sys.exit(main())
