"""What a file holds: layers with their fields, a raster with its bands, and where on earth that is."""
from __future__ import annotations

from typing import Any

from osgeo import gdal, ogr, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsProject, QgsRectangle

from . import media_types
from .mistakes import Refused
from .sources import identify

_MOST_LAYERS = 100
_MOST_FIELDS = 500
_NOTHING = {'format': None, 'layers': [], 'raster': None, 'extent': None}


def contents_of(path: str) -> dict[str, Any]:
    """Nothing, where it is no data that this server reads."""
    try:
        identify(path, None, 'any', 'file')
    except Refused:
        return dict(_NOTHING)
    allowed = media_types.drivers_for(path, None)
    vector = _open(path, gdal.OF_VECTOR, [d for d in allowed if d in media_types.VECTOR_DRIVERS])
    raster = _open(path, gdal.OF_RASTER, [d for d in allowed if d in media_types.RASTER_DRIVERS])
    if raster is not None and raster.RasterCount == 0:
        raster = None
    if vector is None and raster is None:
        return dict(_NOTHING)
    layers = [_layer(vector.GetLayer(i)) for i in range(min(vector.GetLayerCount(), _MOST_LAYERS))] if vector is not None else []
    grid = _raster(raster) if raster is not None else None
    return {'format': (vector or raster).GetDriver().ShortName, 'layers': layers, 'raster': grid,
            'extent': _union([part['extent'] for part in [*layers, *([grid] if grid else [])]])}


def _open(path: str, flag: int, drivers: list[str]) -> gdal.Dataset | None:
    if not drivers:
        return None
    gdal.PushErrorHandler('CPLQuietErrorHandler')
    try:
        return gdal.OpenEx(path, flag | gdal.OF_READONLY, allowed_drivers=drivers)
    finally:
        gdal.PopErrorHandler()


def _layer(layer: ogr.Layer) -> dict[str, Any]:
    definition = layer.GetLayerDefn()
    kind = layer.GetGeomType()
    fields = [definition.GetFieldDefn(i) for i in range(min(definition.GetFieldCount(), _MOST_FIELDS))]
    extent = None
    if kind != ogr.wkbNone:
        x0, x1, y0, y1 = layer.GetExtent(can_return_null=True) or (None,) * 4
        extent = None if x0 is None else _degrees(layer.GetSpatialRef(), (x0, y0, x1, y1))
    return {'name': layer.GetName(), 'geometryType': None if kind == ogr.wkbNone else ogr.GeometryTypeToName(kind), 'featureCount': layer.GetFeatureCount(),
            'fields': [{'name': field.GetName(), 'type': field.GetTypeName()} for field in fields], 'crs': _name(layer.GetSpatialRef()), 'extent': extent}


def _raster(raster: gdal.Dataset) -> dict[str, Any]:
    bands = []
    for i in range(1, raster.RasterCount + 1):
        band = raster.GetRasterBand(i)
        bands.append({'name': band.GetDescription() or f'band_{i}', 'type': gdal.GetDataTypeName(band.DataType), 'noData': _number(band.GetNoDataValue())})
    width, height = raster.RasterXSize, raster.RasterYSize
    extent = None
    if (t := raster.GetGeoTransform(can_return_null=True)) is not None:
        corners = [(t[0] + x * t[1] + y * t[2], t[3] + x * t[4] + y * t[5]) for x in (0, width) for y in (0, height)]
        extent = _degrees(raster.GetSpatialRef(), (min(c[0] for c in corners), min(c[1] for c in corners), max(c[0] for c in corners), max(c[1] for c in corners)))
    return {'width': width, 'height': height, 'bands': bands, 'crs': _name(raster.GetSpatialRef()), 'extent': extent}


def _number(value: float | None) -> float | None:
    return value if value is not None and value == value and abs(value) != float('inf') else None


def _name(system: osr.SpatialReference | None) -> str | None:
    if system is None:
        return None
    authority, code = system.GetAuthorityName(None), system.GetAuthorityCode(None)
    if authority and code:
        return f'{authority}:{code}'
    return QgsCoordinateReferenceSystem.fromWkt(system.ExportToWkt()).authid() or None


def _degrees(system: osr.SpatialReference | None, box: tuple[float, float, float, float]) -> list[float] | None:
    """West, south, east, north; None where that can't be told."""
    if system is None:
        return None
    change = QgsCoordinateTransform(QgsCoordinateReferenceSystem.fromWkt(system.ExportToWkt()), QgsCoordinateReferenceSystem('EPSG:4326'), QgsProject.instance())
    change.setBallparkTransformsAreAppropriate(True)
    try:
        extent = change.transformBoundingBox(QgsRectangle(*box, False))
    except QgsCsException:
        return None
    if not extent.isFinite():
        return None
    return [max(extent.xMinimum(), -180.0), max(extent.yMinimum(), -90.0), min(extent.xMaximum(), 180.0), min(extent.yMaximum(), 90.0)]


def _union(extents: list[list[float] | None]) -> list[float] | None:
    known = [extent for extent in extents if extent]
    return [min(e[0] for e in known), min(e[1] for e in known), max(e[2] for e in known), max(e[3] for e in known)] if known else None
