"""The names that a check sees: the instructor's own on this side, the student's looked up across the wall."""

import contextlib
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from autograder.remote import Remote
from autograder.values import NotPlain

if TYPE_CHECKING:
    from autograder.wall import Session


class Names(MutableMapping):
    """The names of a check cell: the instructor's own, and the student's, looked up live.

    Deleting one of the student's names in a check, or binding a function to it, does the same on the student's side, so
    that a check may take a helper away and see who misses it. Data that a check binds stays here, unless `share` is
    set: it may be what the student's answer is compared with. What a check has bound is its own until the next of the
    student's cells.
    """

    def __init__(self, session: "Session", student_names: frozenset[str], own: dict[str, Any]):
        self.session, self.student_names, self.own = session, student_names, own
        self.follow = False                        # whether changes of student names cross
        self.share = False                         # whether data that is bound to them crosses, too
        self._cache: dict[str, tuple[int, Any]] = {}
        self._kept: dict[str, int] = {}            # bound by a check -> student cells run by then

    def __getitem__(self, name: str) -> Any:
        if name not in self.student_names or self._kept.get(name) == len(self.session.history):
            return self.own[name]
        value = self._cache.get(name, (-1, None))[1]
        if not self._is_fresh(name):
            try:
                value = self.session.get(name)
            except NameError:
                self.own.pop(name, None)
                raise
            self._cache[name] = (self.session.version, value)
        self.own[name] = value
        return value

    def refresh(self, names: frozenset[str]) -> None:
        """Bring the student's values to where functions of the check find them."""
        ours = {name for name, run in self._kept.items() if run == len(self.session.history)}
        stale = sorted(name for name in (names & self.student_names) - ours if not self._is_fresh(name))
        found = self.session.look(stale)
        for name in stale:
            self.own.pop(name, None)
            self._cache.pop(name, None)
            if name in found:
                self.own[name] = found[name]
                self._cache[name] = (self.session.version, found[name])

    def _is_fresh(self, name: str) -> bool:
        """Whether the value that was fetched last still holds: data may change in place, an object stays the same."""
        version, value = self._cache.get(name, (-1, None))
        return version == self.session.version or (isinstance(value, Remote) and version >= self.session.rebound)

    def __setitem__(self, name: str, value: Any) -> None:
        self.own[name] = value
        if name in self.student_names and self.follow:
            self._kept[name] = len(self.session.history)
            if callable(value) or self.share:
                with contextlib.suppress(NotPlain):
                    self.session.set(name, value)

    def __delitem__(self, name: str) -> None:
        self.own.pop(name, None)
        self._kept.pop(name, None)
        if name in self.student_names and self.follow:
            self.session.command("delete", name=name)

    def __iter__(self):
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)
