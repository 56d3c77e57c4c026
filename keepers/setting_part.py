"""What the tables of the configuration have in common. Reads nothing."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["SettingsPart", "amount"]


class SettingsPart(BaseModel):
    """A table of the configuration: nothing unknown, nothing changed later, defaults read like what a file says."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def amount(default: object, description: str) -> Any:  # noqa: ANN401 - what it becomes is the field's type
    """Declare a setting whose default is written in the unit of the file, and read like one of the file."""
    return Field(default, description=description)
