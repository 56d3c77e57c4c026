import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from crossmargin.model.prices import PriceStatus
from crossmargin.simulation.live import status
from crossmargin.simulation.live.health import Quotes, judge
from crossmargin.simulation.live.readings import ArrayReading, SliceReading
from crossmargin.simulation.live.status import ask_keepers, read_quotes
from crossmargin.simulation.stage.keepers import unready
from tests.offchain.live.conftest import EXPIRY, NOW, WAD

QUOTES = Quotes(NOW - 5, NOW + 40, frozenset({"ETH-CALL"}))
KEEPERS = {"keeper 1": ""}


def faults(network, reading, quotes=QUOTES, keepers=KEEPERS, now=NOW):
    """Give what is wrong, by part."""
    return {each.part: each.fault for each in judge(reading, quotes, keepers, network, now) if not each.passed}


def test_a_venue_that_is_renewed_is_well(network, reading):
    """Every part has its line."""
    checks = judge(reading, QUOTES, KEEPERS, network, NOW)
    assert all(each.passed for each in checks)
    assert [each.part for each in checks] == [
        "chain",
        "feed ETH",
        "volatility ETH:weekly",
        "risk array ETH-CALL",
        "maker's orders",
        "keeper 1",
    ]
    assert [each.age for each in checks] == [0, 60, 60, 60, 5, None]


def test_a_chain_that_stands_still_is_old(network, reading):
    """Its age is told by this machine's clock, and so is everything's."""
    assert faults(network, reading, now=NOW + 31)["chain"] == "older than 30 s"


@pytest.mark.parametrize(
    ("part", "changes", "fault"),
    [
        ("feed ETH", {"prices": (181, PriceStatus.VALID)}, "older than 180 s"),
        ("feed ETH", {"prices": (5, PriceStatus.HALTED)}, "halted"),
        ("feed ETH", {"prices": (181, PriceStatus.STALE)}, "older than 180 s, stale"),
        ("volatility ETH:weekly", {"slices": {"ETH:weekly": SliceReading(NOW - 100_000, EXPIRY, 1)}}, "older than"),
        ("risk array ETH-CALL", {"arrays": (100_000, 2_000)}, "older than"),
        ("risk array ETH-CALL", {"arrays": (5, 2_500)}, "the index has left it"),
    ],
)
def test_what_is_stale_is_named(network, reading, price, part, changes, fault):
    """Alone."""
    if isinstance(changes.get("prices"), tuple):
        age, status = changes["prices"]
        changes = {"prices": {"ETH": price(time=NOW - age, status=status)}}
    if isinstance(changes.get("arrays"), tuple):
        age, index = changes["arrays"]
        changes = {"arrays": {"ETH-CALL": ArrayReading("ETH", NOW - age, 2_000 * WAD, index * WAD, EXPIRY)}}
    found = faults(network, replace(reading, **changes))
    assert found.keys() == {part}
    assert found[part].startswith(fault)


def test_slices_of_what_has_expired_may_be_old(network, reading):
    """Nothing can be posted for it any more."""
    over = replace(reading, slices={"ETH:weekly": SliceReading(NOW - 100_000, NOW, 1)})
    assert faults(network, over) == {}


@pytest.mark.parametrize(
    ("quotes", "fault"),
    [
        (Quotes(0, 0, frozenset()), "none are written"),
        (Quotes(NOW - 46, NOW - 1, frozenset({"ETH-CALL"})), "older than 45 s"),
        (Quotes(NOW - 5, NOW + 40, frozenset()), "none for ETH-CALL"),
    ],
)
def test_orders_are_there_and_valid(network, reading, quotes, fault):
    """For every market that is quoted at all."""
    assert faults(network, reading, quotes=quotes) == {"maker's orders": fault}


def test_a_keeper_that_is_not_ready_is_named(network, reading):
    """The other is well."""
    keepers = {"keeper 1": "", "keeper 2": "9 blocks behind"}
    assert faults(network, reading, keepers=keepers) == {"keeper 2": "not ready: 9 blocks behind"}


def test_orders_are_read_from_their_file(tmp_path):
    """None is there at first; the first that ends counts."""
    path = tmp_path / "orders.json"
    assert read_quotes(path) == Quotes(0, 0, frozenset())
    path.write_text('{"time": 7, "orders": [{"expiry": 50, "instrument": "A"}, {"expiry": 40, "instrument": "B"}]}')
    assert read_quotes(path) == Quotes(7, 40, frozenset({"A", "B"}))


class KeeperPage(BaseHTTPRequestHandler):
    """A keeper that is behind at the first looks."""

    looks = 0

    def do_GET(self):
        """Answer as a keeper does."""
        type(self).looks += 1
        ready = self.looks > 2
        body = b'{"ok": true}' if ready else b'{"behind": "3 blocks behind"}'
        self.send_response(200 if ready else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep silent."""


def test_keepers_are_given_a_moment(monkeypatch):
    """Some blocks behind is not out of order; not to answer is."""
    monkeypatch.setattr(status, "_MOMENT", 0.01)
    with HTTPServer(("127.0.0.1", 0), KeeperPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert unready(server.server_port) == "3 blocks behind"
        assert ask_keepers({"keeper 1": server.server_port}) == {"keeper 1": ""}
        server.shutdown()
    assert ask_keepers({"keeper 1": server.server_port}) == {"keeper 1": "does not answer"}
