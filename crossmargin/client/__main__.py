"""The command `crossmargin` as `python -m crossmargin.client`."""

from crossmargin.client.command import main

main(prog_name="crossmargin")
