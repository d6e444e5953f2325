"""Raster results as the files that were asked for."""
from __future__ import annotations

import os
import subprocess

from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem

from .mistakes import Failed

_CREATION = ['COMPRESS=DEFLATE', 'BIGTIFF=IF_SAFER']


def kind_of(path: str) -> str | None:
    """The name of the driver that takes it, among those that algorithms write behind a name that says otherwise."""
    driver = gdal.IdentifyDriverEx(path, gdal.OF_RASTER, ['GTiff', 'AAIGrid', 'PNG', 'JPEG', 'GPKG'])
    if driver is not None:
        return driver.ShortName
    with open(path, 'rb') as file:
        return 'VRT' if b'<VRTDataset' in file.read(512) else None


def to_geotiff(path: str, kind: str, crs: QgsCoordinateReferenceSystem | None) -> None:
    """In place. An ESRI grid knows no CRS: it gets that of the layers it was made from."""
    target = path + '.real.tif'
    if kind == 'VRT':
        _translate_by_tool(path, target)
    else:
        options = ['DATATYPE=Float64'] if kind == 'AAIGrid' else []
        source = gdal.OpenEx(path, gdal.OF_RASTER, allowed_drivers=[kind], open_options=options)
        arguments = {'outputSRS': crs.toWkt()} if source and not source.GetProjection() and crs is not None and crs.isValid() else {}
        result = gdal.Translate(target, source, format='GTiff', creationOptions=_CREATION, **arguments) if source else None
        if result is None:
            raise Failed('algorithm', 'the result can not be written as GeoTIFF')
        result = source = None
    os.replace(target, path)


def to_cloud_optimized(path: str) -> None:
    """In place."""
    target = path + '.cog.tif'
    _translate(path, target, format='COG', creationOptions=_CREATION)
    os.replace(target, path)


def to_image(path: str, target: str, driver: str) -> None:
    """PNG and JPEG hold whole numbers only; other values are spread over 0 to 255, band by band."""
    dataset = gdal.Open(path)
    if dataset is None:
        raise Failed('algorithm', 'the result is no raster')
    kinds = {dataset.GetRasterBand(i + 1).DataType for i in range(dataset.RasterCount)}
    fitting = {gdal.GDT_Byte, gdal.GDT_UInt16} if driver == 'PNG' else {gdal.GDT_Byte}
    limit = 4 if driver == 'PNG' else 3
    bands = list(range(1, dataset.RasterCount + 1)) if dataset.RasterCount <= limit else [1, 2, 3]
    dataset = None
    arguments = {} if kinds <= fitting else {'outputType': gdal.GDT_Byte, 'scaleParams': [[]] * len(bands)}
    _translate(path, target, format=driver, bandList=bands, **arguments)


def to_ascii_grid(path: str, target: str) -> None:
    _translate(path, target, format='AAIGrid', bandList=[1])  # it has room for one


def _translate(path: str, target: str, **arguments: object) -> None:
    result = gdal.Translate(target, path, **arguments)
    if result is None:
        raise Failed('algorithm', f'the result can not be written as {arguments["format"]}: {gdal.GetLastErrorMsg()}')
    result = None
    if os.path.exists(target + '.aux.xml'):
        os.remove(target + '.aux.xml')


def _translate_by_tool(path: str, target: str) -> None:
    """The driver for virtual rasters is off in this process and stays off: a tool of its own reads the one that an
    algorithm has made from the job's files."""
    environment = dict(os.environ)
    environment['GDAL_SKIP'] = ','.join(d for d in os.environ.get('GDAL_SKIP', '').split(',') if d and d != 'VRT')
    options = [o for c in _CREATION for o in ('-co', c)]
    done = subprocess.run(['gdal_translate', '-q', '-of', 'GTiff', *options, path, target], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace')
    if done.returncode != 0:
        raise Failed('algorithm', f'the result can not be written as GeoTIFF: {done.stderr.strip()}')
