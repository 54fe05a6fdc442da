"""Find a Chromium for the browser tests, or install one with the platform's package manager.

Uses nothing but the standard library. What cannot be installed is named in one sentence with the
command to type; the exit code is then 1, unless SUTRA_ALLOW_SKIP=1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
MANAGERS = {
    "apt-get": (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]),
    "dnf": (["dnf", "install", "-y", "-q", "chromium"],),
    "pacman": (["pacman", "-S", "--noconfirm", "--needed", "chromium"],),
    "brew": (["brew", "install", "--cask", "chromium"],),
}


def installed() -> bool:
    """Whether a browser that the tests can drive is on the path."""
    return any(shutil.which(name) for name in NAMES)


def install() -> str:
    """Try to install one; returns the command to type if that did not work, else nothing."""
    for manager, commands in MANAGERS.items():
        if not shutil.which(manager):
            continue
        root = not hasattr(os, "geteuid") or os.geteuid() == 0 or manager == "brew"
        prefix = [] if root else ["sudo"]
        typed = " && ".join(" ".join(prefix + command) for command in commands)
        if not root:
            return typed
        for command in commands:
            if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
                return typed
        return "" if installed() else typed
    return "your package manager's command for chromium"


def main() -> int:
    """Make sure of a browser; returns the exit code."""
    if installed():
        return 0
    command = install()
    if not command:
        return 0
    sys.stderr.write(f"The browser tests need Chromium, which is not here; install it: {command}\n")
    return 0 if os.environ.get("SUTRA_ALLOW_SKIP") == "1" else 1


if __name__ == "__main__":
    sys.exit(main())
