"""Records for people, made field by field of exact ones."""

from dataclasses import FrozenInstanceError, dataclass
from typing import Annotated

import pytest

from crossmargin.client import receipts, remote_receipts, shown
from crossmargin.client.exact import Read, Shown, named, of


@dataclass(frozen=True, slots=True)
class Sale(Shown[dict[str, int]]):
    """A sale."""

    amount: Annotated[str, of("wei", lambda wei: f"{wei} wei")]
    what: Annotated[str, named("id", lambda names, number: names[number])]
    each: Annotated[int, Read(lambda exact, names: exact["wei"] // len(names))]


def test_a_record_is_made_of_the_exact_one() -> None:
    """By one field, by a name, by all of it; the exact one is beside it."""
    exact = {"wei": 12, "id": 3}
    made = Sale.of(exact, {3: "tea", 4: "milk"})
    assert (made.amount, made.what, made.each) == ("12 wei", "tea", 6)
    assert made.exact is exact
    with pytest.raises(FrozenInstanceError):
        made.amount = "13 wei"  # type: ignore[misc]


def test_every_field_says_where_it_is_from() -> None:
    """Nothing but `exact` is left to whoever makes one."""
    kinds = [
        each
        for module in (shown, receipts, remote_receipts)
        for name in module.__all__
        if isinstance(each := getattr(module, name), type) and issubclass(each, Shown) and each is not receipts.Event
    ]
    assert len(kinds) > 20
    for kind in kinds:
        said = {name for name, hint in kind.__annotations__.items() if hasattr(hint, "__metadata__")}
        assert said == set(kind.__annotations__), kind
