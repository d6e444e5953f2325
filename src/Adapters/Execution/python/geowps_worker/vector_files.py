"""Vector layers written to files, in the format of a media type."""
from __future__ import annotations

import os
import zipfile

from osgeo import gdal
from qgis.core import (QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCoordinateTransformContext, QgsVectorFileWriter,
                       QgsVectorLayer, QgsWkbTypes)
from qgis.PyQt.QtCore import QVariant

from . import media_types
from .mistakes import Failed

DRIVERS = {'geojson': 'GeoJSON', 'gpkg': 'GPKG', 'fgb': 'FlatGeobuf', 'gml': 'GML', 'csv': 'CSV', 'shp': 'ESRI Shapefile',
           'dbf': 'ESRI Shapefile', 'kml': 'LIBKML', 'gpx': 'GPX'}
_GML_FORMATS = {'2.1': 'GML2', '3.1': 'GML3', '3.2': 'GML3.2'}
SHAPEFILE_PARTS = ('.shp', '.shx', '.dbf', '.prj', '.cpg', '.qpj', '.qix')
_FLATGEOBUF_FIELDS = frozenset((QVariant.Bool, QVariant.Int, QVariant.LongLong, QVariant.Double, QVariant.String, QVariant.Date,
                                QVariant.Time, QVariant.DateTime, QVariant.ByteArray))


def fits_flatgeobuf(layer: QgsVectorLayer) -> bool:
    """Whether a FlatGeobuf keeps all that GeoJSON would say, as far as the layer tells: no lists, no maps, no curves; and this
    GDAL writes an empty file for no features at all. `holds_all` tells the rest."""
    return (layer.isSpatial() and layer.featureCount() != 0
            and not QgsWkbTypes.isCurvedType(layer.wkbType())
            and QgsWkbTypes.flatType(layer.wkbType()) != QgsWkbTypes.GeometryCollection
            and all(f.type() in _FLATGEOBUF_FIELDS for f in layer.fields()))


def holds_all(path: str, layer: QgsVectorLayer) -> bool:
    """Whether a FlatGeobuf has every feature: this GDAL silently drops those without geometry. Asking its header takes a
    fraction of a millisecond, asking the features takes one for every thousand of them."""
    written = gdal.OpenEx(path, gdal.OF_VECTOR, ['FlatGeobuf'])
    return written is not None and written.GetLayer(0).GetFeatureCount(0) == layer.featureCount()


def write(layer: QgsVectorLayer, path: str, transform_context: QgsCoordinateTransformContext, media_type: str | None = None,
          in_order: bool = False) -> None:
    """`media_type` tells the version of GML. `in_order`: a FlatGeobuf without index, as that sorts the features."""
    extension = os.path.splitext(path)[1][1:]
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = DRIVERS[extension]
    options.layerName = os.path.splitext(os.path.basename(path))[0]
    options.fileEncoding = 'UTF-8'
    if in_order:
        options.layerOptions = ['SPATIAL_INDEX=NO']
    if layer.crs().authid() == 'OGC:CRS84':  # QGIS's coordinates are in this order anyway, and GML has a name for the other one only
        layer.setCrs(QgsCoordinateReferenceSystem('EPSG:4326'))
    if extension == 'gml':
        options.datasourceOptions = [f'FORMAT={_GML_FORMATS.get(media_types.gml_version(media_type), "GML3.2")}']
    if extension == 'csv' and layer.isSpatial():
        options.layerOptions = ['GEOMETRY=AS_WKT', 'CREATE_CSVT=YES']
        options.attributes = [i for i, field in enumerate(layer.fields()) if field.name().upper() != 'WKT']  # of the table that it came from
        options.skipAttributeCreation = not options.attributes
    if extension == 'kml':  # which has one CRS only
        wgs84 = QgsCoordinateReferenceSystem('EPSG:4326')
        if layer.crs().isValid() and layer.crs() != wgs84:
            options.ct = QgsCoordinateTransform(layer.crs(), wgs84, transform_context)
    error, message, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, transform_context, options)
    if error != QgsVectorFileWriter.NoError:
        raise Failed('algorithm', f'the result can not be written as {options.driverName}: {message}')


def zip_shapefile(shp: str, target: str) -> None:
    """The main file first; a table without geometry has no .shp."""
    stem = os.path.splitext(shp)[0]
    files = [stem + part for part in SHAPEFILE_PARTS if os.path.exists(stem + part)]
    zip_files([(f, os.path.basename(f)) for f in files], target)


def zip_folder(folder: str, target: str) -> None:
    entries = []
    for place, _, names in sorted(os.walk(folder)):
        entries += [(os.path.join(place, n), os.path.relpath(os.path.join(place, n), folder)) for n in sorted(names)]
    zip_files(entries, target)


def zip_files(entries: list[tuple[str, str]], target: str) -> None:
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED, compresslevel=3, strict_timestamps=False) as archive:
        for path, name in entries:
            archive.write(path, name)
