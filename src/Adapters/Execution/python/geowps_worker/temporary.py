"""The folder for temporary files: a worker's own, emptied after every job, since Processing only ever adds to it."""
from __future__ import annotations

import os
import shutil
import tempfile


def use_temporary_folder(path: str) -> None:
    os.makedirs(path, mode=0o700, exist_ok=True)
    os.environ['TMPDIR'] = os.environ['CPL_TMPDIR'] = path
    tempfile.tempdir = path


def empty_temporary_folder(work: str) -> None:
    """Only one that lies below the work folder. Processing keeps a folder of its own in it for as long as it lives."""
    path = tempfile.gettempdir()
    if not os.path.realpath(path).startswith(os.path.realpath(work) + os.sep):
        return
    with os.scandir(path) as entries:
        for entry in list(entries):
            if entry.name.startswith('processing_') and entry.is_dir(follow_symlinks=False):
                for inner in os.scandir(entry.path):
                    _remove(inner)
            else:
                _remove(entry)


def _remove(entry: os.DirEntry[str]) -> None:
    if entry.is_dir(follow_symlinks=False):
        shutil.rmtree(entry.path, ignore_errors=True)
    else:
        try:
            os.remove(entry.path)
        except OSError:
            pass  # removed by its owner meanwhile
