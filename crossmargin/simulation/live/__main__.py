"""`python -m crossmargin.simulation.live`: what `make venue` runs."""

from crossmargin.simulation.live.command import main

if __name__ == "__main__":
    main(prog_name="python -m crossmargin.simulation.live")
