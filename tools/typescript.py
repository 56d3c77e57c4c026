"""Write typescript/abis.ts and typescript/order.ts from the ABIs that ship; `--check` only compares.

ABIs are constants, so that viem and the like know each function's types; structs and events are interfaces beside them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from documents import keep
from web3.types import Nonce

from crossmargin.chain.units import ChainId
from crossmargin.client.orders import Order, typed_data
from crossmargin.model.units import EPOCH, NO_PPM, ZERO, AccountId, InstrumentId

ROOT: Final = Path(__file__).resolve().parent.parent
ABIS: Final = ROOT / "crossmargin" / "abis"
FOLDER: Final = ROOT / "typescript"
HEAD: Final = "// Written by tools/typescript.py from crossmargin/abis; `make check` compares.\n"
ARRAY: Final = re.compile(r"\[\d*\]$")
NUMBER: Final = re.compile(r"^u?int(\d+)$")
SAFE_BITS: Final = 48
"""Numbers of at most so many bits are `number`, as in viem."""

Entry = dict[str, Any]


def main() -> int:
    """Write or check both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a file is not what the ABIs say")
    check = parser.parse_args().check
    return keep(
        FOLDER, {"abis.ts": abis(), "order.ts": order()}, "the ABIs: run python tools/typescript.py", check=check
    )


def abis() -> str:
    """Write every ABI, and the structs and events in them."""
    found = {path.stem: json.loads(path.read_text()) for path in sorted(ABIS.glob("*.json"))}
    parts = [HEAD, "\nexport type Hex = `0x${string}`\n", "\n// Structs\n", *_interfaces(_structs(found.values()))]
    parts += ["\n// Arguments of events\n", *_interfaces(_events(found))]
    parts.append("\n// ABIs\n")
    for name, abi in found.items():
        lines = ",\n".join("  " + json.dumps(entry, separators=(",", ":")) for entry in abi)
        parts.append(f"\nexport const {name[0].lower()}{name[1:]}Abi = [\n{lines},\n] as const\n")
    return "".join(parts)


def _structs(found: Iterable[list[Entry]]) -> dict[str, list[Entry]]:
    structs: dict[str, list[Entry]] = {}
    for abi in found:
        for entry in abi:
            for each in (*entry.get("inputs", ()), *entry.get("outputs", ())):
                for name, fields in _nested(each):
                    if [(f["name"], f["type"]) for f in structs.setdefault(name, fields)] != [
                        (f["name"], f["type"]) for f in fields
                    ]:
                        sys.exit(f"two structs are called {name}: name one otherwise")
    return structs


def _nested(entry: Entry) -> Iterator[tuple[str, list[Entry]]]:
    for each in entry.get("components", ()):
        yield from _nested(each)
    if "components" in entry:
        yield _struct(entry), entry["components"]


def _events(found: dict[str, list[Entry]]) -> dict[str, list[Entry]]:
    events: dict[str, list[Entry]] = {}
    for contract, abi in found.items():
        for entry in abi:
            if entry["type"] == "event":
                events[f"{contract}{entry['name']}"] = entry["inputs"]
    return events


def _interfaces(named: dict[str, list[Entry]]) -> Iterator[str]:
    for name, fields in sorted(named.items()):
        lines = "".join(f"  {each['name'] or f'arg{at}'}: {_type(each)}\n" for at, each in enumerate(fields))
        yield (
            f"\nexport interface {name} {{\n{lines}}}\n" if lines else f"\nexport type {name} = Record<string, never>\n"
        )


def _struct(entry: Entry) -> str:
    name: str = ARRAY.sub("", entry["internalType"].removeprefix("struct ")).rpartition(".")[2]
    return name


def _type(entry: Entry) -> str:
    kind = entry["type"]
    if ARRAY.search(kind):
        inner = {**entry, "type": ARRAY.sub("", kind), "internalType": ARRAY.sub("", entry["internalType"])}
        return f"readonly {_type(inner)}[]"
    if kind == "tuple":
        return _struct(entry)
    if number := NUMBER.match(kind):
        return "number" if int(number[1]) <= SAFE_BITS else "bigint"
    return {"bool": "boolean", "string": "string"}.get(kind, "Hex")


def order() -> str:
    """Write the EIP-712 types of an order, and its domain."""
    blank = Order(AccountId(0), "0x" + "00" * 20, InstrumentId(0), ZERO, ZERO, NO_PPM, EPOCH, Nonce(0))
    document = typed_data(blank, ChainId(0), blank.signer)
    domain = document["domain"]
    fields = "\n".join(
        f"    {{ name: '{each['name']}', type: '{each['type']}' }}," for each in document["types"]["Order"]
    )
    return f"""{HEAD}
import type {{ Hex, Order }} from './abis.ts'

/** EIP-712 types of an order, as `signTypedData` takes them. */
export const orderTypes = {{
  Order: [
{fields}
  ],
}} as const

/** Domain of a chain's exchange; its address is in the deployment's file. */
export const orderDomain = (chainId: number, verifyingContract: Hex) =>
  ({{ name: '{domain["name"]}', version: '{domain["version"]}', chainId, verifyingContract }}) as const

/** Reads what the Python client's `Order.to_json` wrote: numbers are decimal text there. */
export const orderFromJson = (json: Record<string, string | boolean>): Order => ({{
{chr(10).join(_read(each) for each in document["types"]["Order"])}
}})
"""


def _read(each: dict[str, str]) -> str:
    name, kind = each["name"], each["type"]
    if kind == "bool":
        return f"  {name}: json.{name} === true,"
    return f"  {name}: BigInt(json.{name} as string)," if "int" in kind else f"  {name}: json.{name} as Hex,"


if __name__ == "__main__":
    sys.exit(main())
