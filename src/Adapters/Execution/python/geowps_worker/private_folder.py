"""A process's own folder below the work folder, removed when its owner has ended, whichever way it ended."""
from __future__ import annotations

import fcntl
import os
import shutil
import tempfile

_PREFIX = '.worker-'


class PrivateFolder:
    """Made and locked. The kernel drops the lock with the last process that holds it, so a later start can tell
    what nobody needs any more."""

    def __init__(self, work: str) -> None:
        os.makedirs(work, exist_ok=True)
        _remove_abandoned(work)
        self.path = tempfile.mkdtemp(prefix=_PREFIX, dir=work)
        self._lock = os.open(os.path.join(self.path, 'lock'), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def make(self, name: str) -> str:
        path = os.path.join(self.path, name)
        os.makedirs(path, mode=0o700, exist_ok=True)
        return path

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_abandoned(work: str) -> None:
    for name in os.listdir(work):
        if not name.startswith(_PREFIX):
            continue
        path = os.path.join(work, name)
        try:
            lock = os.open(os.path.join(path, 'lock'), os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            continue  # being made just now, or being removed
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        except OSError:
            pass  # in use
        finally:
            os.close(lock)
