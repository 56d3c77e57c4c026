"""Custom errors of the ABIs that ship with the library."""

import json
from collections import defaultdict
from importlib.resources import files

from eth_utils.abi import collapse_if_tuple


def test_errors_of_one_selector_have_the_same_arguments():
    """Else a client would name an argument of one contract after another's: selectors know only types."""
    meanings = defaultdict(set)
    for path in (files("crossmargin") / "abis").iterdir():
        for entry in json.loads(path.read_text()):
            if entry["type"] == "error":
                types = ",".join(collapse_if_tuple(each) for each in entry["inputs"])
                meanings[f"{entry['name']}({types})"].add(tuple(each["name"] for each in entry["inputs"]))
    assert meanings
    assert {error: names for error, names in meanings.items() if len(names) > 1} == {}
