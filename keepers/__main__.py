"""`python -m keepers`: the command line, nothing else."""

from keepers.cli import main

if __name__ == "__main__":
    main(prog_name="python -m keepers")
