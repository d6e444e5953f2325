"""What a media type means to GDAL and QGIS: which drivers may read it, which file extension it is written with."""
from __future__ import annotations

import os
import re

GEOJSON = 'application/geo+json'
FLATGEOBUF = 'application/flatgeobuf'
GEOPACKAGE = 'application/geopackage+sqlite3'
GML = 'application/gml+xml'
KML = 'application/vnd.google-earth.kml+xml'
GEOTIFF = 'image/tiff; application=geotiff'
ZIP = 'application/zip'
CSV = 'text/csv'
ASCII_GRID = 'application/arcgrid'

VECTOR_DRIVERS = ('GeoJSON', 'GPKG', 'FlatGeobuf', 'GML', 'LIBKML', 'KML', 'CSV', 'ESRI Shapefile', 'GPX', 'MapInfo File')
RASTER_DRIVERS = ('GTiff', 'COG', 'PNG', 'JPEG', 'GPKG', 'AAIGrid')
OPEN_DRIVERS = frozenset(VECTOR_DRIVERS + RASTER_DRIVERS + ('MEM',))
"""All that a QGIS process of ours has. MEM is the working memory of gdalwarp; no file can name it."""

_BY_MEDIA_TYPE = {
    GEOJSON: ('GeoJSON',), 'application/json': ('GeoJSON',), 'application/vnd.geo+json': ('GeoJSON',),
    GEOPACKAGE: ('GPKG',), 'application/x-sqlite3': ('GPKG',), 'application/vnd.sqlite3': ('GPKG',),
    FLATGEOBUF: ('FlatGeobuf',), 'application/vnd.flatgeobuf': ('FlatGeobuf',),
    GML: ('GML',),
    KML: ('LIBKML', 'KML'), 'application/vnd.google-earth.kmz': ('LIBKML',),
    'text/csv': ('CSV',), 'application/vnd.shp': ('ESRI Shapefile',), 'application/x-shapefile': ('ESRI Shapefile',),
    'application/vnd.dbf': ('ESRI Shapefile',), 'application/x-dbf': ('ESRI Shapefile',),
    'application/gpx+xml': ('GPX',), 'application/vnd.mapinfo': ('MapInfo File',),
    'image/tiff': ('GTiff',), 'image/geotiff': ('GTiff',), 'image/png': ('PNG',), 'image/jpeg': ('JPEG',),
    ASCII_GRID: ('AAIGrid',),
}
_BY_EXTENSION = {
    '.geojson': ('GeoJSON',), '.json': ('GeoJSON',), '.gpkg': ('GPKG',), '.fgb': ('FlatGeobuf',), '.gml': ('GML',),
    '.xml': ('GML',), '.kml': ('LIBKML', 'KML'), '.kmz': ('LIBKML',), '.csv': ('CSV',), '.shp': ('ESRI Shapefile',),
    '.dbf': ('ESRI Shapefile',), '.gpx': ('GPX',), '.tab': ('MapInfo File',), '.mif': ('MapInfo File',),
    '.tif': ('GTiff',), '.tiff': ('GTiff',), '.png': ('PNG',), '.jpg': ('JPEG',), '.jpeg': ('JPEG',), '.asc': ('AAIGrid',),
}
# These say how the bytes travelled, not what they are: there the file's extension tells.
_ENVELOPES = frozenset(('', ZIP, 'application/x-zip-compressed', 'application/octet-stream', 'application/xml', 'text/xml', 'text/plain'))
# Where neither type nor name says what it is, the content does, among the drivers that are open anyway.
_BY_CONTENT = {'text/plain': ('AAIGrid', 'CSV'), 'application/xml': ('GML', 'LIBKML', 'KML', 'GPX'), 'text/xml': ('GML', 'LIBKML', 'KML', 'GPX')}

_EXTENSIONS = {
    GEOJSON: 'geojson', FLATGEOBUF: 'fgb', 'application/vnd.flatgeobuf': 'fgb', GEOPACKAGE: 'gpkg', GML: 'gml', KML: 'kml',
    'text/csv': 'csv', 'application/vnd.dbf': 'dbf', 'application/gpx+xml': 'gpx', ZIP: 'zip',
    'image/tiff': 'tif', 'image/png': 'png', 'image/jpeg': 'jpg', 'text/html': 'html', 'text/plain': 'txt',
    'application/json': 'json', 'application/xml': 'xml', 'text/xml': 'xml', 'application/pdf': 'pdf', 'image/svg+xml': 'svg',
    'application/dxf': 'dxf', 'image/vnd.dxf': 'dxf', 'application/vnd.mapbox-vector-tile': 'mbtiles',
    'application/vnd.sqlite3': 'mbtiles', ASCII_GRID: 'asc',
}
_GML_VERSION = re.compile(r';\s*version\s*=\s*"?(\d\.\d)', re.IGNORECASE)
_TYPES = {
    'geojson': GEOJSON, 'json': 'application/json', 'fgb': FLATGEOBUF, 'gpkg': GEOPACKAGE, 'gml': GML, 'kml': KML,
    'csv': 'text/csv', 'dbf': 'application/vnd.dbf', 'gpx': 'application/gpx+xml', 'zip': ZIP, 'tif': GEOTIFF, 'tiff': GEOTIFF,
    'png': 'image/png', 'jpg': 'image/jpeg', 'jpeg': 'image/jpeg', 'html': 'text/html', 'htm': 'text/html',
    'txt': 'text/plain', 'wld': 'text/plain', 'prj': 'text/plain', 'qpj': 'text/plain', 'vrt': 'application/xml',
    'xml': 'application/xml', 'qml': 'application/xml', 'pdf': 'application/pdf', 'svg': 'image/svg+xml',
    'dxf': 'image/vnd.dxf', 'mbtiles': 'application/vnd.sqlite3', 'asc': ASCII_GRID, 'shp': ZIP,
    'xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'ods': 'application/vnd.oasis.opendocument.spreadsheet',
}

WRITTEN_EXTENSIONS = frozenset(('gpkg', 'shp', 'csv', 'fgb', 'geojson', 'gml', 'gpx', 'kml', 'tif', 'tiff', 'png', 'jpg', 'jpeg', 'asc', 'vrt'))
"""Of layers. `vrt` only where it is an algorithm's only one."""


def plain(media_type: str | None) -> str:
    """Lower case, without parameters: what decides the format."""
    return (media_type or '').split(';')[0].strip().lower()


def drivers_for(path: str, media_type: str | None) -> tuple[str, ...]:
    """GDAL drivers that may open a file that was declared as this; none when we know none."""
    kind = plain(media_type)
    if kind not in _ENVELOPES:
        return _BY_MEDIA_TYPE.get(kind, ())
    return _BY_EXTENSION.get(os.path.splitext(path)[1].lower(), _BY_CONTENT.get(kind, VECTOR_DRIVERS + RASTER_DRIVERS))


def gml_version(media_type: str | None) -> str:
    """`3.2` unless the type says `version=3.1` or `version=2.1`."""
    match = _GML_VERSION.search(media_type or '')
    return match[1] if match else '3.2'


def extension_of(media_type: str | None) -> str | None:
    return _EXTENSIONS.get(plain(media_type))


def of_extension(extension: str) -> str:
    return _TYPES.get(extension.lower().lstrip('.'), 'application/octet-stream')
