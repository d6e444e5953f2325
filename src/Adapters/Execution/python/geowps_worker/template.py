"""The template: initialises QGIS once, forks workers from itself and tells the host when one has ended.

It opens no layer (but one warm-up run, whose pages all workers then share) and starts no thread, so that a fork is safe.
"""
from __future__ import annotations

import ctypes
import os
import selectors
import shutil
import signal
import sys
import traceback
from typing import Sequence

from . import PROTOCOL_VERSION, qgis_session, strays
from .folders import AlgorithmFolders
from .frames import BadFrame, Connection
from .private_folder import PrivateFolder

_PR_SET_PDEATHSIG = 1
_SECONDS_BETWEEN_SWEEPS = 1


def serve(socket_path: str, work: str, models: Sequence[str], scripts: Sequence[str]) -> None:
    """Until the host closes the socket. Never returns: QGIS's own end is slow and hangs where it was forked."""
    try:
        os.setsid()  # a signal to the server's process group is the server's affair: it then closes our socket
    except PermissionError:
        pass  # started by a shell: already the leader of a group
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = 0
    private = PrivateFolder(work)
    try:
        qgis_session.clear_environment()
        os.environ['TMPDIR'] = private.make('template')
        qgis_session.initialise(private.make('profile'))
        Template(socket_path, work, private, AlgorithmFolders(models, scripts)).run()
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        private.remove()
        sys.stderr.flush()
        os._exit(code)


class Template:
    """The loop around fork and wait."""

    def __init__(self, socket_path: str, work: str, private: PrivateFolder, folders: AlgorithmFolders) -> None:
        self._socket_path = socket_path
        self._work = work
        self._private = private
        self._folders = folders
        self._workers: dict[int, int] = {}  # pid: its descriptor, readable when it has ended

    def run(self) -> None:
        from . import worker  # noqa: F401 (needs QGIS, and every worker would import it for itself)
        self._folders.apply()
        _warm_up()
        strays.adopt()
        self._wakeup = _wake_on_terminate()
        self._host = Connection.connect(self._socket_path)
        self._host.send({'op': 'ready', 'role': 'template', 'protocol': PROTOCOL_VERSION, 'pid': os.getpid(), **qgis_session.versions()})
        try:
            self._loop()
        finally:
            for pid in list(self._workers):
                _kill_group(pid)
                self._collect(pid)
            strays.end_all()

    def _loop(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._host, selectors.EVENT_READ, 'host')
        self._selector.register(self._wakeup, selectors.EVENT_READ, 'terminate')
        while True:
            for key, _ in self._selector.select(_SECONDS_BETWEEN_SWEEPS):
                if key.data == 'terminate':
                    return
                if key.data == 'host':
                    frame = self._host.receive()
                    if frame is None:
                        return
                    if frame['op'] != 'fork':
                        raise BadFrame(f'a template does not know {frame["op"]!r}')
                    self._fork(frame['id'])
                else:
                    self._ended(key.data)
            strays.sweep(self._workers, self._private.path)

    def _fork(self, request: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._become_worker()
        descriptor = os.pidfd_open(pid)
        self._workers[pid] = descriptor
        self._selector.register(descriptor, selectors.EVENT_READ, pid)
        self._host.send({'op': 'forked', 'id': request, 'pid': pid})

    def _become_worker(self) -> None:
        """In the child. Ends by os._exit, whatever happens: the loop above belongs to the parent."""
        code = 1
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)  # a Python handler would wait for the C++ call to return
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            self._selector.close()
            self._host.release()
            os.close(self._wakeup)
            for descriptor in self._workers.values():
                os.close(descriptor)
            from .worker import run_worker
            run_worker(self._socket_path, self._work, self._private.make(f'w{os.getpid()}'), self._folders)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _ended(self, pid: int) -> None:
        descriptor = self._workers[pid]
        self._selector.unregister(descriptor)
        self._host.send({'op': 'exited', **self._collect(pid)})

    def _collect(self, pid: int) -> dict:
        """Waits, closes, and removes what the worker left: tools that it started, and its temporary folder."""
        _, status, usage = os.wait4(pid, 0)
        os.close(self._workers.pop(pid))
        _kill_tools(pid)
        shutil.rmtree(os.path.join(self._private.path, f'w{pid}'), ignore_errors=True)
        killed = os.WIFSIGNALED(status)
        return {'pid': pid, 'code': None if killed else os.WEXITSTATUS(status),
                'signal': os.WTERMSIG(status) if killed else None, 'maxRssKb': usage.ru_maxrss}


def _kill_group(pid: int) -> None:
    for kill in (os.kill, os.killpg):  # a worker that has just been forked leads no group yet
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


def _kill_tools(group: int) -> None:
    """What a worker that has been waited for left in its group; the number of a group in use is not given away."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _wake_on_terminate() -> int:
    """A descriptor that becomes readable at SIGTERM: an orderly end, not one in the middle of a fork."""
    reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGTERM, lambda *_: None)
    return reading


def _warm_up() -> None:
    """Loads what the first run of a worker would load: 9 MB of private memory a worker become 4."""
    from qgis.core import (QgsFeature, QgsGeometry, QgsPointXY, QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsVectorLayer,
                           QgsApplication)
    layer = QgsVectorLayer('Point?crs=EPSG:4326', 'warm', 'memory')
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(0, 0)))
    layer.dataProvider().addFeatures([feature])
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById('native:buffer')
    if algorithm:
        algorithm.run({'INPUT': layer, 'DISTANCE': 1, 'OUTPUT': 'memory:'}, context, QgsProcessingFeedback(False))
    del layer, context, algorithm
    qgis_session.forget_job()
