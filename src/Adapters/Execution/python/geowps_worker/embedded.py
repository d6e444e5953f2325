"""The one worker inside a host process (`Python:Execution=InProcess`)."""
from __future__ import annotations

import os
from typing import Sequence

from . import qgis_session
from .drawing import Drawer
from .folders import AlgorithmFolders
from .frames import Connection
from .private_folder import PrivateFolder
from .run import Runner
from .temporary import use_temporary_folder
from .worker import Worker


def serve(socket_path: str, work_dir: str, models: Sequence[str] = (), scripts: Sequence[str] = ()) -> None:
    """Initialises QGIS in the calling thread and works until the host closes the socket.

    The process is the host's: no fork, no signal handlers, no limits, no kill, and its environment is only added to."""
    private = PrivateFolder(work_dir)
    try:
        use_temporary_folder(private.make('tmp'))
        qgis_session.initialise(private.make('profile'))
        folders = AlgorithmFolders(models, scripts)
        folders.apply()
        try:
            host = Connection.connect(socket_path)
        except (FileNotFoundError, ConnectionRefusedError):
            return  # the host stops already
        try:
            Worker(host, 'embedded', Runner(work_dir, folders, None), Drawer(work_dir, None), folders, lambda: None).serve()
        finally:
            host.close()
    finally:
        private.remove()
        os.environ.pop('TMPDIR', None)
