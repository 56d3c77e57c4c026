"""What is wrong in a TOML file, in one line a person understands: file, line, field, value, what to write instead."""

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any, Final, Self, Union, get_args, get_origin

from pydantic import BaseModel, PrivateAttr, ValidationError

from crossmargin.deployment.toml_places import Place, line_of, lines_of, not_toml
from crossmargin.errors import CrossMarginError

__all__ = ["FromToml", "explain"]

_MUST: Final = {
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "string_type": 'must be a text in quotes: "..."',
    "string_too_short": "must have at least {min_length} character",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "needs at least {min_length} entry",
    "list_type": "must be a list: [..., ...]",
    "tuple_type": "must be a pair: [minute, change]",
    "dict_type": "must be a table: {{ NAME = 1 }}",
    "model_type": "must be a table: {{ field = 1 }}",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a finite number",
    "string_pattern_mismatch": "must be one line",
    "bool_type": "must be true or false",
}
_KINDS: Final = (
    (("decimal_", "float_"), "must be a number, without quotes or units"),
    (("int_",), "must be a whole number, without quotes or units"),
    (("datetime_",), "must be a time with its zone, such as 2025-10-10T20:45:00Z"),
    (("bool_",), "must be true or false"),
)
_TAGS: Final = ("datetime",)
"""What pydantic adds to a place where one of several types would do; those with brackets too."""
_LONGEST: Final = 60
_DECIMAL: Final = re.compile(r"Decimal\('(.*?)'\)")
_OWN: Final = re.compile(r"([\w@-]+(?:\.[\w@-]+)*): ")


class FromToml(BaseModel):
    """Settings that remember the file they are from, so that whoever finds them wrong can say where they are."""

    _file: tuple[Path | None, str] = PrivateAttr((None, ""))

    @classmethod
    def read(
        cls,
        path: Path,
        refusal: type[CrossMarginError],
        *,
        defaults: Mapping[str, Any] | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> Self:
        """Read a file; overrides replace whole entries of it. Decimals stay exact."""
        text = ""
        try:
            text = path.read_text(encoding="utf-8")
            raw = {**(defaults or {}), **tomllib.loads(text, parse_float=Decimal), **(overrides or {})}
            return cls.model_validate(raw, context=(path, text))
        except ValidationError as error:
            raise refusal(explain(path, text, error, cls)) from error
        except OSError as error:
            raise refusal(f"{path}: {error.strerror or error}") from error
        except ValueError as error:
            raise refusal(not_toml(path, error)) from error

    def model_post_init(self, context: Any, /) -> None:  # noqa: ANN401 (as pydantic has it)
        """Keep the file."""
        self._file = context or (None, "")

    def where(self, *place: str | int) -> str:
        """Write file and line of an entry, to begin a message about it with."""
        return _where(*self._file, place)


def explain(path: Path, text: str, error: ValidationError, model: type[BaseModel]) -> str:
    """Say of every mistake, in a line each, where it is and what would be right."""
    found: dict[Place, str] = {}
    for fault in error.errors():
        place, message = _fault(dict(fault), model)
        if place in found and ": must be " in message:  # one of several things that would do
            found[place] += message.partition(": must be")[2].join((" or", ""))
        else:
            found.setdefault(place, message)
    return "\n".join(f"{_where(path, text, place)}{message}" for place, message in found.items())


def _where(path: Path | None, text: str, place: Place) -> str:
    """Write file and line of an entry, as editors open them."""
    if path is None:
        return ""
    line = line_of(lines_of(text), place)
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{path}:{line}: " if line else f"{path}: "


def _fault(fault: Mapping[str, Any], model: type[BaseModel]) -> tuple[Place, str]:
    place = tuple(part for part in fault["loc"] if part not in _TAGS and "[" not in str(part))
    kind, context = (
        fault["type"],
        {name: _DECIMAL.sub(r"\1", str(value)) for name, value in fault.get("ctx", {}).items()},
    )
    name = _dotted(place)
    if kind == "missing":
        return place, f"{name} is missing: add it"
    if kind == "extra_forbidden":
        return place, f"{name}: no such field: {_instead(str(place[-1]), _fields(model, place[:-1]))}"
    if kind in ("value_error", "assertion_error"):
        message = fault["msg"].removeprefix("Value error, ")
        own = _OWN.match(message)
        if own and not name:  # a rule of the whole file names the entry itself
            place = tuple(int(part) if part.isdecimal() else part for part in own[1].split("."))
            return place, f"{_dotted(place)}: {message[own.end() :]}"
        return _nearer(place, message), f"{name}: {message}" if name else message
    must = _MUST.get(kind) or next((text for starts, text in _KINDS if kind.startswith(starts)), None)
    text = must.format(**context) if must else fault["msg"][:1].lower() + fault["msg"][1:]
    return place, f"{name} = {_shown(fault['input'])}: {text}"


def _nearer(place: Place, message: str) -> Place:
    """Point at the field that a rule of its table speaks of first."""
    word = re.match(r"[\w-]+", message)
    return (*place, word[0]) if word else place


def _dotted(place: Place) -> str:
    """Name an entry; its line tells which of several tables of a name it is in."""
    return ".".join(str(part) for part in place if isinstance(part, str))


def _shown(value: object) -> str:
    text = json.dumps(value) if isinstance(value, str | bool) else "a table" if isinstance(value, dict) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _instead(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"


def _fields(model: Any, place: Place) -> list[str]:  # noqa: ANN401 (any annotation)
    """List the fields of the table at a place."""
    for part in place:
        model = _inner(model, part)
    found = _model(model)
    return [field.alias or name for name, field in found.model_fields.items()] if found else []


def _inner(model: Any, part: str | int) -> Any:  # noqa: ANN401
    found = _model(model)
    if found is not None:
        named = {field.alias or name: field.annotation for name, field in found.model_fields.items()}
        return named.get(str(part))
    return next(iter(reversed(get_args(model))), None)


def _model(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401
    """Find the model in an annotation, also in `X | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (UnionType, Union):
        return next((each for each in get_args(annotation) if _model(each)), None)
    return None
