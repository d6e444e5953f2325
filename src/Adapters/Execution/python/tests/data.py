"""Small data sets, written with GDAL."""
from __future__ import annotations

import os

GML_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def geojson(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, f'{name}.geojson')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def converted(source: str, target: str, driver: str) -> str:
    from osgeo import gdal
    gdal.UseExceptions()
    gdal.VectorTranslate(target, source, format=driver)
    return target


def raster(path: str, size: int = 40) -> str:
    """A slope that rises to the east, one metre a pixel."""
    from osgeo import gdal, osr
    gdal.UseExceptions()
    dataset = gdal.GetDriverByName('GTiff').Create(path, size, size, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((500_000, 1, 0, 5_000_000, 0, -1))
    system = osr.SpatialReference()
    system.ImportFromEPSG(32632)
    dataset.SetProjection(system.ExportToWkt())
    import struct
    row = struct.pack(f'{size}f', *range(size))
    for line in range(size):
        dataset.GetRasterBand(1).WriteRaster(0, line, size, 1, row)
    dataset.FlushCache()
    return path
