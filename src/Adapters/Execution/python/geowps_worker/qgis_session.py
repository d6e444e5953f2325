"""QGIS in this process: started once, with an empty profile and only the GDAL drivers that a server should have."""
from __future__ import annotations

import os
import sys
import traceback
from contextlib import contextmanager
from types import TracebackType
from typing import Collection, Iterator

from .media_types import OPEN_DRIVERS

_KEPT_VARIABLES = frozenset((
    'PATH', 'LD_LIBRARY_PATH', 'TZ', 'PROJ_LIB', 'PROJ_DATA', 'GDAL_DATA', 'QGIS_PREFIX_PATH', 'GISBASE', 'PYTHONPATH', 'USER'))
"""Of the server's environment: expressions and tools can read the rest, and it may hold secrets."""

_SETTINGS = {
    'QT_QPA_PLATFORM': 'offscreen', 'LC_ALL': 'C.UTF-8', 'LANG': 'C.UTF-8', 'PROJ_NETWORK': 'OFF', 'PYTHONNOUSERSITE': '1',
    'PYTHONDONTWRITEBYTECODE': '1',
    'GDAL_CACHEMAX': '256', 'GDAL_NUM_THREADS': '1', 'GDAL_HTTP_TIMEOUT': '1', 'GDAL_DISABLE_READDIR_ON_OPEN': 'EMPTY_DIR',
    'CPL_VSIL_CURL_ALLOWED_EXTENSIONS': '.none', 'GDAL_VRT_ENABLE_PYTHON': 'NO', 'GDAL_DRIVER_PATH': 'disable',
    'GML_SKIP_RESOLVE_ELEMS': 'ALL', 'GML_DOWNLOAD_WFS_SCHEMA': 'NO', 'LIBKML_RESOLVE_STYLE': 'NO',
    'OGR_GEOJSON_MAX_OBJ_SIZE': '512', 'OGR_SQLITE_SYNCHRONOUS': 'OFF', 'OGR_SQLITE_JOURNAL': 'OFF',
}
_PYTHON_FOLDERS = ('/usr/share/qgis/python/plugins', '/usr/share/qgis/python')

_closed: list[str] = []
_application = None  # QGIS ends with its application object


def clear_environment() -> None:
    """For processes of our own. A host that embeds QGIS keeps its environment."""
    for name in list(os.environ):
        if name not in _KEPT_VARIABLES:
            del os.environ[name]


def initialise(profile: str) -> None:
    """Starts QGIS and Processing in the calling thread; `profile` is a private, empty folder."""
    global _application
    if _application is not None:
        return
    os.makedirs(profile, mode=0o700, exist_ok=True)
    os.chmod(profile, 0o700)  # Qt wants it for XDG_RUNTIME_DIR
    os.environ.update(_SETTINGS, HOME=profile, XDG_CONFIG_HOME=profile, XDG_RUNTIME_DIR=profile, QGIS_CUSTOM_CONFIG_PATH=profile)
    sys.path[:0] = [folder for folder in _PYTHON_FOLDERS if folder not in sys.path]

    from qgis.PyQt.QtCore import QSettings
    from qgis.core import QgsApplication
    QSettings.setPath(QSettings.IniFormat, QSettings.UserScope, profile)
    QSettings.setDefaultFormat(QSettings.IniFormat)
    _application = QgsApplication([], False, profile)
    _application.initQgis()
    from processing.core.Processing import Processing
    Processing.initialize()
    _close_drivers()
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _report  # without one of our own, PyQt aborts the process for an error in a Python algorithm


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    traceback.print_exception(kind, error, trace)


def _close_drivers() -> None:
    """Here by QGIS's own list, because others do not outlive an algorithm that registers all drivers again;
    for command line tools by the environment."""
    from osgeo import gdal
    from qgis.core import QgsApplication
    gdal.DontUseExceptions()
    names = {gdal.GetDriver(i).ShortName for i in range(gdal.GetDriverCount())}
    _closed.extend(sorted(names - OPEN_DRIVERS))
    QgsApplication.setSkippedGdalDrivers(_closed, [])
    # not OGR_SKIP beside it: GDAL would complain about each driver that it finds gone already
    os.environ['GDAL_SKIP'] = ','.join(_closed)


@contextmanager
def drivers_for_writing(names: Collection[str]) -> Iterator[None]:
    """Opens drivers that an algorithm needs for its result. By then its inputs are open, each by a driver of the list."""
    from qgis.core import QgsApplication
    if not names:
        yield
        return
    QgsApplication.setSkippedGdalDrivers([d for d in _closed if d not in names], [])
    try:
        yield
    finally:
        QgsApplication.setSkippedGdalDrivers(_closed, [])


def versions() -> dict[str, str]:
    from osgeo import gdal
    from qgis.core import Qgis
    return {'qgis': Qgis.version().split('-')[0], 'gdal': gdal.VersionInfo('RELEASE_NAME'),
            'python': '.'.join(str(n) for n in sys.version_info[:3])}


def forget_job() -> None:
    """Qt deletes many objects later, in an event loop that we do not have: each job would leave a descriptor behind."""
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)
