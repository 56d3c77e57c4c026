import asyncio

import pytest

from keepers.errors import (
    BusyError,
    LateError,
    LimitError,
    MissingError,
    NodeError,
    ResponseError,
    RevertError,
    TransportError,
)
from keepers.rpc.classify import http_error, rpc_error
from keepers.rpc.pace import Size
from tests.offchain.keepers.fake_chain import VENUE
from tests.offchain.keepers.fake_network import FakeNetwork

CHAIN_ID = ("eth_chainId", ())


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (3, "execution reverted", RevertError),
        (-32005, "daily request count exceeded, request rate limited", BusyError),
        (429, "Your app has exceeded its compute units per second capacity", BusyError),
        (-32005, "query returned more than 10000 results", LimitError),
        (-32602, "block range is too wide", LimitError),
        (-32000, "header not found", MissingError),
        (-32000, "nonce too low", NodeError),
    ],
)
def test_errors_are_named_by_what_they_mean(code, message, kind):
    """The same code means a rate limit here and a size limit there: the words decide."""
    assert type(rpc_error("m", {"code": code, "message": message})) is kind


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, b"", BusyError),
        (503, b"", BusyError),
        (400, b"requests per second exceeded", BusyError),
        (413, b"<html>Request Entity Too Large</html>", LimitError),
        (400, b'{"error":{"code":-32602,"message":"block range too large, maximum is 500"}}', LimitError),
        (500, b'{"error":{"code":-32000,"message":"header not found"}}', MissingError),
        (502, b"Bad Gateway", TransportError),
    ],
)
def test_http_errors_are_named_by_their_body(status, body, kind):
    """A status says little: what the node wrote beside it is read, and told."""
    error = http_error(status, {}, body)
    assert type(error) is kind
    assert body.decode()[:20] in str(error) or b"{" in body


def test_retry_after_is_obeyed():
    """A node that asks for seven seconds is left alone for seven, and no request goes out before."""
    network, now = FakeNetwork("a"), [0.0]
    network["a"].busy = 7.0
    rpc = network.client(clock=lambda: now[0]).rpc
    with pytest.raises(BusyError):
        asyncio.run(rpc.request(*CHAIN_ID))
    assert rpc.rest_left() == 7.0
    now[0] = 7.0
    assert rpc.rest_left() == 0.0


def test_rests_grow_and_differ():
    """Failures in a row are answered by longer rests, with jitter, up to a few seconds; success ends them."""
    network, now, rests = FakeNetwork("a"), [0.0], []
    network["a"].cut = True
    rpc = network.client(clock=lambda: now[0]).rpc
    for _ in range(12):
        with pytest.raises(TransportError):
            asyncio.run(rpc.request(*CHAIN_ID))
        rests.append(rpc.rest_left())
        now[0] += rests[-1]
    assert rests[0] < rests[2] < rests[4]
    assert max(rests) <= 4.0
    assert len(set(rests)) == len(rests)
    rpc.current.praise()
    assert rpc.rest_left() == 0.0


@pytest.mark.parametrize("status", [200, 400, 413])
def test_batches_shrink_to_what_the_node_takes_and_grow_back(status):
    """All is answered: by one node in small batches and later in large ones again, by the other in large ones."""
    network = FakeNetwork("small", "large")
    network["small"].batch_limit, network["small"].batch_status = 10, status
    rpc = network.client(timeout=5).rpc
    small, large = rpc.endpoints

    async def ask(endpoint) -> None:
        assert await endpoint.ask([CHAIN_ID] * 60) == [hex(31337)] * 60

    asyncio.run(ask(small))
    asyncio.run(ask(large))
    assert small.batch.now <= 10 < large.batch.now
    network["small"].batch_limit = 10**9
    for _ in range(40):
        asyncio.run(ask(small))
    assert small.batch.now == small.batch.most


def test_rate_limit_is_not_taken_for_a_size():
    """A node that is busy is asked later, not for less."""
    network = FakeNetwork("a")
    network["a"].busy_words = "rate limit exceeded, retry in 1s"
    rpc = network.client().rpc
    with pytest.raises(BusyError):
        asyncio.run(rpc.batch([CHAIN_ID] * 60))
    assert rpc.current.batch.now == rpc.current.batch.most


def test_single_calls_are_sent_plainly():
    """A node that takes no lists at all still answers, one by one."""
    network = FakeNetwork("a")
    network["a"].batch_limit, network["a"].batch_status = 0, 400
    assert asyncio.run(network.client().rpc.batch([CHAIN_ID] * 3)) == [hex(31337)] * 3


@pytest.mark.parametrize(("fault", "status"), [("slow_range", 0), ("refused_range", 400), ("refused_range", 413)])
def test_range_that_is_too_long_is_halved(fault, status):
    """A node that lets large ranges time out, or refuses them by a status, is asked for less, and for more later."""
    network = FakeNetwork("a")
    for number in range(64):
        network.chain.mine(f"0x{number:02x}")
    network["a"].range_status = status
    setattr(network["a"], fault, 20)
    node = network.client(span=64)

    async def read() -> list[str]:
        first, found = 1, []
        while first <= 64:
            try:
                end, logs = await node.logs.between(first, 64, [VENUE])
            except LateError:
                continue
            found += [log.data for log in logs]
            first = end.number + 1
        return found

    assert asyncio.run(read()) == [f"0x{number:02x}" for number in range(64)]
    assert node.rpc.current.span.now <= 20
    setattr(network["a"], fault, 10**9)
    for _ in range(40):
        asyncio.run(read())
    assert node.rpc.current.span.now == 64


def test_answer_that_drips_is_late():
    """The whole answer has a time limit, not each byte."""
    network = FakeNetwork("a")
    network["a"].frozen = True
    with pytest.raises(LateError):
        asyncio.run(network.client(timeout=0.02).rpc.request(*CHAIN_ID))


@pytest.mark.parametrize(
    "lie",
    [
        lambda _, answer: {**answer, "id": 999},
        lambda _, answer: {"id": answer["id"]},
        lambda _, answer: {"id": answer["id"], "error": "no"},
    ],
)
def test_answer_to_another_question_is_none(lie):
    """Neither another id, nor nothing, nor an error of an odd shape passes for a result."""
    network = FakeNetwork("a")
    network["a"].lie = lie
    for calls in ([CHAIN_ID], [CHAIN_ID] * 2):
        with pytest.raises(ResponseError):
            asyncio.run(network.client().rpc.batch(calls))


def test_size_that_fails_often_is_tried_less_often():
    """Growing costs a refused request now and then, ever more rarely while the limit stands."""
    size, refused = Size(100), 0
    for _ in range(400):
        if size.now > 10:
            size.shrink(size.now)
            refused += 1
        else:
            size.grow(size.now)
    assert 3 < refused < 50


def test_names_of_nodes_hold_no_keys():
    """Addresses hold keys in their paths: logs and metrics show hosts."""
    network = FakeNetwork("a")
    rpc = network.client().rpc
    assert rpc.current.name == "a"
