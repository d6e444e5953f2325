"""A caller's project: read only when its layers lie beside it."""
from __future__ import annotations

import os

from qgis.core import QgsProject

from .mistakes import Refused

_INPUT = 'qgis:project'


def read_project(project: QgsProject, path: str) -> None:
    """Looks at the layers' sources before any of them is opened."""
    if not path.lower().endswith(('.qgs', '.qgz')):
        raise Refused(_INPUT, 'a project is a .qgs or .qgz file')
    if not project.read(path, QgsProject.ReadFlags(QgsProject.FlagDontResolveLayers | QgsProject.FlagDontLoadLayouts)):
        raise Refused(_INPUT, f'{os.path.basename(path)} can not be read as a project')
    folder = os.path.dirname(path) + os.sep
    for layer in project.mapLayers().values():
        source = layer.source().split('|')[0]
        if layer.providerType() == 'memory':
            continue
        if layer.providerType() not in ('ogr', 'gdal') or not os.path.realpath(source).startswith(folder):
            raise Refused(_INPUT, f'the layer {layer.name()} does not lie beside the project')
    if not project.read(path):
        raise Refused(_INPUT, f'{os.path.basename(path)} can not be read as a project')
