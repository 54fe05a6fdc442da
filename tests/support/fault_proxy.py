"""A proxy between driver and server on which connections are lost, delayed and torn.

`Proxy` stands before one real server and speaks for one or more members of a cluster. With one, all
passes as it comes, the server's routing table too, which leads back here. With several it makes the
routing table itself: one member leads, the others only read, and a write to them is refused with
the error of a real cluster. All of them are the same server, so what is tried is how a client gets
on with a cluster, not whether its members agree.

`Faults` says what goes wrong, and when: at random points that follow from a seed, bounded in number
and in time.
"""

from __future__ import annotations

import contextlib
import enum
import os
import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

import bolt_wire as bolt

from graph.errors import StoreUnavailable
from graph.store.store import Store

T = TypeVar("T")

TRIES = 6
"""How often a user runs a command again at most."""
NOT_A_LEADER = "Neo.ClientError.Cluster.NotALeader"
_ROUTE_FOR = 300  # seconds for which a routing table is good


class Fault(enum.Enum):
    """What can happen to a message of the client's."""

    CUT = "the connection is reset before the server gets it"
    UNANSWERED = "the server gets it, and the connection is reset before the answer comes back"
    TORN = "the connection is reset in the middle of the answer"
    SILENT = "nothing more passes for a while, then the connection ends"
    SLOW = "it comes late"
    ELECTION = "another member becomes the leader"


class Faults:
    """So many faults at most, one in about `every` messages of the client's, as the seed says.

    Of its messages only those of the kinds `within` count, if any are given; between two faults
    lie at least `apart` less one. `happened` lists them: what, and in which message.
    """

    def __init__(
        self,
        seed: int,
        *,
        most: int = 6,
        every: float = 12,
        apart: int = 1,
        kinds: tuple[Fault, ...] = tuple(Fault),
        within: tuple[int, ...] = (),
    ) -> None:
        self.seed, self._kinds, self._within = seed, kinds, within
        self._apart, self._every = apart, max(every - apart, 0.01)
        self._random = random.Random(seed)  # noqa: S311 (what follows from a seed is wanted)
        self._left, self._lock = most, threading.Lock()
        self._wait = self._gap()
        self.happened: list[tuple[Fault, str]] = []

    def _gap(self) -> int:
        return self._apart + int(self._random.expovariate(1 / self._every))

    def draw(self, raw: bytes) -> Fault | None:
        """What happens to this message; mostly nothing."""
        if self._within and bolt.kind(raw) not in self._within:
            return None
        with self._lock:
            self._wait -= 1
            if self._wait > 0 or not self._left:
                return None
            self._wait, self._left = self._gap(), self._left - 1
            fault = self._random.choice(self._kinds)
            self.happened.append((fault, hex(bolt.kind(raw))))
            return fault

    def pause(self) -> float:
        """Seconds that something takes too long."""
        with self._lock:
            return self._random.uniform(0.02, 0.2)

    def __str__(self) -> str:
        told = ", ".join(f"{fault.name} in {message}" for fault, message in self.happened)
        return f"seed {self.seed}: {told or 'no faults'}"


