"""A worker: one request at a time on the main thread, while a second thread listens for `cancel` and for the end."""
from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from typing import Callable

from . import PROTOCOL_VERSION
from .catalogue import catalogue
from .checks import check
from .drawing import Drawer
from .folders import AlgorithmFolders
from .frames import BadFrame, Connection, Frame
from .memory import MemoryLimit
from .run import Runner
from .temporary import use_temporary_folder
from .trial import try_to_load


def run_worker(socket_path: str, work: str, temporary: str, folders: AlgorithmFolders) -> None:
    """In a process of its own, which ends with its socket, along with all that it started."""
    use_temporary_folder(temporary)

    def end() -> None:
        os.killpg(0, signal.SIGKILL)  # at once, whatever the main thread is in

    limit = MemoryLimit()
    Worker(Connection.connect(socket_path), 'worker', Runner(work, folders, limit), Drawer(work, limit), folders, end).serve()


class Worker:
    """Serves one connection."""

    def __init__(self, host: Connection, role: str, runner: Runner, drawer: Drawer, folders: AlgorithmFolders,
                 on_end: Callable[[], None]) -> None:
        self._host = host
        self._role = role
        self._runner = runner
        self._drawer = drawer
        self._folders = folders
        self._on_end = on_end
        self._requests: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()

    def serve(self) -> None:
        self._host.send({'op': 'hello', 'role': self._role, 'protocol': PROTOCOL_VERSION, 'pid': os.getpid()})
        threading.Thread(target=self._listen, name='frames', daemon=True).start()
        while (frame := self._requests.get()) is not None:
            try:
                self._answer(frame)
            except OSError:
                return  # the host has gone

    def _listen(self) -> None:
        try:
            while (frame := self._host.receive()) is not None:
                if frame['op'] == 'cancel':
                    self._runner.cancel(frame['id'])
                else:
                    self._requests.put(frame)
        except (BadFrame, OSError):
            traceback.print_exc()
        self._runner.cancel_all()
        self._on_end()
        self._requests.put(None)

    def _answer(self, frame: Frame) -> None:
        try:
            if frame['op'] == 'run':
                try:
                    self._host.send(self._runner.run(frame, self._host.send))
                finally:
                    self._runner.tidy()
            elif frame['op'] in ('render', 'compose', 'describe'):
                self._host.send(self._drawer.answer(frame))
            elif frame['op'] == 'catalogue':
                self._host.send({'op': 'catalogue', 'id': frame['id'], **catalogue(self._folders)})
            elif frame['op'] == 'try':
                self._host.send({'op': 'tried', 'id': frame['id'], **try_to_load(self._folders, frame['kind'], frame['file'])})
            elif frame['op'] == 'check':
                mistakes = check(frame.get('items') or [], bool(frame.get('trusted')))
                self._host.send({'op': 'checked', 'id': frame['id'], 'mistakes': mistakes})
            else:
                raise BadFrame(f'a worker does not know {frame["op"]!r}')
        except OSError:
            raise
        except Exception as error:  # ours, not the caller's: the log has it all, the caller the kind
            traceback.print_exc()
            sys.stderr.flush()
            self._host.send({'op': 'failed', 'id': frame.get('id'), 'kind': 'internal', 'message': f'internal error ({type(error).__name__})'})
