"""Check that every narrowing cast and every `unchecked` in contracts/ says why it is safe.

The words "safe because" must stand before it in the same function or its documentation; for `unchecked`, the
documentation of the contract may say it once for all: "`unchecked` is safe because".
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not a cast of an address on its way to uint256, nor one of a literal.
CAST = re.compile(r"(?<!uint256\()\bu?int(?!256)\d+\((?!\w+\.max|[\dA-Z_]+\))")
UNCHECKED = re.compile(r"\bunchecked\b")
END = re.compile(r"(?: {4})?\}")
REASON = "safe because"
GENERAL = "`unchecked` is safe because"


def findings(path: Path) -> list[str]:
    """List the risky lines of a file that give no reason."""
    text = path.read_text()
    found = []
    reasoned = False
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("//")[0]
        reasoned = REASON in line.lower() or (reasoned and not END.fullmatch(line))
        risky = CAST.search(code) or (UNCHECKED.search(code) and GENERAL not in text)
        if risky and not reasoned:
            found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    return found


def main() -> int:
    """Print what lacks a reason; return the exit status."""
    found = [each for path in sorted((ROOT / "contracts").rglob("*.sol")) for each in findings(path)]
    for each in found:
        print(each)
    if found:
        print(f'{len(found)} narrowing casts or unchecked blocks without "{REASON}"')
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
