"""Drawing: from the frame `render` to the tiles of a metatile, and what there is to draw; tiles of several layers laid over each other."""
from __future__ import annotations

import hashlib
import json
import os
import re
import traceback
from collections import OrderedDict
from typing import Any

from osgeo import gdal, ogr
from qgis.core import (QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsExpressionContext, QgsExpressionContextUtils,
                       QgsGeometry, QgsLabelingEngineSettings, QgsMapLayer, QgsMapRendererCustomPainterJob, QgsMapSettings, QgsProject,
                       QgsRectangle, QgsVectorLayer)
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from qgis.PyQt.QtGui import QColor, QImage, QImageReader, QImageWriter, QPainter

from . import crs, drawn_styles, file_contents, media_types, memory, qgis_session
from .drawn_project import DrawnProject
from .drawn_raster import DrawnRaster
from .frames import Frame
from .maplibre import zoom_of
from .maplibre_expressions import ZOOM
from .mistakes import Refused
from .sanitise import Sanitiser
from .sources import identify

_MOST_KEPT = 12
"""Layers and projects that stay open: to open one costs more than to draw it."""
_MOST_PIXELS = 6000 * 6000
_FORMATS = {'png': ('png', 50), 'jpeg': ('jpg', 85), 'webp': ('webp', 80)}
"""Qt's name and quality. 50 is a PNG's compression that takes a third of the time of Qt's own and makes a sixth more bytes of a relief."""
_FIRST_BYTES = {'png': b'\x89PNG\r\n\x1a\n', 'jpg': b'\xff\xd8\xff', 'webp': b'RIFF'}
_DPI = 96
_TABLE = re.compile(r'[^|\x00-\x1f]{1,200}')
_MIXED = (ogr.wkbUnknown, ogr.wkbGeometryCollection)
_PARTS_OF_MIXED = ('Point', 'LineString', 'Polygon')
"""In drawing order from above."""


class _Opened:
    """What is drawn, as it is kept."""

    def __init__(self, layers: list[QgsMapLayer], raster: DrawnRaster | None = None, project: DrawnProject | None = None) -> None:
        self.layers, self.raster, self.project = layers, raster, project

    @property
    def left_out(self) -> list[str]:
        return self.project.left_out if self.project else []


