"""What an algorithm made, as the results of a `done` frame."""
from __future__ import annotations

import os
import shutil
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayer, QgsProcessingContext, QgsProcessingUtils, QgsRasterLayer, QgsVectorLayer

from . import geojson_lines, media_types, own_paths, raster_files, vector_files
from .destinations import Destination
from .job_folder import JobFolder
from .json_values import to_json
from .mistakes import Failed
from .sources import Sources

_LAYER_KINDS = frozenset(('sink', 'vectorDestination', 'outputVector', 'outputLayer'))
_RASTER_KINDS = frozenset(('rasterDestination', 'outputRaster'))
_FILE_KINDS = frozenset(('fileDestination', 'outputFile', 'outputHtml'))
_BESIDE = {'.gml': ('.xsd',), '.csv': ('.csvt', '.prj'), '.asc': ('.prj',)}
"""Files that a reader looks for beside another: they tell types and the CRS."""

Result = dict[str, Any]


class Results:
    """Collects the outputs of one run, each in the format that was asked for."""

    def __init__(self, folder: JobFolder, context: QgsProcessingContext, sources: Sources, tells_paths: bool) -> None:
        self._folder = folder
        self._context = context
        self._sources = sources
        self._inputs = sources.layers
        self._tells_paths = tells_paths

    def collect(self, plan: list[Destination], made: dict[str, Any]) -> dict[str, Result]:
        return {d.name: self._one(d, made.get(d.name)) for d in plan}

    def _one(self, wish: Destination, value: Any) -> Result:
        if wish.kind in _LAYER_KINDS:
            return self._vector(wish, value)
        if wish.kind in _RASTER_KINDS:
            return self._raster(wish, value)
        if wish.kind in _FILE_KINDS:
            return self._file(wish, value)
        if wish.kind in ('folderDestination', 'outputFolder'):
            return self._zipped_folder(wish, value)
        if wish.kind == 'outputMultilayer':
            return self._zipped_files(wish, value)
        return {'value': to_json(value, self._without_path)}

    # -- vector

    def _vector(self, wish: Destination, value: Any) -> Result:
        if isinstance(value, str) and wish.value == value and value != 'memory:' and _is_written(value):
            return self._vector_file(wish, value, self._tells_paths)
        layer = self._layer(wish, value)
        if isinstance(layer, QgsRasterLayer):
            return self._raster(wish, layer.source())
        return self._written(wish, own_paths.hidden(layer, self._without_path) if self._tells_paths else layer)

    def _vector_file(self, wish: Destination, path: str, tells_paths: bool = False) -> Result:
        """The algorithm wrote the file itself, often already as it was asked for."""
        extension = os.path.splitext(path)[1][1:].lower()
        if tells_paths and extension != 'vrt':
            written = QgsVectorLayer(path, wish.title, 'ogr')
            if (layer := own_paths.hidden(written, self._without_path)) is not written:
                return self._written(wish, layer)
        if extension == 'vrt':
            own_paths.make_relative(path, self._folder.path)
            return self._delivered(wish, path)
        if extension == 'shp' and wish.extension == 'zip':
            target = self._folder.new_output(wish.name, 'zip')
            vector_files.zip_shapefile(path, target)
            return self._delivered(wish, target)
        if extension == 'shp' and wish.extension == 'dbf':
            return self._delivered(wish, path[:-3] + 'dbf')
        if extension == wish.extension:
            if extension == 'geojson':
                geojson_lines.write_null_geometries(path)
            return self._delivered(wish, path)
        layer = QgsVectorLayer(path, wish.title, 'ogr')
        if not layer.isValid():
            raise Failed('algorithm', f'the result {wish.name} can not be read')
        return self._written(wish, layer)

    def _layer(self, wish: Destination, value: Any) -> QgsMapLayer:
        """From an id, a source, or the layer itself; a memory layer is taken out of the context."""
        layer = value if isinstance(value, QgsMapLayer) else None
        if layer is None and isinstance(value, str) and value:
            layer = self._context.takeResultLayer(value) or QgsProcessingUtils.mapLayerFromString(value, self._context)
        if layer is None and value in (None, '') and wish.value is None and len(self._inputs) == 1:
            layer = self._inputs[0]  # changed in place, and not mentioned
        if layer is None or not layer.isValid():
            raise Failed('algorithm', f'the algorithm gave no output {wish.name}')
        return layer

    def _written(self, wish: Destination, layer: QgsVectorLayer) -> Result:
        transform_context = self._context.transformContext()
        nested = self._sources.nested_fields & set(layer.fields().names())
        if wish.extension == 'geojson' and nested:
            path = self._folder.new_output(wish.name, 'geojson')
            vector_files.write(layer, path, transform_context)
            geojson_lines.restore_nested(path, nested)
            return self._vector_file(wish, path)
        if wish.extension == 'geojson' and vector_files.fits_flatgeobuf(layer):
            path = self._folder.new_output(wish.name, 'fgb')
            try:
                vector_files.write(layer, path, transform_context, in_order=True)
                if vector_files.holds_all(path, layer):
                    return self._delivered(wish, path, media_types.FLATGEOBUF)
            except Failed:
                pass  # features of other types than their layer says: GeoJSON does not mind
            os.remove(path)
        path = self._folder.new_output(wish.name, 'shp' if wish.extension in ('zip', 'dbf') else wish.extension)
        vector_files.write(layer, path, transform_context, wish.media_type)
        return self._vector_file(wish, path)

    # -- raster

    def _raster(self, wish: Destination, value: Any) -> Result:
        path = value.source() if isinstance(value, QgsMapLayer) else value
        if isinstance(path, str) and not os.path.exists(path):
            layer = QgsProcessingUtils.mapLayerFromString(path, self._context)
            path = layer.source() if layer is not None else path
        if not isinstance(path, str) or not os.path.isfile(path):
            raise Failed('algorithm', f'the algorithm gave no output {wish.name}')
        kind = raster_files.kind_of(path)
        if kind is None:
            raise Failed('algorithm', f'the output {wish.name} is not a readable raster')
        if kind != 'GTiff':
            raster_files.to_geotiff(path, kind, self._crs_of_inputs())
        if wish.cloud_optimized:
            raster_files.to_cloud_optimized(path)
            return self._delivered(wish, path)
        if wish.extension in ('png', 'jpg'):
            target = self._folder.new_output(wish.name, wish.extension)
            raster_files.to_image(path, target, 'PNG' if wish.extension == 'png' else 'JPEG')
            return self._delivered(wish, target)
        if wish.extension == 'asc':
            target = self._folder.new_output(wish.name, 'asc')
            raster_files.to_ascii_grid(path, target)
            return self._delivered(wish, target)
        return self._delivered(wish, path)

    def _crs_of_inputs(self) -> QgsCoordinateReferenceSystem | None:
        return next((layer.crs() for layer in self._inputs if layer.crs().isValid()), None)

    # -- files and folders

    def _file(self, wish: Destination, value: Any) -> Result:
        path = value if isinstance(value, str) else wish.value
        if not isinstance(path, str) or not os.path.isfile(path):
            path = wish.value
        if not isinstance(path, str) or not os.path.isfile(path):
            raise Failed('algorithm', f'the algorithm gave no output {wish.name}')
        if own_paths.is_text(path):
            own_paths.make_relative(path, self._folder.path)
        return self._delivered(wish, path, wish.media_type or media_types.of_extension(os.path.splitext(path)[1]))

    def _zipped_folder(self, wish: Destination, value: Any) -> Result:
        path = wish.value or value
        if not isinstance(path, str) or not os.path.isdir(path) or not self._folder.contains(path):
            raise Failed('algorithm', f'the algorithm gave no output {wish.name}')
        target = self._folder.new_output(wish.name, 'zip')
        vector_files.zip_folder(path, target)
        return self._delivered(wish, target, media_types.ZIP)

    def _zipped_files(self, wish: Destination, value: Any) -> Result:
        """Several layers: their files, with what belongs to them."""
        paths = [p.split('|')[0] for p in value or () if isinstance(p, str)]
        files = sorted({f for p in paths if os.path.isfile(p) for f in _family(p)})
        target = self._folder.new_output(wish.name, 'zip')
        vector_files.zip_files([(f, os.path.basename(f)) for f in files], target)
        return self._delivered(wish, target, media_types.ZIP)

    def _delivered(self, wish: Destination, path: str, media_type: str | None = None) -> Result:
        """Everything that is delivered lies below `outputs`."""
        outputs = os.path.join(self._folder.path, 'outputs')
        if not os.path.realpath(path).startswith(outputs + os.sep):
            target = self._folder.new_output(wish.name, os.path.splitext(path)[1][1:])
            shutil.copyfile(path, target)
            path = target
        result: Result = {'path': self._folder.relative(path), 'mediaType': media_type or wish.media_type, 'name': wish.title}
        stem, extension = os.path.splitext(path)
        beside = [stem + part for part in _BESIDE.get(extension, ()) if os.path.exists(stem + part)]
        if beside:
            result['sidecars'] = [self._folder.relative(file) for file in beside]
        return result

    def _without_path(self, text: str) -> str:
        """A path of the job's folder is its file's name to a caller."""
        if text.startswith('/') and self._folder.contains(text.split('|')[0]):
            return os.path.basename(text.split('|')[0])
        return text.replace(self._folder.path + os.sep, '')


def _is_written(path: str) -> bool:
    """A shapefile without geometry is its table alone."""
    return os.path.exists(path) or (path.endswith('.shp') and os.path.exists(path[:-3] + 'dbf'))


def _family(path: str) -> list[str]:
    folder, stem = os.path.dirname(path), os.path.splitext(os.path.basename(path))[0]
    return [os.path.join(folder, n) for n in os.listdir(folder) if os.path.splitext(n)[0] == stem]
