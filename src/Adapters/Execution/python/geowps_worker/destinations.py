"""Where each output of a run goes: what QGIS is told, and in what form the host gets it."""
from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProcessingAlgorithm

from . import media_types
from .catalogue import extensions_of_filter
from .job_folder import JobFolder
from .mistakes import Refused

LARGE_INPUT = 200 * 1024 * 1024
"""Bytes of all inputs together from which a result is made in a file instead of in memory."""

_VECTOR_EXTENSIONS = {'geojson', 'gpkg', 'fgb', 'gml', 'csv', 'kml', 'dbf', 'gpx', 'zip'}
_RASTER_EXTENSIONS = {'tif', 'png', 'jpg', 'asc'}


@dataclass(frozen=True)
class Destination:
    """One output that was asked for."""

    name: str
    kind: str
    """QGIS's type of the destination, or of the output where it has no destination."""
    title: str
    extension: str
    """Of the file that the host gets."""
    media_type: str | None
    value: Any
    """What QGIS is told; None when the output has no parameter."""
    cloud_optimized: bool = False


class Destinations:
    """Plans the outputs that a frame names, and the ones that QGIS needs all the same."""

    def __init__(self, algorithm: QgsProcessingAlgorithm, folder: JobFolder, large: bool) -> None:
        self._algorithm = algorithm
        self._folder = folder
        self._large = large

    def plan(self, wanted: dict[str, Any]) -> list[Destination]:
        return [self._one(name, (wish or {}).get('mediaType')) for name, wish in wanted.items()]

    def parameters(self, plan: list[Destination]) -> dict[str, Any]:
        """An optional destination that nobody wants is not made; a required one goes where nobody looks."""
        values = {d.name: d.value for d in plan if d.value is not None}
        for definition in self._algorithm.destinationParameterDefinitions():
            name = definition.name()
            if name in values:
                continue
            if definition.flags() & definition.FlagOptional:
                values[name] = None
            elif definition.type() == 'sink':
                values[name] = 'memory:'
            else:
                values[name] = self._thrown_away(definition)
        return values

    def _one(self, name: str, media_type: str | None) -> Destination:
        definition = self._algorithm.parameterDefinition(name)
        if definition is not None and definition.isDestination():
            kind = definition.type()
            if kind in ('sink', 'vectorDestination'):
                return self._vector(name, kind, definition, media_type)
            if kind == 'rasterDestination':
                return self._raster(name, kind, definition.description(), media_type, True)
            if kind == 'folderDestination':
                path = self._folder.new_output(name, '')
                os.makedirs(path, exist_ok=True)
                return Destination(name, kind, definition.description(), 'zip', media_types.ZIP, path)
            extension = file_extension(definition, media_type)
            return Destination(name, kind, definition.description(), extension, media_type, self._folder.new_output(name, extension))
        output = self._algorithm.outputDefinition(name)
        if output is None:
            raise Refused(name, 'there is no such output')
        if output.type() in ('outputVector', 'outputLayer'):
            extension = self._vector_extension(name, media_type)
            return Destination(name, output.type(), output.description(), extension, media_type or media_types.GEOJSON, None)
        if output.type() == 'outputRaster':
            return self._raster(name, output.type(), output.description(), media_type, False)
        return Destination(name, output.type(), output.description(), '', media_type, None)

    def _vector(self, name: str, kind: str, definition: Any, media_type: str | None) -> Destination:
        title = definition.description()
        if kind == 'vectorDestination' and (definition.defaultFileExtension() or '').lower() == 'vrt':
            if media_type is not None and media_types.plain(media_type) not in ('application/xml', 'text/xml'):
                raise Refused(name, 'a virtual layer is delivered as application/xml only')
            return Destination(name, kind, title, 'vrt', media_type or 'application/xml', self._folder.new_output(name, 'vrt'))
        extension = self._vector_extension(name, media_type)
        by_us = extension == 'csv' or extension == 'gml' and media_types.gml_version(media_type) != '3.2'  # QGIS would leave out the geometry, the version
        if kind == 'sink' and (by_us or extension in ('kml', 'geojson')):
            value = self._folder.new_output(name, 'gpkg') if self._large else 'memory:'  # and written afterwards: quicker, and in one CRS
        else:
            written = 'geojson' if by_us else 'shp' if extension in ('zip', 'dbf') else extension
            supported = [e.lower() for e in definition.supportedOutputVectorLayerExtensions()]
            if supported and written not in supported:
                written = definition.defaultFileExtension()  # and turned into what was asked for afterwards
            value = self._folder.new_output(name, written)
        return Destination(name, kind, title, extension, media_type or media_types.GEOJSON, value)

    @staticmethod
    def _vector_extension(name: str, media_type: str | None) -> str:
        extension = media_types.extension_of(media_type or media_types.GEOJSON)
        extension = {'json': 'geojson', 'mbtiles': None}.get(extension or '', extension)
        if extension not in _VECTOR_EXTENSIONS:
            raise Refused(name, f'a vector layer can not be delivered as {media_type}')
        return extension

    def _raster(self, name: str, kind: str, title: str, media_type: str | None, with_value: bool) -> Destination:
        extension = media_types.extension_of(media_type or media_types.GEOTIFF)
        if extension not in _RASTER_EXTENSIONS:
            raise Refused(name, f'a raster can not be delivered as {media_type}')
        optimized = 'profile=cloud-optimized' in (media_type or '').replace(' ', '').replace('"', '').lower()
        value = self._folder.new_output(name, 'tif') if with_value else None
        return Destination(name, kind, title, extension, media_type or media_types.GEOTIFF, value, optimized)

    @staticmethod
    def _thrown_away(definition: Any) -> str:
        """In the worker's temporary folder."""
        kind = definition.type()
        folder = tempfile.mkdtemp(prefix='unwanted-')
        if kind == 'folderDestination':
            return folder
        extension = 'tif' if kind == 'rasterDestination' else definition.defaultFileExtension()
        return os.path.join(folder, f'output.{extension}')


def file_extension(definition: Any, media_type: str | None) -> str:
    """Of a file destination: among those that it writes the one that the media type means, else its own default."""
    own = extensions_of_filter(definition.fileFilter() or '')
    asked = media_types.plain(media_type)
    for extension in own:
        if asked and media_types.plain(media_types.of_extension(extension)) == asked:
            return extension
    if own:
        return own[0]
    default = definition.defaultFileExtension() or ''
    return media_types.extension_of(media_type) or ('' if default == 'file' else default)  # QGIS's word for: any