class Proxy:
    """A proxy before the server at a port of this machine, as so many members of a cluster.

    `uri` leads to it. `faults` may be set and taken away at any time. `reads` and `writes` count
    the transactions that came to each member, `seen` are the bookmarks that came with reads and
    `given` those that the server gave for writes.
    """

    def __init__(self, port: int, *, members: int = 1, scheme: str = "neo4j") -> None:
        self.target = port
        self.faults: Faults | None = None
        self.leader = 0
        self.reads, self.writes = [0] * members, [0] * members
        self.given: list[bytes] = []
        self.seen: list[set[bytes]] = []
        self._lines: set[_Line] = set()
        self._lock = threading.Lock()
        self._doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(members)]
        self.ports = [door.getsockname()[1] for door in self._doors]
        self.uri = f"{scheme}://127.0.0.1:{self.ports[0]}"
        for number, door in enumerate(self._doors):
            threading.Thread(target=self._answer, args=(number, door), daemon=True).start()

    def store(self) -> Store:
        """The graph that the environment names, opened through this proxy."""
        return Store.open(environ={**os.environ, "NEO4J_URI": self.uri})

    def persist(self, work: Callable[[Store], T]) -> tuple[T, int]:
        """Do as a user does: run a command again where the error says so.

        Returns what it came to, and how often it was run again.
        """
        for again in range(TRIES):
            try:
                with self.store() as store:
                    return work(store), again
            except StoreUnavailable as error:
                last = error
        raise last

    def _answer(self, number: int, door: socket.socket) -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return  # the door is closed
            _Line(self, number, client)

    # --- what lines ask -------------------------------------------------------------------------

    def joined(self, line: _Line) -> None:
        """A line begins."""
        with self._lock:
            self._lines.add(line)

    def left(self, line: _Line) -> None:
        """A line has ended."""
        with self._lock:
            self._lines.discard(line)

    def leads(self, number: int) -> bool:
        """Whether this member takes writes."""
        return number == self.leader

    def table(self) -> bytes | None:
        """The answer to a question for the routing table; None: the server's own."""
        if len(self.ports) == 1:
            return None
        addresses = [f"127.0.0.1:{port}" for port in self.ports]
        followers = [a for number, a in enumerate(addresses) if not self.leads(number)]
        servers = [
            {"role": "ROUTE", "addresses": addresses},
            {"role": "READ", "addresses": followers},
            {"role": "WRITE", "addresses": [addresses[self.leader]]},
        ]
        told = {"rt": {"ttl": _ROUTE_FOR, "db": "neo4j", "servers": servers}}
        return bolt.framed(bolt.SUCCESS, told)

    def began(self, number: int, raw: bytes) -> None:
        """A transaction has begun at a member."""
        with self._lock:
            if bolt.reads_only(raw):
                self.reads[number] += 1
                self.seen.append(bolt.bookmarks(raw))
            else:
                self.writes[number] += 1

    def was_given(self, raw: bytes) -> None:
        """The server has answered a write's commit."""
        with self._lock:
            self.given += bolt.bookmarks(raw)

    # --- what tests do --------------------------------------------------------------------------

    def elect(self) -> None:
        """Make the next member the leader."""
        self.leader = (self.leader + 1) % len(self.ports)

    def cut_all(self) -> None:
        """Reset every connection that is open now."""
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            line.cut()

    def close(self) -> None:
        """Take no more connections and reset those that are open."""
        for door in self._doors:
            door.close()
        self.cut_all()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Line:
    """One connection of a client's, with the one to the server behind it."""

    def __init__(self, proxy: Proxy, number: int, client: socket.socket) -> None:
        self._proxy, self._number, self._client = proxy, number, client
        self._server = socket.socket()
        self._next: Fault | None = None  # what is to happen to the next answer
        self._failed = False  # the client was refused and has not yet asked for a new start
        self._open = self._writing = self._committing = False  # of the transaction under way
        self._cut = threading.Event()
        proxy.joined(self)
        threading.Thread(target=self._run, daemon=True).start()

    def cut(self) -> None:
        """Reset both connections."""
        self._cut.set()
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RD)  # wakes whoever waits for more
            end.close()

    def _run(self) -> None:
        try:
            self._server.connect(("127.0.0.1", self._proxy.target))
            for end in (self._client, self._server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            bolt.handshake(self._client, self._server)
            back = threading.Thread(target=self._backward, daemon=True)
            back.start()
            while not self._cut.is_set():
                self._forward(bolt.message(self._client))
        except OSError:
            pass  # one end is gone
        finally:
            self.cut()
            self._proxy.left(self)

    # --- from the client ------------------------------------------------------------------------

    def _forward(self, raw: bytes) -> None:
        faults = self._proxy.faults
        fault = faults.draw(raw) if faults else None
        if fault is Fault.CUT:
            self.cut()
        elif fault is Fault.SILENT:
            time.sleep(faults.pause() if faults else 0)
            self.cut()
        elif fault is Fault.SLOW:
            time.sleep(faults.pause() if faults else 0)
        elif fault is Fault.ELECTION:
            self._proxy.elect()
        elif fault in (Fault.UNANSWERED, Fault.TORN):
            self._next = fault
        if not self._cut.is_set():
            self._pass(raw)

    def _pass(self, raw: bytes) -> None:
        answer = self._own_answer(bolt.kind(raw), raw)
        if answer is None:
            self._server.sendall(raw)
        else:
            self._client.sendall(answer)

    def _own_answer(self, kind: int, raw: bytes) -> bytes | None:
        """What the member says without asking the server."""
        if kind == bolt.RESET:
            self._failed = self._open = False
        elif self._failed:
            return bolt.framed(bolt.IGNORED)
        elif kind == bolt.ROUTE:
            return self._proxy.table()
        elif kind == bolt.BEGIN or (kind == bolt.RUN and not self._open):
            self._open, self._writing = kind == bolt.BEGIN, not bolt.reads_only(raw)
            self._proxy.began(self._number, raw)
        self._committing = kind == bolt.COMMIT and self._writing
        writes = self._writing and kind in (bolt.BEGIN, bolt.RUN, bolt.COMMIT)
        if writes and not self._proxy.leads(self._number):
            self._failed = True
            return bolt.failure(NOT_A_LEADER, "No write operations are allowed here.")
        if kind in (bolt.COMMIT, bolt.ROLLBACK):
            self._open = False
        return None

    # --- from the server ------------------------------------------------------------------------

    def _backward(self) -> None:
        with contextlib.suppress(OSError):
            while not self._cut.is_set():
                raw = bolt.message(self._server)
                if self._committing:
                    self._proxy.was_given(raw)
                    self._committing = False
                if self._next is Fault.TORN:
                    self._client.sendall(raw[: len(raw) // 2])
                if self._next is not None:
                    self.cut()
                    return
                self._client.sendall(raw)
        self.cut()
