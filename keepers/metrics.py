"""What is measured, and the pages that show it. Each metric has its alert and runbook line in docs/keeper-guide.md.

Serves one port; changes nothing of the keeper.
"""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import orjson
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from keepers.units import ClockSeconds

__all__ = ["Health", "Metrics", "MetricsServer"]

_LATENCIES: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """The keeper's metrics, in a registry of their own."""

    def __init__(self) -> None:
        """Register everything at its start value."""
        self.registry = CollectorRegistry()
        self.head = self._gauge("keeper_head_block", "Newest block acted on, open actions looked after")
        self.head_age = self._gauge("keeper_head_age_seconds", "Seconds since a new head was seen")
        self.behind = self._gauge("keeper_blocks_behind", "Blocks between the cursor and the head")
        self.accounts = self._gauge("keeper_accounts", "Accounts in the mirror")
        self.near = self._gauge("keeper_accounts_near_liquidation", "Accounts below the screen's health factor")
        self.outdated = self._gauge(
            "keeper_accounts_outdated", "Accounts near liquidation whose options have outdated risk arrays"
        )
        self.expiries_due = self._gauge("keeper_expiries_due", "Expiries past their time, held and not averaged")
        self.feeds_due = self._gauge("keeper_feeds_due", "Feeds whose sources say something newer that matters")
        self.arrays_aged = self._gauge("keeper_arrays_aged", "Options held whose risk arrays are to be refreshed")
        self.tapes_due = self._gauge("keeper_volatility_due", "Underlyings whose price is to be observed")
        self.unsettled = self._gauge("keeper_positions_unsettled", "Positions of expiries that are over")
        self.fund = self._gauge("keeper_fund_usd", "What the insurance fund can pay")
        self.fund_low = self._gauge("keeper_fund_low", "1 while the insurance fund has less than it has to")
        self.members = self._gauge("keeper_fleet_members", "Members of the fleet that are alive, this one too")
        self.auctions = self._gauge("keeper_auctions_live", "Auctions that are live")
        self.mirror_ok = self._gauge("keeper_mirror_ok", "1 while mirror and chain agree; trading stops at 0")
        self.unevaluable = self._gauge("keeper_accounts_unevaluable", "Accounts whose margin the chain cannot evaluate")
        self.balance = self._gauge("keeper_balance_wei", "Gas money of the signer")
        self.bidder_excess = self._gauge(
            "keeper_bidder_margin_usd", "Initial-margin excess of the bidder, unpaid profit not counted"
        )
        self.loss_gap = self._gauge("keeper_loss_gap_usd", "Losses in sight beyond the insurance")
        self.nonce_gap = self._gauge("keeper_nonce_gap", "Nonces signed and not yet mined")
        self.open_actions = self._gauge("keeper_actions_open", "Actions whose end is not known")
        self.errors_in_row = self._gauge("keeper_errors_in_a_row", "Errors since the last clean step")
        self.mismatches = self._counter("keeper_mirror_mismatches", "Accounts on which mirror and chain disagreed")
        self.reorganisations = self._counter("keeper_reorganisations", "Reorganisations undone")
        self.errors = self._counter("keeper_errors", "Errors by kind", "kind")
        self.actions = self._counter("keeper_actions", "Actions by kind and result", "kind", "result")
        self.take = self._gauge(
            "keeper_take_usd", "Value received less what was paid and gas, of final receipts since the start"
        )
        self.rpc_calls = self._gauge("keeper_rpc_calls", "Calls sent to the node since the start")
        self.node_stale = self._gauge("keeper_node_stale", "1 while a node is silent or behind the others", "node")
        self.node_behind = self._gauge("keeper_node_behind_blocks", "Blocks a node is behind the best", "node")
        self.decision = Histogram(
            "keeper_decision_seconds", "From a new head to the decision", buckets=_LATENCIES, registry=self.registry
        )

    def brief(self) -> dict[str, float]:
        """Give what tells in a line how it goes."""
        names = (
            "accounts",
            "accounts_near_liquidation",
            "auctions_live",
            "actions_open",
            "take_usd",
            "bidder_margin_usd",
        )
        return {name: self.registry.get_sample_value(f"keeper_{name}") or 0.0 for name in names}

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(name, what, labels, registry=self.registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self.registry)


class Health:
    """Whether the process lives and may be relied on; each reason against it by name."""

    def __init__(
        self, metrics: Metrics, stale_after: ClockSeconds, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin as alive and not ready."""
        self._metrics = metrics
        self._stale_after = stale_after
        self._clock = clock
        self._step = self._head = clock()
        self._reasons: dict[str, str] = {"start": "not caught up yet"}

    def step(self) -> None:
        """Note that the loop turns."""
        self._step = self._clock()

    def head(self) -> None:
        """Note a new head."""
        self._head = self._clock()

    def set(self, name: str, reason: str | None) -> None:
        """Give or withdraw a reason for not being ready."""
        if reason is None:
            self._reasons.pop(name, None)
        else:
            self._reasons[name] = reason

    def live(self) -> dict[str, str]:
        """Give the reasons for a restart."""
        idle = self._clock() - self._step
        return {"loop": f"no step for {idle:.0f} s"} if idle > self._stale_after else {}

    def ready(self) -> dict[str, str]:
        """Give the reasons for not being relied on."""
        age = self._clock() - self._head
        self._metrics.head_age.set(age)
        stale = {"head": f"no new head for {age:.0f} s"} if age > self._stale_after else {}
        return {**self.live(), **stale, **self._reasons}


class MetricsServer:
    """Serves /metrics, /live and /ready from a thread, so that a hanging loop shows."""

    def __init__(self, host: str, port: int, metrics: Metrics, health: Health) -> None:
        """Bind the address; port 0 picks a free one."""
        self._server = ThreadingHTTPServer((host, port), _handler(metrics, health))
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)

    @property
    def port(self) -> int:
        """The port in use."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(metrics: Metrics, health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                health.ready()
                self._answer(200, generate_latest(metrics.registry), "text/plain; version=0.0.4")
            elif self.path in {"/live", "/ready"}:
                reasons = health.live() if self.path == "/live" else health.ready()
                self._answer(503 if reasons else 200, orjson.dumps(reasons or {"ok": True}), "application/json")
            else:
                self._answer(404, b"{}", "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Leave the log to the keeper."""

    return Handler
