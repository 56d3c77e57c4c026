"""JSON values as a node should write them: taken, or reported as something else. Pure."""

from keepers.errors import ResponseError

__all__ = ["as_int", "as_list", "as_map", "as_str"]


def as_map(value: object, what: str) -> dict[str, object]:
    """Take a JSON object, or report that it is none."""
    if not isinstance(value, dict):
        msg = f"{what}: expected an object, got {value!r:.80}"
        raise ResponseError(msg)
    return value


def as_list(value: object, what: str) -> list[object]:
    """Take a JSON list, or report that it is none."""
    if not isinstance(value, list):
        msg = f"{what}: expected a list, got {value!r:.80}"
        raise ResponseError(msg)
    return value


def as_str(value: object, what: str) -> str:
    """Take a string, or report that it is none."""
    if not isinstance(value, str):
        msg = f"{what}: expected a string, got {value!r:.80}"
        raise ResponseError(msg)
    return value


def as_int(value: object, what: str, bits: int = 63) -> int:
    """Take a hexadecimal quantity of so many bits, or report that it is none: a missing number is not 0."""
    text = as_str(value, what)
    try:
        number = int(text, 16)
    except ValueError as error:
        msg = f"{what}: expected a quantity, got {text!r:.80}"
        raise ResponseError(msg) from error
    if not 0 <= number < 1 << bits:
        msg = f"{what}: expected {bits} bits, got {text!r:.80}"
        raise ResponseError(msg)
    return number
