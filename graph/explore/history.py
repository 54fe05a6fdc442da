"""Undo and redo: a view, the views before it, and those that were undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.explore.view import View

MOST_STEPS: Final = 200
"""Changes that can be undone, at most."""


@dataclass(frozen=True)
class History:
    """A view, what it was before each change, and what was undone."""

    now: View
    past: tuple[View, ...] = ()
    future: tuple[View, ...] = ()

    def then(self, view: View) -> History:
        """After a change; what was undone before can no longer be done again."""
        if view == self.now:
            return self
        return History(view, (*self.past, self.now)[-MOST_STEPS:])

    def undo(self) -> History:
        """One change back, or the same if there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.future, self.now))

    def redo(self) -> History:
        """The change that was undone last done again, or the same if there is none."""
        if not self.future:
            return self
        return History(self.future[-1], (*self.past, self.now), self.future[:-1])
