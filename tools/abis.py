"""Write the ABIs that ship with the library, crossmargin/abis/*.json, from the contracts; `--check` only compares.

Only the ABI is asked of the compiler, so no code is generated and this takes seconds.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from documents import keep

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "crossmargin" / "abis"
FOLDERS = {
    "": (
        "BatchSettler",
        "Clearinghouse",
        "CollateralHub",
        "CollateralSpoke",
        "Exchange",
        "Expiries",
        "FixedVolatility",
        "InsuranceFund",
        "LiquidationAuction",
        "ListingRules",
        "MarginLens",
        "MarginVault",
        "MarketLosses",
        "OptionOracle",
        "OracleAdapter",
        "RiskEngine",
        "RiskParameters",
        "RiskSimulator",
        "RiskSteward",
        "VolatilityForecaster",
        "VolatilitySurface",
    ),
    "crosschain/": (
        "AttestationTransport",
        "HyperlaneTransport",
        "L1Blocks",
        "RedemptionProver",
        "RemoteReceipt",
        "ValidatorModule",
    ),
    "periphery/": ("Authority", "KeeperExecutor", "TestStakedToken", "TestToken"),
    "oracles/": ("ChainlinkSource", "PostedFeed", "PythSource", "RatioSource", "RemoteSource", "TwapSource"),
}
"""Every contract that a deployment makes, and those beside it, by the folder under contracts/."""
SOURCES = {name: f"contracts/{folder}{name}.sol" for folder, names in FOLDERS.items() for name in names}


def main() -> int:
    """Write or check every file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a file is not what the contracts say")
    check = parser.parse_args().check
    texts = {f"{name}.json": render(abi) for name, abi in compile_abis().items()}
    return keep(FOLDER, texts, "the contracts: run python tools/abis.py", check=check)


def render(abi: list[dict[str, Any]]) -> str:
    """Put each entry on a line of its own, so that a change reads well."""
    return "[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in abi) + "\n]\n"


def compile_abis() -> dict[str, list[dict[str, Any]]]:
    """Ask the pinned compiler for the ABIs."""
    settings = tomllib.loads((ROOT / "foundry.toml").read_text())["profile"]["default"]
    request = {
        "language": "Solidity",
        "sources": {path: {"urls": [str(ROOT / path)]} for path in SOURCES.values()},
        "settings": {
            "remappings": settings["remappings"],
            "evmVersion": settings["evm_version"],
            "outputSelection": {path: {name: ["abi"]} for name, path in SOURCES.items()},
        },
    }
    command = [ROOT / settings["solc"], "--standard-json", "--base-path", ROOT, "--allow-paths", ROOT]
    answer = json.loads(subprocess.check_output(command, input=json.dumps(request).encode(), cwd=ROOT))
    errors = [error["formattedMessage"] for error in answer.get("errors", []) if error["severity"] == "error"]
    if errors:
        sys.exit("\n".join(errors))
    return {name: answer["contracts"][path][name]["abi"] for name, path in SOURCES.items()}


if __name__ == "__main__":
    sys.exit(main())
