"""Stand-ins, on the trusted side, for what lives on the student's side.

A stand-in can be called, asked for attributes and items, printed. No comparison, arithmetic or truth value is ever left
to the student's side; what has a type in Python (a length, a text) is checked to be of it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.wall import Session


def _doc(remote: "Remote") -> Any:
    return remote._session.about(remote, "attribute", "__doc__")


# Something of the student's; a docstring of the class would stand in the way of theirs
class Remote:
    __doc__ = property(_doc)
    __slots__ = ("_age", "_handle", "_session", "_type")
    # Without these, Python would iterate by __getitem__: an iterator that ends early fools zip, a lying `in` says yes
    __iter__ = None
    __contains__ = None

    def __init__(self, session: "Session", handle: int, type_name: str):
        for name, value in (("_session", session), ("_handle", handle), ("_type", type_name), ("_age", session.age)):
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__name__":
            raise AttributeError(f"{name} of the student's {self._type} does not cross the wall")
        return self._session.about(self, "attribute", name, label=f".{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        self._session.assign(self, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._session.about(self, "item", key)

    def __len__(self) -> int:
        return self._session.typed(int, self, "length")

    def __str__(self) -> str:
        return self._session.typed(str, self, "text", "str")

    def __repr__(self) -> str:
        return self._session.typed(str, self, "text", "repr")

    def __bool__(self) -> bool:
        return True

    def __instancecheck__(self, other: Any) -> bool:
        return isinstance(other, Remote) and self._session.typed(bool, self, "instance", other)

    def __subclasscheck__(self, other: Any) -> bool:
        return isinstance(other, Remote) and self._session.typed(bool, self, "subclass", other)

    def __enter__(self) -> Any:
        return self._session.about(self, "enter")

    def __exit__(self, *_: Any) -> None:
        """Never swallows an exception: it may be the check's own."""
        self._session.about(self, "leave")


# A function, class or callable object
class RemoteCallable(Remote):
    __doc__ = property(_doc)
    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.call(self, args, kwargs)


# A generator or other iterator: its items are asked for one by one
class RemoteIterator(Remote):
    __doc__ = property(_doc)
    __slots__ = ()

    def __iter__(self) -> "RemoteIterator":  # type: ignore[override]
        return self

    def __next__(self) -> Any:
        return self._session.about(self, "next")
