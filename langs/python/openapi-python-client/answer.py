"""Tells apart the answers that a call may have."""

from typing import TypeVar

T = TypeVar("T")


def want(operation: str, parsed: object, kind: type[T]) -> T:
    """Returns what a call parsed, which is of another kind when the server refused.

    The generated calls return a union of what every declared status is parsed into.
    """
    if isinstance(parsed, kind):
        return parsed
    raise SystemExit(f"{operation}: the answer is of the kind {type(parsed).__name__}, want {kind.__name__}")
