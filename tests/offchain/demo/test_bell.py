"""The bell rings for one listener at a time."""

import socket
import time

from websockets.sync.client import connect

from crossmargin.simulation.demo.bell import Bell


def until(condition):
    """Wait for something, not for ever."""
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def test_it_rings_for_who_is_named():
    """The other hears nothing."""
    with Bell() as bell, connect(bell.url("keeper 1")) as first, connect(bell.url("keeper 2")) as second:
        for listener in (first, second):
            listener.send("subscribe")
        assert until(lambda: bell.listener("keeper 1") and bell.listener("keeper 2"))
        bell.ring("keeper 2")
        assert second.recv(timeout=5)
        bell.ring("keeper 1")
        assert first.recv(timeout=5)


def test_who_hangs_up_can_call_again():
    """A ring for nobody is lost, and no error."""
    with Bell() as bell:
        bell.ring("keeper 1")
        with connect(bell.url("keeper 1")) as listener:
            listener.send("subscribe")
            assert until(lambda: bell.listener("keeper 1"))
        assert until(lambda: bell.ring("keeper 1") or not bell.listener("keeper 1"))
        with connect(bell.url("keeper 1")) as listener:
            listener.send("subscribe")
            assert until(lambda: bell.listener("keeper 1"))
            bell.ring("keeper 1")
            assert listener.recv(timeout=5)


def test_who_is_killed_leaves_no_traceback(caplog):
    """A keeper that ends without a goodbye is no error of the bell's."""
    with Bell() as bell:
        listener = connect(bell.url("keeper 1"))
        listener.send("subscribe")
        assert until(lambda: bell.listener("keeper 1"))
        listener.socket.shutdown(socket.SHUT_RDWR)
        assert until(lambda: bell.ring("keeper 1") or not bell.listener("keeper 1"))
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
