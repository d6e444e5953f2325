"""Layers that a caller gave, opened with the drivers that their media type allows and nothing else."""
from __future__ import annotations

import json
import os
import re
from typing import Any

from osgeo import gdal
from qgis.PyQt.QtCore import QVariant
from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayer, QgsMeshLayer, QgsProject, QgsRasterLayer, QgsVectorLayer

from . import crs, csv_files, geojson_lines, media_types, tiff_ends, xml_text
from .job_folder import JobFolder
from .memory_layers import flattened, memory_layer
from .mistakes import Refused

_GEOMETRY_TYPES = frozenset(('point', 'multipoint', 'linestring', 'multilinestring', 'polygon', 'multipolygon', 'geometrycollection',
                             'point25d', 'linestring25d', 'polygon25d', 'pointz', 'linestringz', 'polygonz', 'none'))
_LAYER_NAME = re.compile(r'[^|\x00-\x1f]{1,200}')
_TAB_TYPE = re.compile(rb'^\s*type\s+(\w+)', re.IGNORECASE | re.MULTILINE)
_OPEN_OPTIONS = {'GML': ['DOWNLOAD_SCHEMA=NO']}

Layer = dict[str, Any]


class Sources:
    """The layers of one run. Equal ones are one layer: some algorithms look whether their inputs are identical."""

    def __init__(self, folder: JobFolder, project: QgsProject, as_files: bool) -> None:
        self._folder = folder
        self._project = project
        self._as_files = as_files
        self._known: dict[str, QgsMapLayer] = {}
        self.total_bytes = 0
        self.nested_fields: set[str] = set()
        """Names of fields that hold objects or lists; QGIS sees them as texts."""

    def layer(self, value: Layer, name: str) -> QgsMapLayer:
        """Opened, named and in the project, so that its id is all that an algorithm needs."""
        key = json.dumps(value, sort_keys=True)
        if (layer := self._known.get(key)) is None:
            layer = self._from_text(value, name) if 'geojson' in value else self._from_file(value, name)
            self._project.addMapLayer(layer, False)
            self._known[key] = layer
        return layer

    @property
    def layers(self) -> list[QgsMapLayer]:
        return list(self._known.values())

    def by_id(self, layer_id: str) -> QgsMapLayer | None:
        return next((layer for layer in self._known.values() if layer.id() == layer_id), None)

    def forget(self) -> None:
        self._known.clear()

    def _from_text(self, value: Layer, name: str) -> QgsMapLayer:
        text, title = value['geojson'], value.get('name') or name
        try:
            text, names = flattened(text)
            self.nested_fields |= names
            layer = None if self._as_files else memory_layer(text, title)
        except ValueError as error:
            raise Refused(name, f'not readable as GeoJSON: {error}') from None
        if layer is not None:
            return layer
        path = self._folder.new_input(title, 'geojson')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return self._open({'want': value.get('want') or 'vector', 'name': title, 'mediaType': media_types.GEOJSON}, path, name)

    def _from_file(self, value: Layer, name: str) -> QgsMapLayer:
        path = self._folder.input(value['path'], name)
        self.total_bytes += os.path.getsize(path)
        return self._open(value, path, name)

    def _open(self, value: Layer, path: str, name: str) -> QgsMapLayer:
        want, title = value.get('want') or 'any', value.get('name') or os.path.splitext(os.path.basename(path))[0]
        if want == 'mesh':
            return self._mesh(path, title, name)
        columns = ogr_columns(path, value.get('mediaType'))
        driver, is_raster = identify(path, value.get('mediaType'), want, name)
        if is_raster:
            options = QgsRasterLayer.LayerOptions()
            options.loadDefaultStyle = False
            layer: QgsMapLayer = QgsRasterLayer(path, title, 'gdal', options)
        else:
            options = QgsVectorLayer.LayerOptions()
            options.loadDefaultStyle = False
            layer = QgsVectorLayer(path + ogr_options(value, driver, name) + columns, title, 'ogr', options)
            names = {f.name() for f in layer.fields() if f.type() == QVariant.Map}
            if names:
                self.nested_fields |= names
                layer = QgsVectorLayer(self._with_texts(path, value, name), title, 'ogr', options)
        if not layer.isValid():
            raise Refused(name, f'{os.path.basename(path)} can not be read as {_wanted(want)}')
        if (named := value.get('crs') or (geojson_lines.crs_in(path) if driver == 'GeoJSON' else None)) is not None:
            if (wrong := crs.mistake(named, False)) is not None:  # GDAL would take it for WGS 84
                raise Refused(name, f'not readable as GeoJSON: "crs": {wrong}')
            layer.setCrs(crs.of(named))
        if layer.crs().authid() == 'OGC:CRS84':  # the same to QGIS, whose coordinates have the longitude first, and to be called the same
            layer.setCrs(QgsCoordinateReferenceSystem('EPSG:4326'))
        return layer

    def _with_texts(self, path: str, value: Layer, name: str) -> str:
        """A copy whose fields of JSON are plain texts."""
        target = self._folder.new_input(value.get('name') or name, 'gpkg')
        layers = {'layers': [value['layername']]} if value.get('layername') else {}
        if gdal.VectorTranslate(target, path, format='GPKG', layerName=value.get('name') or name,
                                options=['-mapFieldType', 'String(JSON)=String', '-preserve_fid'], **layers) is None:
            raise Refused(name, f'{os.path.basename(path)} can not be read')
        return target

    @staticmethod
    def _mesh(path: str, title: str, name: str) -> QgsMapLayer:
        """MDAL has no list of drivers: only the plain text format, which names no other file."""
        with open(path, 'rb') as file:
            if not file.read(6).upper() == b'MESH2D':
                raise Refused(name, f'{os.path.basename(path)} is not a mesh in the 2DM format')
        layer = QgsMeshLayer(path, title, 'mdal')
        if not layer.isValid():
            raise Refused(name, f'{os.path.basename(path)} can not be read as a mesh')
        return layer


