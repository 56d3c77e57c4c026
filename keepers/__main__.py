"""`python -m keepers`: the command `keeper`, nothing else."""

from keepers.cli import main

if __name__ == "__main__":
    main(prog_name="keeper")
