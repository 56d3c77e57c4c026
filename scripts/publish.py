"""Write every contract's sources as Etherscan and Sourcify take them, each checked against the chain; sends nothing."""

import sys
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.command import (
    Watcher,
    connect,
    opened,
    options,
    problems,
    progress,
    show,
    stated_errors,
)
from crossmargin.deployment.publish import publish, recompile


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into. Default: build/publish/<chain id>.",
)
@click.option("--recompile", "compiles", is_flag=True, help="Compile each as explorers do, and compare; takes minutes.")
def cli(*, config_path: Path | None, deployments: Path, out: Path | None, compiles: bool, **roles: str | None) -> None:
    """Write a folder a contract; list what is not as it was deployed, and exit with 1 then."""
    with stated_errors():
        chain = connect(Watcher())
        record = opened(chain, config_path, deployments, **roles).record
        folder = out or REPOSITORY / "build" / "publish" / str(chain.chain_id)
        with progress("written") as report:
            done, found = publish(chain, record, folder, report)
        if compiles:
            with progress("compiled") as report:
                for index, each in enumerate(done):
                    report(index, len(done), each.name)
                    artifact = chain.artifacts[record.contracts[each.name].contract]
                    if (problem := recompile(chain.artifacts.root, folder, each, artifact)) is not None:
                        found.append(problem)
                report(len(done), len(done), "compiled")
    show(f"{len(done)} contracts in {folder}, {sum(each.exact for each in done)} of them to the last comment")
    if found:
        problems(found, f"{len(found)} not as deployed")
        sys.exit(1)
