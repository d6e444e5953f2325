"""Tools of workers that left their group: the template inherits them, ends them with their worker, and waits for them.

Whose a tool is tells the temporary folder in its environment. One that tells nothing lives until the template ends.
"""
from __future__ import annotations

import ctypes
import os
import re
import signal
import time
from collections.abc import Collection

_PR_SET_CHILD_SUBREAPER = 36


def adopt() -> None:
    """From now on orphans below this process become its children, not those of the first process, which may not wait for them."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def sweep(workers: Collection[int], folder: str) -> None:
    """Waits for what has ended, and kills what belongs to a worker that is no more; never blocks. `folder` holds the workers' own as w<pid>."""
    for pid in _children(workers):
        owner = _owner(pid, folder)
        _end(pid, kill=owner is not None and owner not in workers)


def end_all(seconds: float = 1) -> None:
    """Until no child is left, or for so long: what was killed may have children of its own."""
    limit = time.monotonic() + seconds
    while (left := _children(())) and time.monotonic() < limit:
        for pid in left:
            _end(pid, kill=True)
        time.sleep(0.005)


def _children(but: Collection[int]) -> list[int]:
    try:
        with open(f'/proc/self/task/{os.getpid()}/children', encoding='ascii') as children:
            return [pid for pid in map(int, children.read().split()) if pid not in but]
    except OSError:
        return []


def _owner(pid: int, folder: str) -> int | None:
    try:
        with open(f'/proc/{pid}/environ', 'rb') as environment:
            found = re.search(rb'(?:^|\0)TMPDIR=' + re.escape(os.fsencode(folder)) + rb'/w(\d+)(?:\0|/|$)', environment.read())
    except OSError:
        return None
    return int(found[1]) if found else None


def _end(pid: int, kill: bool) -> None:
    try:
        if kill:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, os.WNOHANG)
    except (ProcessLookupError, PermissionError, ChildProcessError):
        pass