class Drawer:
    """Keeps the layers that it drew last."""

    def __init__(self, work: str, limit: memory.MemoryLimit | None) -> None:
        self._work = work
        self._limit = limit
        self._kept: OrderedDict[str, _Opened] = OrderedDict()

    def answer(self, frame: Frame) -> Frame:
        """The frame that answers `render`, `compose` or `describe`."""
        source = frame.get('source') or {'folder': '', 'path': ''}
        sanitise = Sanitiser(source['folder'], os.path.dirname(source['path']), os.environ.get('TMPDIR', ''), self._work)
        name, act = {'render': ('rendered', self._render), 'compose': ('rendered', self._compose), 'describe': ('described', self._describe)}[frame['op']]
        answer = {'op': name, 'id': frame['id']}
        try:
            if self._limit:
                self._limit.apply(frame.get('memoryMb'))
            answer.update(act(frame))
            answer['leftOut'] = [sanitise(text) for text in answer['leftOut']]
            return answer
        except Refused as refused:
            return {'op': 'refused', 'id': frame['id'], 'mistakes': [{**m, 'message': sanitise(m['message'])} for m in refused.mistakes]}
        except Exception as error:
            if isinstance(error, MemoryError) or memory.is_out_of_memory(str(error)):
                return {'op': 'failed', 'id': frame['id'], 'kind': 'memory', 'message': 'the memory of this drawing is used up'}
            traceback.print_exc()
            return {'op': 'failed', 'id': frame['id'], 'kind': 'internal', 'message': f'internal error ({type(error).__name__})'}
        finally:
            qgis_session.forget_job()

    def _render(self, frame: Frame) -> dict[str, Any]:
        file_format = _format(frame)
        opened = self._open(frame['source'])
        image = _draw(opened, frame)
        return {'lengths': _write(image, frame, file_format, self._own(frame['file'])), 'leftOut': opened.left_out}

    def _compose(self, frame: Frame) -> dict[str, Any]:
        """The pictures in the file over each other, the first lowest; the file holds the result instead."""
        file_format, (width, height) = _format(frame), (frame['width'], frame['height'])
        image = QImage(width, height, QImage.Format_ARGB32_Premultiplied)
        if width * height > _MOST_PIXELS or image.isNull():
            raise Refused(None, f'a tile has {_MOST_PIXELS} pixels at most')
        image.fill(Qt.transparent)
        with open(self._own(frame['file']), 'r+b') as file:
            painter = QPainter(image)
            try:
                painter.setRenderHint(QPainter.SmoothPixmapTransform)
                for length in frame['lengths']:
                    painter.drawImage(QRect(0, 0, width, height), _decoded(file.read(length)))
            finally:
                painter.end()
            content = _encoded(image, *file_format)
            file.seek(0)
            file.truncate()
            file.write(content)
        return {'lengths': [len(content)], 'leftOut': []}

    def _describe(self, frame: Frame) -> dict[str, Any]:
        if frame['source']['kind'] == 'file':
            return {'contents': file_contents.contents_of(self._own(frame['source']['path'])), 'leftOut': []}
        opened = self._open(frame['source'])
        layers = opened.layers
        if not layers:
            raise Refused(None, '; '.join(['it shows no layer that can be drawn here', *opened.left_out][:6]))
        system = opened.project.project.crs() if opened.project else layers[0].crs()
        if not system.isValid():
            system = layers[0].crs()
        bands = [{'name': f'band_{i}', 'type': gdal.GetDataTypeName(opened.raster.dataset.GetRasterBand(i).DataType)}
                 for i in range(1, opened.raster.dataset.RasterCount + 1)] if opened.raster else []
        return {'crs': system.authid() or None, 'extent': _extent(layers), 'bands': bands,
                'layers': [layer.name() for layer in reversed(layers)] if opened.project else [], 'leftOut': opened.left_out}

    def _own(self, path: str) -> str:
        full = os.path.realpath(path)
        if not full.startswith(os.path.realpath(self._work) + os.sep):
            raise ValueError('the file for the tiles does not lie below the work folder')
        return full

    def _open(self, source: dict[str, Any]) -> _Opened:
        path = os.path.realpath(source['path'])
        name = os.path.basename(path)
        if not path.startswith(os.path.realpath(source['folder']) + os.sep):
            raise Refused(None, f'{name} does not lie in its layer\'s folder')
        try:
            status = os.stat(path)
        except OSError:
            raise Refused(None, f'{name} is not there, or QGIS may not read it: its sandbox hides home and temporary folders that Python:ReadFolders does not name') from None
        key = hashlib.sha256(json.dumps([source, status.st_mtime_ns, status.st_size, status.st_ino], sort_keys=True).encode()).hexdigest()
        if (opened := self._kept.get(key)) is None:
            while len(self._kept) >= _MOST_KEPT:
                self._kept.popitem(last=False)
            os.environ['GDAL_DISABLE_READDIR_ON_OPEN'] = 'FALSE'  # overviews and world files lie beside
            opened = self._kept[key] = _OPENERS[source['kind']](path, source)
        self._kept.move_to_end(key)
        return opened


def _format(frame: Frame) -> tuple[str, int]:
    file_format = _FORMATS.get(frame['format'])
    if file_format is None or file_format[0].encode() not in [bytes(f) for f in QImageWriter.supportedImageFormats()]:
        raise Refused(None, f'{frame["format"]} can not be written here')
    return file_format