def identify(path: str, media_type: str | None, want: str, name: str) -> tuple[str, bool]:
    """The driver that takes the file among those its media type allows, and whether it is to be read as a raster.

    The content decides, so this asks GDAL: a virtual data set with the name of a GeoTIFF is taken by none of them."""
    allowed = media_types.drivers_for(path, media_type)
    rasters = [d for d in allowed if d in media_types.RASTER_DRIVERS]
    vectors = [d for d in allowed if d in media_types.VECTOR_DRIVERS]
    for drivers, flag, is_raster in ((vectors, gdal.OF_VECTOR, False), (rasters, gdal.OF_RASTER, True)):
        if not drivers or want not in ('any', 'raster' if is_raster else 'vector'):
            continue
        # GPKG can be either: only opening it tells
        found = None if want == 'any' and 'GPKG' in drivers else gdal.IdentifyDriverEx(path, flag, drivers)
        driver = found.ShortName if found else _opened_by(path, flag, drivers)
        if driver and (driver != 'MapInfo File' or _is_native_tab(path)):
            if driver == 'GML' and (wrong := xml_text.mistake(path)):
                raise Refused(name, f'{os.path.basename(path)} is damaged XML: {wrong}')
            if driver == 'GTiff' and (wrong := tiff_ends.mistake(path)):
                raise Refused(name, f'{os.path.basename(path)} is a damaged GeoTIFF: {wrong}')
            return driver, is_raster
    raise Refused(name, f'{os.path.basename(path)} is not {_wanted(want)} in the format {media_type or "that its name says"}'
                  if allowed else f'data of type {media_type or "unknown"} can not be read here')


def ogr_options(value: Layer, driver: str, name: str) -> str:
    """The part behind the path that QGIS's OGR provider understands, from a fixed list."""
    parts = ''
    if (layer_name := value.get('layername')) is not None:
        if not isinstance(layer_name, str) or not _LAYER_NAME.fullmatch(layer_name):
            raise Refused(name, 'this is no name of a layer')
        parts += f'|layername={layer_name}'
    if (geometry_type := value.get('geometrytype')) is not None:
        if not isinstance(geometry_type, str) or geometry_type.lower() not in _GEOMETRY_TYPES:
            raise Refused(name, 'this is no geometry type')
        parts += f'|geometrytype={geometry_type}'
    if driver == 'GML':
        parts += '|option:FORCE_SRS_DETECTION=YES'
    return parts


def ogr_columns(path: str, media_type: str | None) -> str:
    """Of a table: which of its columns is no attribute."""
    is_table = media_types.plain(media_type) == media_types.CSV
    return '|option:KEEP_GEOM_COLUMNS=NO' if is_table and csv_files.prepare(path) else ''


def needs_neighbours(folder: JobFolder) -> bool:
    """Whether a data set of several files was unpacked: then GDAL may look what lies beside its main file."""
    for _, _, files in os.walk(os.path.join(folder.path, 'inputs')):
        if len(files) > 1:
            return True
    return False


def _opened_by(path: str, flag: int, drivers: list[str]) -> str | None:
    options = [o for d in drivers for o in _OPEN_OPTIONS.get(d, ())]
    with _Quiet():
        dataset = gdal.OpenEx(path, flag | gdal.OF_READONLY, allowed_drivers=drivers, open_options=options)
    return dataset.GetDriver().ShortName if dataset is not None else None


def _is_native_tab(path: str) -> bool:
    """A .tab of any other type is a link to other tables."""
    if not path.lower().endswith('.tab'):
        return True
    with open(path, 'rb') as file:
        return [t.upper() for t in _TAB_TYPE.findall(file.read(1 << 16))] == [b'NATIVE']


def _wanted(want: str) -> str:
    return {'vector': 'a vector layer', 'raster': 'a raster'}.get(want, 'a layer')


class _Quiet:
    """GDAL's complaints about what it can not open belong to the answer, not to the log."""

    def __enter__(self) -> None:
        gdal.PushErrorHandler('CPLQuietErrorHandler')

    def __exit__(self, *_: object) -> None:
        gdal.PopErrorHandler()
