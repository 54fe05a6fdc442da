"""The one way in which the program opens a file that somebody gives, or that may be damaged.

A file is opened once and looked at as opened, so that nobody can put another one in between: it
must be a regular file (no folder, pipe, socket or device, on which a program would wait or never
end) and no larger than what is read from it may be. A file of a folder that somebody hands over,
such as that of a case, must also lie in it: a link that leads out of the folder is not followed.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

from graph.errors import InputError

# Bytes that a file of each kind may have.
SETTINGS: Final = 1_000_000
TABLE: Final = 2_000_000_000
TEXT: Final = 50_000_000
QUERY: Final = 1_000_000
DECISIONS: Final = 20_000_000
"""A newsroom's own lists for a pack: checks, replies, the steps of a story."""
PACKED: Final = 2_000_000_000
"""A pack, and each file of one."""
MANIFEST: Final = 200_000_000
"""The manifest of a pack, and the newsroom's record of it."""
BACKUP: Final = 1_000_000_000_000
STATE: Final = 1_000_000
"""What the program itself notes in its workspace."""

# Without O_NONBLOCK, opening a pipe waits for a writer. Windows has the first alone.
_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_BINARY", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC")
)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)

_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def open_file(
    path: Path, most: int, *, within: Path | None = None, named: str | Path | None = None
) -> BufferedReader:
    """Open a regular file of at most `most` bytes for reading.

    With `within` it must lie in that folder, wherever links lead. `named` is what an error calls
    it, else its path. Raises InputError.
    """
    named = path if named is None else named
    try:
        descriptor = _opened(path, within, named)
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror or error})", file=named, remedy=_remedy(path)
        ) from error
    try:
        _check(os.fstat(descriptor), most, named)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _opened(path: Path, within: Path | None, named: str | Path) -> int:
    if within is None:
        return os.open(path, _FLAGS)
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(within)):
        raise InputError(
            "is a link to a file outside its folder, and is not followed",
            file=named,
            remedy="put the file itself there",
        )
    return os.open(real, _FLAGS | _NO_LINK)


def _remedy(path: Path) -> str:
    if path.is_symlink():
        return "it is a link, so see where that leads"
    try:
        is_socket = stat.S_ISSOCK(path.lstat().st_mode)
    except OSError:
        return ""
    return "it is a socket, so give a regular file" if is_socket else ""


def _check(found: os.stat_result, most: int, named: str | Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), "a device")
        raise InputError(f"is {kind}", file=named, remedy="give a regular file")
    if found.st_size > most:
        raise too_large(most, named)


def too_large(most: int, named: str | Path) -> InputError:
    """The error of a file that is larger than what is read from it may be."""
    size = f"{most // 1_000_000:,} MB"
    return InputError(f"is larger than {size}", file=named, remedy=f"give a file of at most {size}")


def read_bytes(
    path: Path, most: int, *, within: Path | None = None, named: str | Path | None = None
) -> bytes:
    """All of a file that `open_file` opens. Raises InputError."""
    named = path if named is None else named
    with open_file(path, most, within=within, named=named) as file:
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", file=named) from error
    if len(data) > most:  # a file of the system's own has no size before it is read
        raise too_large(most, named)
    return data


def read_text(
    path: Path, most: int, *, within: Path | None = None, named: str | Path | None = None
) -> str:
    """A whole file as text in UTF-8, without its byte order mark. Raises InputError."""
    return decoded(read_bytes(path, most, within=within, named=named), named or path)


def decoded(data: bytes, named: str | Path) -> str:
    """Bytes of a file as text in UTF-8, without a byte order mark. Raises InputError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "is not UTF-8 text",
            file=named,
            row=data.count(b"\n", 0, error.start) + 1,
            remedy="save it as UTF-8",
        ) from error


# --- JSON ---------------------------------------------------------------------------------------

_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")


def parse_json(text: str | bytes) -> Any:
    """What a text says in JSON. Raises ValueError alone, whatever is wrong with it.

    Strict: no name occurs twice in an object, each number is finite, each text can be written in
    UTF-8.
    """
    plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    try:
        found = json.loads(
            plain, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite
        )
        if _HALF.search(plain):  # an escaped half of a character is JSON, and no text
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def state(path: Path) -> Mapping[str, Any]:
    """What the program noted in a file of its workspace: an object in JSON.

    Empty where there is none, where it was cut off by a full disk, or where it is anything else:
    such a file may be lost, and nobody is kept from working by it.
    """
    try:
        found = parse_json(read_bytes(path, STATE))
    except (InputError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