def _vector(path: str, source: dict[str, Any]) -> _Opened:
    name = os.path.basename(path)
    identify(path, media_types.GEOPACKAGE, 'vector', name)
    if not _TABLE.fullmatch(source['table']):
        raise Refused(None, 'this is no name of a table')
    if (kind := _geometry_kind(path, source['table'])) is None:
        raise Refused(None, f'{name} has no table {source["table"]} that can be drawn')
    parts = _PARTS_OF_MIXED if kind in _MIXED else (None,)  # QGIS would take the first feature's kind for that of all
    layers = [layer for part in parts if (layer := _table(path, source['table'], part)).isValid()]
    if kind not in _MIXED and not layers:
        raise Refused(None, f'{name} has no table {source["table"]} that can be drawn')
    if any(not layer.crs().isValid() for layer in layers):
        raise Refused(None, f'{source["table"]} does not say its coordinate reference system')
    for part in layers:
        drawn_styles.refine(part)
        if source.get('style'):
            drawn_styles.apply(part, source['style'], source['folder'])
            drawn_styles.refine(part)
        else:
            drawn_styles.fit(part)
    return _Opened(layers)


def _geometry_kind(path: str, table: str) -> int | None:
    """As the table is declared, without dimensions."""
    dataset = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY, allowed_drivers=['GPKG'])
    layer = dataset.GetLayerByName(table) if dataset is not None else None
    return None if layer is None else ogr.GT_Flatten(layer.GetGeomType())


def _table(path: str, table: str, kind: str | None = None) -> QgsVectorLayer:
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    return QgsVectorLayer(f'{path}|layername={table}' + (f'|geometrytype={kind}' if kind else ''), table, 'ogr', options)


def _raster(path: str, source: dict[str, Any]) -> _Opened:
    raster = DrawnRaster(path, source.get('style'), source['folder'])
    return _Opened([raster.layer], raster=raster)


def _project(path: str, source: dict[str, Any]) -> _Opened:
    project = DrawnProject(path, source['folder'], source.get('layers'))
    return _Opened(project.layers, project=project)


_OPENERS = {'vector': _vector, 'raster': _raster, 'project': _project}


def _draw(opened: _Opened, frame: Frame) -> QImage:
    """The metatile with its gutter, on nothing."""
    tiles, (left, top, right, bottom) = frame['tiles'], frame['gutter']
    inner = tiles['columns'] * tiles['drawnWidth'], tiles['rows'] * tiles['height']
    width, height = inner[0] + left + right, inner[1] + top + bottom
    if width * height > _MOST_PIXELS:
        raise Refused(None, f'a metatile has {_MOST_PIXELS} pixels at most')
    system = crs.of(frame['crs'])
    if not system.isValid():
        raise Refused(None, f'no such coordinate reference system: {frame["crs"][:100]}')
    x0, y0, x1, y1 = frame['extent']
    across, down = (x1 - x0) / inner[0], (y1 - y0) / inner[1]
    extent = x0 - left * across, y0 - bottom * down, x1 + right * across, y1 + top * down
    image = QImage(width, height, QImage.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise MemoryError()
    image.fill(Qt.transparent)
    image.setDotsPerMeterX(round(_DPI / 0.0254))
    image.setDotsPerMeterY(round(_DPI / 0.0254))
    if opened.raster is None:
        _paint(image, opened.layers, system, extent, (x0, y0, x1, y1), opened.project.project if opened.project else None)
    elif (warped := opened.raster.warped(crs.normalise(frame['crs']), extent, width, height)) is not None:
        layer, path = warped
        try:
            _paint(image, [layer], system, extent, (x0, y0, x1, y1), None)
        finally:
            del layer, warped
            gdal.Unlink(path)
    return image.copy(left, top, *inner)


def _paint(image: QImage, layers: list[QgsMapLayer], system: QgsCoordinateReferenceSystem, extent: tuple[float, ...],
           inner: tuple[float, ...], project: QgsProject | None) -> None:
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(system)
    settings.setOutputSize(QSize(image.width(), image.height()))
    settings.setOutputDpi(_DPI)
    settings.setExtent(QgsRectangle(*extent), False)
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    settings.setFlags(QgsMapSettings.Flags(QgsMapSettings.Antialiasing | QgsMapSettings.DrawLabeling | QgsMapSettings.UseAdvancedEffects
                                           | QgsMapSettings.UseRenderingOptimization | QgsMapSettings.RenderMapTile))
    settings.setLabelBoundaryGeometry(QgsGeometry.fromRect(QgsRectangle(*inner)))  # a label is whole in one metatile
    labels = QgsLabelingEngineSettings(project.labelingEngineSettings() if project else settings.labelingEngineSettings())
    labels.setFlag(QgsLabelingEngineSettings.UsePartialCandidates, False)
    settings.setLabelingEngineSettings(labels)
    if project:
        settings.setTransformContext(project.transformContext())
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))  # none of the process and its user
    context.lastScope().setVariable(ZOOM, zoom_of(settings.mapUnitsPerPixel(), system.isGeographic()), True)
    settings.setExpressionContext(context)
    painter = QPainter(image)
    try:
        job = QgsMapRendererCustomPainterJob(settings, painter)
        job.renderSynchronously()
    finally:
        painter.end()
    if errors := job.errors():
        raise Refused(None, f'{errors[0].message}'[:500])


