"""The processes of a workspace's embedded engine, to look at and to kill."""

from __future__ import annotations

import psutil

from graph.runtime.workspace import Workspace
from graph.store.embedded import server as embedded


def servers(workspace: Workspace) -> list[int]:
    """Process numbers of the workspace's servers."""
    argument = f"-Darcadedb.server.rootPath={workspace.engine}"
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if argument in (process.info["cmdline"] or []):
            found.append(process.pid)
    return found


def supervisors(workspace: Workspace) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if "graph.store.embedded.supervisor" in (process.info["cmdline"] or [])
        and process.info["cmdline"][-1] == str(workspace.root)
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def kill(*processes: psutil.Process) -> None:
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=5)


def server_process(workspace: Workspace) -> psutil.Process:
    server = embedded.running(workspace)
    assert server is not None
    process = server.process()
    assert process is not None
    return process
