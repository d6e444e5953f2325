"""The job's folder: the only place that a run reads from and writes to."""
from __future__ import annotations

import os
import re

from .mistakes import Refused


class JobFolder:
    """Paths below one folder."""

    def __init__(self, path: str, root: str) -> None:
        self.path = os.path.realpath(path)
        if os.path.commonpath([self.path, os.path.realpath(root)]) != os.path.realpath(root):
            raise ValueError("the job's folder does not lie below the work folder")
        self._taken: set[str] = set()

    def input(self, relative: str, name: str | None) -> str:
        """The full path of something that the host put there. Links that lead out are refused."""
        full = os.path.realpath(os.path.join(self.path, relative))
        if not full.startswith(self.path + os.sep):
            raise Refused(name, 'this file is not one of the job')
        if not os.path.exists(full):
            raise Refused(name, f'there is no file {os.path.basename(relative)}')
        return full

    def new_input(self, name: str, extension: str) -> str:
        """A path for data that arrived as text. The layer's name, since tools show the file's."""
        folder = os.path.join(self.path, 'inputs', '.texts')
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, self._free(name, extension))

    def new_output(self, name: str, extension: str) -> str:
        """A path for an output. Names hold anything, and QGIS takes a colon for the address of a provider."""
        folder = os.path.join(self.path, 'outputs')
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, self._free(name, extension))

    def relative(self, path: str) -> str:
        return os.path.relpath(path, self.path)

    def contains(self, path: str) -> bool:
        return os.path.realpath(path).startswith(self.path + os.sep)

    def _free(self, name: str, extension: str) -> str:
        stem = re.sub(r'[^A-Za-z0-9_-]+', '_', name).strip('_')[:80] or 'output'
        suffix = f'.{extension}' if extension else ''
        candidate, number = stem, 1
        while (candidate + suffix).lower() in self._taken:
            number += 1
            candidate = f'{stem}_{number}'
        self._taken.add((candidate + suffix).lower())
        return candidate + suffix