def _write(image: QImage, frame: Frame, file_format: tuple[str, int], path: str) -> list[int]:
    """The tiles, row by row from above, one after the other in a file; their lengths, 0 where nothing is drawn."""
    tiles = frame['tiles']
    wide, width, height = tiles['drawnWidth'], tiles['width'], tiles['height']
    nothing = bytes(wide * height * 4)
    lengths = []
    with open(path, 'r+b') as file:  # the host has made it, and takes it away when nobody waits any more
        for row in range(tiles['rows']):
            for column in range(tiles['columns']):
                tile = image.copy(column * wide, row * height, wide, height)
                bits = tile.constBits()
                bits.setsize(tile.sizeInBytes())
                if bytes(bits) == nothing:
                    lengths.append(0)
                    continue
                if wide != width:
                    tile = tile.scaled(width, height, Qt.IgnoreAspectRatio, Qt.SmoothTransformation)
                lengths.append(file.write(_encoded(tile, *file_format)))
    return lengths


def _encoded(tile: QImage, name: str, quality: int) -> bytes:
    if name == 'jpg':
        white = QImage(tile.size(), QImage.Format_RGB32)
        white.fill(Qt.white)
        painter = QPainter(white)
        painter.drawImage(0, 0, tile)
        painter.end()
        tile = white
    buffer = QBuffer()
    buffer.open(QIODevice.WriteOnly)
    if not tile.save(buffer, name, quality):
        raise Refused(None, f'{name} can not be written here')
    return bytes(buffer.data())


def _decoded(picture: bytes) -> QImage:
    """Told by its first bytes: Qt knows formats that no tile has."""
    name = next((name for name, first in _FIRST_BYTES.items() if picture.startswith(first)), None)
    if name is None:
        raise Refused(None, 'a tile is neither PNG nor JPEG nor WebP')
    buffer = QBuffer()
    buffer.setData(QByteArray(picture))
    buffer.open(QIODevice.ReadOnly)
    reader = QImageReader(buffer, name.encode())
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    image = QImage() if not size.isValid() or size.width() * size.height() > _MOST_PIXELS else reader.read()
    if image.isNull():
        raise Refused(None, 'a tile can not be read')
    return image


def _extent(layers: list[QgsMapLayer]) -> list[float] | None:
    """Of all layers, longitude and latitude."""
    whole = QgsRectangle()
    whole.setMinimal()
    degrees = QgsCoordinateReferenceSystem('EPSG:4326')
    for layer in layers:
        change = QgsCoordinateTransform(layer.crs(), degrees, QgsProject.instance())
        change.setBallparkTransformsAreAppropriate(True)
        extent = layer.extent()
        if extent.isEmpty() and not (isinstance(layer, QgsVectorLayer) and layer.featureCount() > 0):
            continue
        try:
            box = change.transformBoundingBox(extent)
        except QgsCsException:
            continue
        if box.isFinite():
            whole.combineExtentWith(box)
    if whole.xMinimum() > whole.xMaximum():
        return None
    return [max(whole.xMinimum(), -180.0), max(whole.yMinimum(), -90.0), min(whole.xMaximum(), 180.0), min(whole.yMaximum(), 90.0)]
