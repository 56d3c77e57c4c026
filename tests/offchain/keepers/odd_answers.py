"""Answers of nodes that are changed at random, and a codec that refuses what no event is."""

import random
from typing import Any

from keepers.errors import ResponseError


def odd_answer(dice: random.Random, value: object) -> object:
    """Change a JSON value somewhere."""
    if isinstance(value, dict) and value and dice.random() < 0.8:
        key = dice.choice(sorted(value))
        return {**value, key: odd_answer(dice, value[key])}
    if isinstance(value, list) and value and dice.random() < 0.8:
        at = dice.randrange(len(value))
        return [*value[:at], odd_answer(dice, value[at]), *value[at + 1 :]]
    return dice.choice([None, "", "0x", "0x0", "zz", 7, -1, [], {}, [[]], {"error": 1}, "0x" + "f" * 65, True])


def decode_known(logs) -> list[Any]:
    """Refuse what no event is, as the venue's codec does."""
    if any(log.data == "0x" for log in logs):
        raise ResponseError("does not fit")
    return list(logs)
