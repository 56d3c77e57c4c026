"""One living venue, from an empty folder to the last process ended."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crossmargin.chain.processes import Processes, is_free
from crossmargin.client.venue import Venue as Client
from crossmargin.deployment import Artifacts, NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ProcessError
from crossmargin.simulation.live.crash import Crash
from crossmargin.simulation.live.crew import Crew
from crossmargin.simulation.live.feeder import Feeder
from crossmargin.simulation.live.lister import Lister
from crossmargin.simulation.live.maker import Maker, maker_accounts
from crossmargin.simulation.live.market import Market
from crossmargin.simulation.live.people import People, fund_maker, fund_traders, prepare_keepers
from crossmargin.simulation.live.rota import Part, Rota, part_log
from crossmargin.simulation.live.runfile import RunFile, held
from crossmargin.simulation.live.settler import Settler
from crossmargin.simulation.live.watch import Watch
from crossmargin.simulation.stage.chain import LocalChain
from crossmargin.simulation.stage.scenario import Scenario
from crossmargin.simulation.stage.venue import Actor, Venue, deploy

__all__ = ["Host", "LiveSettings", "Standing", "live"]

_NODE: Final = "anvil"
_LEAD: Final = 400
"""The venue is deployed so long ago [s]: each of its transactions takes a second of the chain's, few of ours."""
_HISTORY: Final = 512
"""States of the chain that are kept."""
_PARTS: Final = ("feeder", "maker", "settler", "lister", "watch", "crew", "purser")
_BEGIN: Final = "begin"
"""A file of this name in the run's folder begins the scenario at once."""
_PAUSE: Final = 0.1
_FEED, _QUOTE, _CREW, _LOOK, _SETTLE, _LIST, _PAY = 3.0, 5.0, 2.0, 1.0, 30.0, 30.0, 600.0
"""Between turns of each part [s]."""


@dataclass(frozen=True)
class LiveSettings:
    """What a venue is started with."""

    folder: Path
    port: int = 8545
    seed: int = 1
    scenario: Scenario | None = None
    speed: float = 1.0
    calm: float = 60.0
    """Before the scenario begins [s]."""
    block_time: int = 1
    keepers: int = 2
    config: Path = REPOSITORY / "config" / "local.toml"


@dataclass(frozen=True)
class Standing:
    """What there is to say when the venue is up."""

    run: RunFile
    people: People
    purse: str
    logs: Path


class Host:
    """Is told how it goes; this one keeps silent."""

    def say(self, line: str) -> None:
        """Take note of something worth a line."""

    def deploying(self, done: int, steps: int, name: str) -> None:
        """Take note of a step of the deployment."""

    def up(self, standing: Standing) -> None:
        """Take note that the venue is up."""


def live(settings: LiveSettings, host: Host) -> None:
    """Keep a venue alive until interrupted; every process it starts has ended when it returns or raises."""
    with held(settings.folder):
        if not is_free(settings.port):
            raise ProcessError(
                f"port {settings.port} is busy: end what listens there, or choose another, PORT={settings.port + 1}"
            )
        people = People.usual()
        config = people.govern(NetworkConfig.load(settings.config))
        if not os.environ.get("SKIP_BUILD"):
            host.say("compiling what has changed")
            Artifacts().build()
        _clear(settings.folder, config)
        with Processes(settings.folder / "logs") as processes:
            _Stage(settings, host, processes, people, config).play()


def _clear(folder: Path, config: NetworkConfig) -> None:
    """Remove what an earlier run left, and nothing else."""
    for name in ("logs", "keepers"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("orders.json", "venue.json", f"{config.chain_id}.json", _BEGIN):
        (folder / name).unlink(missing_ok=True)


@dataclass
class _Stage:
    settings: LiveSettings
    host: Host
    processes: Processes
    people: People
    config: NetworkConfig

    def play(self) -> None:
        """Set everything up, and go on for ever."""
        venue = self._deploy()
        purse = fund_traders(venue, self.people)
        client = self._client(venue, self.people.maker)
        venue.chain.give_ether(self.people.maker.address)
        fund_maker(venue, self.people.maker, maker_accounts(client).values())
        keepers = prepare_keepers(venue, self.settings.folder / "keepers", self.settings.keepers)
        venue.chain.follow_clock(self.settings.block_time)
        run = RunFile(
            url=venue.chain.url,
            record=venue.path.resolve(),
            config=self.settings.config.resolve(),
            orders=self.settings.folder.resolve() / "orders.json",
            keepers={keeper.name: keeper.port for keeper in keepers},
        )
        run.save(self.settings.folder)
        crew = Crew(self.processes, keepers, self.host.say)
        crew.start()
        standing = Standing(run, self.people, purse, self.settings.folder / "logs")
        market = Market(self.config, self.settings.seed, time.time())
        self._turn_for_ever(self._rota(venue, client, crew, standing, market), market)

    def _deploy(self) -> Venue:
        settings = self.settings
        start = int(time.time()) - _LEAD
        chain = LocalChain(self.processes, start, self.config.chain_id, port=settings.port, history=_HISTORY)
        path = settings.folder / f"{self.config.chain_id}.json"
        people = self.people
        return deploy(chain, self.config, people.poster, path, self.host.deploying, deployer=people.deployer)

    @staticmethod
    def _client(venue: Venue, actor: Actor) -> Client:
        return Client.connect(venue.chain.url, venue.path, actor.key)

    def _rota(self, venue: Venue, maker: Client, crew: Crew, standing: Standing, market: Market) -> Rota:
        people = self.people
        poster, settler = self._client(venue, people.poster), self._client(venue, people.settler)
        logs = {name: part_log(name, standing.logs) for name in _PARTS}
        watch = Watch(
            poster,
            self.config,
            standing.run.orders,
            standing.run.keepers,
            market.text,
            log=logs["watch"],
            up=lambda: self._up(standing, market),
            say=self.host.say,
        )
        lister = Lister(
            venue,
            people.governor,
            (maker, poster, settler),
            lambda: fund_maker(venue, people.maker, maker_accounts(maker).values()),
            logs["lister"],
        )
        turns: dict[str, tuple[float, Callable[[], None]]] = {
            "feeder": (_FEED, Feeder(venue, poster, market, logs["feeder"]).turn),
            "maker": (_QUOTE, Maker(maker, standing.run.orders, logs["maker"]).turn),
            "settler": (_SETTLE, Settler(settler, logs["settler"]).turn),
            "lister": (_LIST, lister.turn),
            "crew": (_CREW, crew.turn),
            "purser": (_PAY, lambda: people.give_ether(venue)),
            "watch": (_LOOK, watch.turn),
        }
        return Rota([Part(name, every, turn, logs[name]) for name, (every, turn) in turns.items()])

    def _up(self, standing: Standing, market: Market) -> None:
        """Say that the venue is up; from here on it is calm for a while."""
        self.host.up(standing)
        if (scenario := self.settings.scenario) is not None:
            market.crash = Crash.of(scenario, time.time() + self.settings.calm, self.settings.speed)

    def _turn_for_ever(self, rota: Rota, market: Market) -> None:
        wish = self.settings.folder / _BEGIN
        while True:
            self.processes.check(_NODE)
            rota.turn()
            if market.crash is not None and wish.exists():
                wish.unlink()
                market.crash = market.crash.at_once(time.time())
            time.sleep(_PAUSE)
