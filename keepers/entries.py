"""What every part of the configuration is built on. Touches nothing."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from keepers.addresses import address_of
from keepers.units import Address

__all__ = ["AddressEntry", "Entries", "amount"]

AddressEntry = Annotated[Address, AfterValidator(address_of)]
"""A setting: an address."""


class Entries(BaseModel):
    """One part of the configuration: what it does not know is refused, and nothing in it changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def amount(default: object, description: str) -> Any:  # noqa: ANN401 - what it becomes is the field's type
    """Declare a setting whose default is written in the unit of the file, and read like one of the file."""
    return Field(default, description=description)
