"""Collateral on other chains, for operators: `python -m crossmargin.crosschain --help`."""

from crossmargin.crosschain.command import main

if __name__ == "__main__":
    main(prog_name="python -m crossmargin.crosschain")
