"""As much of Bolt's wire format as a proxy needs: messages, and the few answers it makes itself.

A message is a run of chunks (two bytes of length, then so many bytes) that ends with an empty one;
its payload begins with a structure whose second byte says which message it is. Between two
messages an empty chunk alone keeps the connection alive.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any

# What a client asks.
RUN, BEGIN, COMMIT, ROLLBACK, RESET, ROUTE = 0x10, 0x11, 0x12, 0x13, 0x0F, 0x66
# What a server answers.
SUCCESS, FAILURE, IGNORED = 0x70, 0x7F, 0x7E

_MANIFEST = b"\x00\x00\x01\xff"
# `mode: "r"` in a message's settings.
_READ_MODE = b"\x84mode\x81r"
_BOOKMARK = re.compile(rb"FB:[\w+/=-]+")


def receive(connection: socket.socket, size: int) -> bytes:
    """So many bytes; raises ConnectionError if the connection ends before."""
    got = bytearray()
    while len(got) < size:
        part = connection.recv(size - len(got))
        if not part:
            raise ConnectionError("ended")
        got += part
    return bytes(got)


def message(connection: socket.socket) -> bytes:
    """The next message as it came: all its chunks with their lengths."""
    got = bytearray()
    while True:
        length = receive(connection, 2)
        got += length
        size = int.from_bytes(length)
        if size:
            got += receive(connection, size)
        elif len(got) > 2:
            return bytes(got)
        else:
            got.clear()


def kind(raw: bytes) -> int:
    """Which message it is."""
    return raw[3]


def reads_only(raw: bytes) -> bool:
    """Whether a BEGIN or RUN asks for a transaction that reads."""
    return _READ_MODE in raw


def bookmarks(raw: bytes) -> set[bytes]:
    """The bookmarks in a message."""
    return set(_BOOKMARK.findall(raw))


def handshake(client: socket.socket, server: socket.socket) -> None:
    """Pass the agreement on a version through, in both directions."""
    server.sendall(receive(client, 20))
    offered = receive(server, 4)
    client.sendall(offered)
    if offered != _MANIFEST:
        return
    versions = _passed_number(server, client)
    client.sendall(receive(server, 4 * versions))
    _passed_number(server, client)
    server.sendall(receive(client, 4))
    _passed_number(client, server)


def _passed_number(source: socket.socket, target: socket.socket) -> int:
    """A number in parts of seven bits, least first; passed on and returned."""
    number = shift = 0
    while True:
        byte = receive(source, 1)
        target.sendall(byte)
        number |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            return number


def packed(value: Any) -> bytes:
    """A small value as Bolt packs it: text, number of up to 31 bits, list, map."""
    if isinstance(value, str):
        text = value.encode()
        head = bytes([0x80 + len(text)]) if len(text) < 16 else bytes([0xD0, len(text)])
        return head + text
    if isinstance(value, int):
        return struct.pack(">Bi", 0xCA, value)
    if isinstance(value, Mapping):
        parts = [packed(name) + packed(item) for name, item in value.items()]
        return bytes([0xA0 + len(parts)]) + b"".join(parts)
    if isinstance(value, Sequence):
        return bytes([0x90 + len(value)]) + b"".join(map(packed, value))
    raise TypeError(f"no way to pack {value!r}")


def framed(answer: int, *fields: Any) -> bytes:
    """A message of a server's, in one chunk."""
    payload = bytes([0xB0 + len(fields), answer]) + b"".join(map(packed, fields))
    return struct.pack(">H", len(payload)) + payload + b"\x00\x00"


def failure(code: str, words: str) -> bytes:
    """An error, as servers before and after Bolt 5.7 tell it."""
    return framed(
        FAILURE,
        {
            "code": code, "neo4j_code": code, "message": words, "description": words,
            "gql_status": "50N42",
        },
    )  # fmt: skip
