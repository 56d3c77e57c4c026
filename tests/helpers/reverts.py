"""Assertions on refusals: the error, every argument, and that nothing changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import ANY

import pytest
from eth_utils.address import is_address, to_checksum_address

from crossmargin.errors import ContractRevert

__all__ = ["ANY", "reverts", "unchanged"]


@contextmanager
def reverts(error: str, /, **arguments: Any) -> Iterator[None]:
    """Expect exactly this custom error and arguments; `ANY` stands for one whose value is not the point."""
    with pytest.raises(ContractRevert) as caught:
        yield
    actual = {name: _comparable(value) for name, value in caught.value.arguments.items()}
    expected = {name: value if value is ANY else _comparable(value) for name, value in arguments.items()}
    assert (caught.value.name, actual) == (error, expected), f"refused with {caught.value}"


@contextmanager
def unchanged(*readers: Callable[[], Any]) -> Iterator[None]:
    """Expect that what the readers return is the same afterwards; put it around `reverts`."""
    before = [read() for read in readers]
    yield
    assert [read() for read in readers] == before


def _comparable(value: Any) -> Any:
    """Bring contracts, accounts and addresses into one form."""
    value = getattr(value, "address", value)
    return to_checksum_address(value) if isinstance(value, str) and is_address(value) else value
