"""Runs the application on a socket until a signal, and lets what is under way end.

The server runs in a thread of its own, where uvicorn leaves signals alone: its own handling would end the process by
the signal again, and a graceful stop is no failure.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from uvicorn import Config, Server

from logtui.cli.receiver.application import Application
from logtui.cli.receiver.connection import guarded
from logtui.cli.receiver.problem_log import ProblemLog
from logtui.services.receive.request_head import MOST_HEADER_BYTES, Limits

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_BACKLOG = 256


class _ServerLog(logging.Handler):
    """Passes on what uvicorn calls an error."""

    def __init__(self, log: ProblemLog) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._log.broke(error)
        else:
            self._log.failed(f"the server reports: {record.getMessage().strip()}")


class _Serving(threading.Thread):
    """Runs a server and keeps what ended it."""

    def __init__(self, server: Server, listener: socket.socket) -> None:
        super().__init__(name="server", daemon=True)
        self._server = server
        self._listener = listener
        self.error: BaseException | None = None

    def run(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            self._server.run(sockets=[self._listener])
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self.error = error


def serve(
    application: Application, listener: socket.socket, limits: Limits, log: ProblemLog, *, introduce: Callable[[], None]
) -> int | None:
    """Serve until a signal, and return its number. What was under way then has ended, or had its time.

    Args:
        introduce: called once signals are heard.
        listener: a bound, listening socket; it is closed.
    """
    _listen_to_server(log)
    server = Server(_configuration(application, limits, log))
    serving = _Serving(server, listener)
    with _stopping(server) as received:
        introduce()
        serving.start()
        while serving.is_alive():
            serving.join(1.0)
    if serving.error is not None:
        raise serving.error
    return received[0] if received else None


def _configuration(application: Application, limits: Limits, log: ProblemLog) -> Config:
    return Config(
        application,
        interface="asgi3",
        loop="asyncio",
        http=guarded(limits, log.answered),
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        backlog=_BACKLOG,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        timeout_keep_alive=limits.idle_seconds,
        timeout_graceful_shutdown=limits.stop_seconds,
    )


def _listen_to_server(log: ProblemLog) -> None:
    for name in ("uvicorn", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers = [_ServerLog(log)]
        logger.propagate = False
        logger.setLevel(logging.ERROR)


@contextmanager
def _stopping(server: Server) -> Iterator[list[int]]:
    """Turn the first signal into a graceful stop and the second into one without patience; yield the numbers."""
    received: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        server.should_exit = True
        server.force_exit = bool(received)
        received.append(number)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heard = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in heard:
        signal.signal(number, stop)
    try:
        yield received
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
