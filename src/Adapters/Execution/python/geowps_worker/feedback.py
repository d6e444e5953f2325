"""What an algorithm says while it runs, as frames."""
from __future__ import annotations

import time
from typing import Callable

from qgis.core import QgsProcessingFeedback

MAX_LINES = 10_000
PROGRESS_INTERVAL = 0.1
"""Seconds between two progress frames: an algorithm may report a thousand times."""


class Feedback(QgsProcessingFeedback):
    """Typed log lines and thinned progress; keeps the errors for the message of a failure."""

    def __init__(self, run_id: int, send: Callable[[dict], None], sanitise: Callable[[str], str]) -> None:
        super().__init__(False)
        self._run_id = run_id
        self._send = send
        self._sanitise = sanitise
        self._lines = 0
        self._next_progress = time.monotonic() + PROGRESS_INTERVAL
        self._percent = 0.0
        self.errors: list[str] = []
        self.progressChanged.connect(self._progress)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        text = self._sanitise(error)
        if text.strip():
            self.errors.append(text.strip())
        del self.errors[:-20]
        self._log('error', text)

    def pushWarning(self, warning: str) -> None:
        self._log('warning', self._sanitise(warning))

    def pushInfo(self, info: str) -> None:
        self._log('info', self._sanitise(info))

    def pushDebugInfo(self, info: str) -> None:
        self._log('info', self._sanitise(info))

    def pushCommandInfo(self, info: str) -> None:
        self._log('command', self._sanitise(info))

    def pushConsoleInfo(self, info: str) -> None:
        self._log('console', self._sanitise(info))

    def setProgressText(self, text: str) -> None:
        self._log('progress', self._sanitise(text))

    def finish(self) -> None:
        """No frame may follow the run's last one."""
        self.progressChanged.disconnect(self._progress)
        self._lines = MAX_LINES

    def _log(self, level: str, text: str) -> None:
        if not text.strip() or self._lines >= MAX_LINES:
            return
        self._lines += 1
        self._send({'op': 'log', 'id': self._run_id, 'level': level, 'text': text[:20_000]})

    def _progress(self, percent: float) -> None:
        now = time.monotonic()
        if now < self._next_progress or not percent > self._percent:
            return
        self._percent = min(percent, 100.0)
        self._next_progress = now + PROGRESS_INTERVAL
        self._send({'op': 'progress', 'id': self._run_id, 'percent': round(self._percent, 2)})
