"""Start the command: `python -m crossmargin.volatility --help`."""

from crossmargin.volatility.command import main

if __name__ == "__main__":
    main(prog_name="python -m crossmargin.volatility")
