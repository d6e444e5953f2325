"""A project that is drawn: its layers whose data lie in the project's folder, and a list of what is left out.

QGIS opens whatever a project names while it reads it, so it reads a copy in which nothing else is named."""
from __future__ import annotations

import os
import tempfile
import zipfile
from xml.etree import ElementTree

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer

from . import drawn_styles
from .mistakes import Refused
from .sources import identify

_PROVIDERS = {'ogr': 'vector', 'gdal': 'raster'}
_PARTS = ('layername=', 'layerid=', 'geometrytype=', 'subset=')
_NEVER_READ = ('Layouts', 'main-annotation-layer', 'Annotations', 'mapViewDocks', 'mapViewDocks3D', 'Bookmarks', 'visibility-presets', 'transactionMode')


class DrawnProject:
    """A project, its layers in drawing order from above, and why others are missing."""

    def __init__(self, path: str, folder: str, names: list[str] | None = None) -> None:
        self.left_out: list[str] = []
        root = drawn_styles.parse(_document(path))
        if root.tag != 'qgis':
            raise Refused(None, f'{os.path.basename(path)} is not a QGIS project')
        self._purify(root, os.path.dirname(path), folder)
        self.project = QgsProject()
        handle, copy = tempfile.mkstemp(suffix='.qgs')
        try:
            with os.fdopen(handle, 'wb') as file:
                file.write(ElementTree.tostring(root, 'utf-8'))
            if not self.project.read(copy, QgsProject.ReadFlags(QgsProject.FlagDontLoadLayouts)):
                raise Refused(None, f'{os.path.basename(path)} can not be read as a project')
        finally:
            os.remove(copy)
        for layer in self.project.mapLayers().values():
            if isinstance(layer, QgsVectorLayer):
                drawn_styles.refine(layer)
        self.layers = self._chosen(names)

    def _chosen(self, names: list[str] | None) -> list[QgsMapLayer]:
        """Those that are ticked, or the named ones."""
        tree = self.project.layerTreeRoot()
        ticked = [layer for layer in tree.layerOrder() if layer.isValid() and isinstance(layer, (QgsVectorLayer, QgsRasterLayer))]
        if names is None:
            return [layer for layer in ticked if (node := tree.findLayer(layer.id())) is not None and node.isVisible()]
        missing = sorted(set(names) - {layer.name() for layer in ticked})
        if missing:
            raise Refused(None, f'the project has no layer {missing[0]}')
        return [layer for layer in ticked if layer.name() in names]

    def _purify(self, root: ElementTree.Element, home: str, folder: str) -> None:
        for tag in _NEVER_READ:
            for element in root.findall(tag):
                root.remove(element)
        if (properties := root.find('properties')) is not None:
            for tag in ('Macros', 'DefaultStyles'):
                for element in properties.findall(tag):
                    properties.remove(element)
        self._take_out_embedded(root)
        for layers in root.findall('projectlayers'):
            for layer in list(layers):
                name = layer.findtext('layername') or layer.findtext('id') or 'without a name'
                if (wrong := _mistake(layer, name, home, folder)) is not None:
                    layers.remove(layer)
                    self.left_out.append(f'{name}: {wrong}')

    def _take_out_embedded(self, root: ElementTree.Element) -> None:
        """Groups that are read from another project."""
        for parent in list(root.iter('layer-tree-group')):
            for child in list(parent):
                if child.tag == 'layer-tree-group' and any(
                        element.get('key') == 'embedded_project' or element.get('name') == 'embedded_project' for element in child.iter()):
                    parent.remove(child)
                    self.left_out.append(f'{child.get("name") or "a group"}: it is part of another project')


def _mistake(layer: ElementTree.Element, name: str, home: str, folder: str) -> str | None:
    """Why a layer is not drawn, or None; then its source names one file of the folder and nothing else."""
    if layer.get('embedded') == '1' or layer.tag != 'maplayer':
        return 'it is part of another project'
    provider = (layer.findtext('provider') or '').strip()
    if provider not in _PROVIDERS:
        return f'its data come from {provider or "nowhere"}, and only files beside the project are drawn'
    source = layer.find('datasource')
    path, *parts = (source.text or '' if source is not None else '').split('|')
    full = os.path.realpath(os.path.join(home, path))
    if not path or not full.startswith(os.path.realpath(folder) + os.sep):
        return "its data do not lie in the project's folder"
    if not os.path.isfile(full):
        return 'its file is not there'
    try:
        identify(full, 'application/octet-stream', _PROVIDERS[provider], name)
    except Refused as refused:
        return refused.mistakes[0]['message']
    if (wrong := drawn_styles.purify(layer, folder)) is not None:
        return wrong
    source.text = '|'.join([full, *(part for part in parts if part.lower().startswith(_PARTS))])
    return None


def _document(path: str) -> bytes:
    """Of a .qgs, or of the one in a .qgz."""
    most = drawn_styles.MOST_BYTES
    if not path.lower().endswith('.qgz'):
        with open(path, 'rb') as file:
            return file.read(most + 1)
    try:
        with zipfile.ZipFile(path) as archive:
            inside = next((entry for entry in archive.infolist() if entry.filename.lower().endswith('.qgs')), None)
            if inside is not None:
                with archive.open(inside) as file:
                    return file.read(most + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        pass
    raise Refused(None, f'{os.path.basename(path)} can not be read as a project')
