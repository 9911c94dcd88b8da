"""Ballots that come together are written together: one transaction, one wait for the disk, many answers.

The threads of a server process hand their sealed ballots to one thread that writes; each answers its person only once
the transaction that holds its ballot has ended. A process killed at any instant has told nobody of a ballot that is
not on the disk. Where the caller already has a transaction (tests, a service that does more), the ballot is written
in it.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from maillage.participation.urn import errors, rows

logger = logging.getLogger("maillage.participation")
MOST = 64
"""Ballots in one transaction."""
PATIENCE = 15.0
"""Seconds a ballot waits for its turn before the person is asked to send it again."""
IDLE = 2.0


@dataclass(eq=False)
class _Waiting:
    ballot: rows.Prepared
    done: threading.Event = field(default_factory=threading.Event)
    failure: BaseException | None = None


class Writer:
    """One thread of this process, started by the first ballot."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.queue: deque[_Waiting] = deque()
        self.ready = threading.Condition()
        self.stopped = False
        self.thread = threading.Thread(target=self._run, name="maillage-urn", daemon=True)
        self.thread.start()

    def put(self, ballot: rows.Prepared) -> None:
        """Returns once the ballot is on the disk. Errors: those of ``rows.put_one``, and :class:`errors.Busy`."""
        one = _Waiting(ballot)
        with self.ready:
            self.queue.append(one)
            self.ready.notify()
        if not one.done.wait(PATIENCE):
            with self.ready:
                if one in self.queue:
                    self.queue.remove(one)
                    raise errors.Busy
            # It is being written: the database's own limits of time end it.
            one.done.wait()
        if one.failure is not None:
            raise one.failure

    def stop(self) -> None:
        """End the thread once what waits is written: whoever drops the database (tests) must find nobody in it."""
        with self.ready:
            self.stopped = True
            self.ready.notify()
        self.thread.join()

    def _run(self) -> None:
        while True:
            batch = self._next()
            if not batch:
                # Gives the connection back to the pool where there is one. It asks nothing of the database, which may
                # be gone: a thread that died here would leave its connection open.
                connection.close()
                if self.stopped:
                    return
                continue
            try:
                self._write(batch)
            except Exception as error:  # the thread lives on; whoever waits is told
                logger.exception("Ballots could not be written.")
                for one in batch:
                    one.failure = one.failure or error
            finally:
                for one in batch:
                    one.done.set()

    def _next(self) -> list[_Waiting]:
        with self.ready:
            if not self.queue and not self.stopped:
                self.ready.wait(IDLE)
            return [self.queue.popleft() for _ in range(min(MOST, len(self.queue)))]

    def _write(self, batch: list[_Waiting]) -> None:
        try:
            with transaction.atomic():
                outcomes = rows.write([one.ballot for one in batch])
        except (rows.Conflict, DatabaseError) as error:
            # One of them was there already, or the connection was lost: each for itself. What was written all the same
            # is found again by its tag.
            if isinstance(error, DatabaseError):
                connection.close()
            for one in batch:
                try:
                    rows.put_one(one.ballot)
                except (rows.Conflict, errors.NotTaken, DatabaseError) as failure:
                    one.failure = failure
        else:
            for one, refused in zip(batch, outcomes, strict=True):
                one.failure = refused


_writer: Writer | None = None
_lock = threading.Lock()


def put(ballot: rows.Prepared) -> None:
    """Write a ballot, with those that come at the same time where that may be. Errors: as ``rows.put_one``."""
    if connection.in_atomic_block or not settings.BALLOTS_TOGETHER:
        rows.put_one(ballot)
    else:
        _of_this_process().put(ballot)


def _of_this_process() -> Writer:
    """Made anew after a fork: threads do not follow."""
    global _writer
    with _lock:
        if _writer is None or _writer.pid != os.getpid() or not _writer.thread.is_alive():
            _writer = Writer()
        return _writer
