"""A host for tests: listens, starts the template, and speaks the protocol."""
from __future__ import annotations

import atexit
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from typing import Any

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
sys.path.insert(0, PACKAGE)

from geowps_worker.frames import Connection  # noqa: E402

HAS_QGIS = importlib.util.find_spec('qgis') is not None
NO_QGIS = 'qgis can not be imported'
TIME_LIMIT = 60
"""Seconds until a silent process fails its test."""


class Worker:
    """One worker's connection, as the host sees it."""

    def __init__(self, connection: Connection, hello: dict[str, Any], pid: int) -> None:
        self.connection, self.hello, self.pid = connection, hello, pid
        self.said: list[dict[str, Any]] = []

    def ask(self, frame: dict[str, Any]) -> dict[str, Any] | None:
        """Its answer; log and progress frames are kept in `said`."""
        self.connection.send(frame)
        return self.answer()

    def answer(self) -> dict[str, Any] | None:
        while (frame := self.connection.receive()) is not None:
            if frame['op'] not in ('log', 'progress'):
                return frame
            self.said.append(frame)
        return None


class Host:
    """Owns a work folder and a template."""

    def __init__(self, models: str | None = None, scripts: str | None = None) -> None:
        self.work = tempfile.mkdtemp(prefix='geowps-test-')
        self._path = os.path.join(self.work, 'host.sock')
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self._path)
        self._listener.listen(8)
        self._listener.settimeout(TIME_LIMIT)
        command = [PYTHON, '-m', 'geowps_worker', 'template', '--socket', self._path, '--work', self.work]
        command += ['--models', models] if models else []
        command += ['--scripts', scripts] if scripts else []
        environment = dict(os.environ, PYTHONPATH=PACKAGE, GEOWPS_SECRET='x')
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.template = self._accept()
        self.ready = self.template.receive()
        self._forks = 0
        self._runs = 0
        self._exited: dict[int, dict[str, Any]] = {}
        self._workers: list[Worker] = []

    def fork(self) -> Worker:
        self._forks += 1
        self.template.send({'op': 'fork', 'id': self._forks})
        forked = self._next('forked')
        assert forked['id'] == self._forks, forked
        connection = self._accept()
        worker = Worker(connection, connection.receive() or {}, forked['pid'])
        self._workers.append(worker)
        return worker

    def exited(self, pid: int) -> dict[str, Any]:
        """What the template said of the end of a worker."""
        while pid not in self._exited:
            self._next('exited')
        return self._exited[pid]

    def _next(self, op: str) -> dict[str, Any]:
        while True:
            frame = self.template.receive()
            assert frame is not None, 'the template has ended'
            if frame['op'] == 'exited':
                self._exited[frame['pid']] = frame
            if frame['op'] == op:
                return frame

    def job(self) -> str:
        """A new job's folder."""
        self._runs += 1
        folder = os.path.join(self.work, 'jobs', str(self._runs), '1')
        os.makedirs(os.path.join(folder, 'inputs'))
        return folder

    def run(self, worker: Worker, algorithm: str, parameters: dict[str, Any], outputs: dict[str, Any] | None = None,
            folder: str | None = None, **more: Any) -> dict[str, Any] | None:
        return worker.ask(self.frame(algorithm, parameters, outputs, folder, **more))

    def frame(self, algorithm: str, parameters: dict[str, Any], outputs: dict[str, Any] | None = None, folder: str | None = None,
              **more: Any) -> dict[str, Any]:
        folder = folder or self.job()
        wanted = {'OUTPUT': None} if outputs is None else outputs
        context = {'ellipsoid': None, 'projectCrs': None, 'invalidFeatures': 'error', 'project': None, **more.pop('context', {})}
        return {'op': 'run', 'id': self._runs, 'algorithm': algorithm, 'folder': folder, 'trusted': False, 'parameters': parameters,
                'outputs': {k: {'mediaType': v} for k, v in wanted.items()}, 'context': context, 'memoryMb': 4096, **more}

    def close(self) -> None:
        self.template.close()
        self._listener.close()
        for worker in self._workers:
            worker.connection.close()
        try:
            self.process.wait(TIME_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.work, ignore_errors=True)

    def _accept(self) -> Connection:
        stream, _ = self._listener.accept()
        stream.settimeout(TIME_LIMIT)
        return Connection(stream)


_shared: list[tuple[Host, Worker]] = []


def shared() -> tuple[Host, Worker]:
    """One host and one worker for all tests that leave them as they were: a start of QGIS takes a second."""
    if not _shared:
        host = Host()
        atexit.register(host.close)
        _shared.append((host, host.fork()))
    return _shared[0]


def collection(features: list[dict[str, Any]], **more: Any) -> str:
    return json.dumps({'type': 'FeatureCollection', 'features': features, **more})


def points(count: int = 10) -> str:
    return collection([{'type': 'Feature', 'properties': {'n': i, 'name': f'p{i}', 'half': i / 2},
                        'geometry': {'type': 'Point', 'coordinates': [i, i]}} for i in range(count)])


def inline(text: str, name: str = 'INPUT') -> dict[str, Any]:
    return {'layer': {'geojson': text, 'name': name, 'want': 'vector'}}


def stored(folder: str, name: str, source: str, media_type: str, want: str = 'vector', **more: Any) -> dict[str, Any]:
    """Copies a file where the host would have put it."""
    place = os.path.join(folder, 'inputs', name)
    os.makedirs(place, exist_ok=True)
    shutil.copy(source, place)
    base = os.path.basename(source)
    return {'layer': {'path': f'inputs/{name}/{base}', 'name': os.path.splitext(base)[0], 'mediaType': media_type, 'want': want, **more}}
