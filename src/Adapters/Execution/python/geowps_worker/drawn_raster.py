"""A raster that is drawn: warped onto the pixels of the tiles first.

QGIS's own projection of rasters takes its grid from each picture anew, so that neighbours do not meet, and is four times slower."""
from __future__ import annotations

import itertools
import math
import os
from typing import Any

from osgeo import gdal, osr
from qgis.core import (QgsColorRampShader, QgsContrastEnhancement, QgsMultiBandColorRenderer, QgsPalettedRasterRenderer, QgsRasterLayer,
                       QgsRasterRenderer, QgsRasterShader, QgsSingleBandGrayRenderer, QgsSingleBandPseudoColorRenderer)
from qgis.PyQt.QtGui import QColor

from . import drawn_styles, media_types
from .mistakes import Refused
from .sources import identify

_NOTHING = -3.4028234663852886e+38
_BUCKETS = 1000
_RELIEF = (-12_000, 9_000)
"""Metres that heights of the earth have."""
_LEAST_RELIEF = 100
"""Of a smaller range nobody knows that it is one of heights."""
_SEA = ((-1.0, '#123a63'), (-0.55, '#1f5f93'), (-0.2, '#4f97c4'), (-0.02, '#a8d3ea'), (-1e-9, '#c9e6f3'))
_LAND = ((0.0, '#6ba368'), (0.08, '#93bd77'), (0.2, '#c9d08f'), (0.4, '#dcbd84'), (0.6, '#b98b5e'), (0.8, '#a98b7d'), (1.0, '#f7f5f2'))
_PLAIN = ((0.0, '#440154'), (0.25, '#3b528b'), (0.5, '#21918c'), (0.75, '#5ec962'), (1.0, '#fde725'))
_numbers = itertools.count()


class DrawnRaster:
    """One raster and how it looks."""

    def __init__(self, path: str, style: dict[str, Any] | None, folder: str) -> None:
        name = os.path.basename(path)
        try:
            identify(path, 'application/octet-stream', 'raster', None)
        except Refused as refused:  # it speaks of media types
            raise refused if 'damaged' in refused.mistakes[0]['message'] else Refused(None, f'{name} is no raster that can be read here') from None
        self.dataset = gdal.OpenEx(path, gdal.OF_RASTER | gdal.OF_READONLY, allowed_drivers=list(media_types.RASTER_DRIVERS))
        options = QgsRasterLayer.LayerOptions()
        options.loadDefaultStyle = False
        self.layer = QgsRasterLayer(path, name, 'gdal', options)
        if self.dataset is None or not self.layer.isValid():
            raise Refused(None, f'{name} can not be read as a raster')
        if not self.layer.crs().isValid():
            raise Refused(None, f'{name} does not say its coordinate reference system')
        if style is None:
            if (renderer := _renderer_for(self.dataset, self.layer)) is not None:
                self.layer.setRenderer(renderer)
        else:
            drawn_styles.apply(self.layer, style, folder)
        self._steps: dict[str, tuple[float, float]] = {}

    def warped(self, crs: str, extent: tuple[float, float, float, float], width: int, height: int) -> tuple[QgsRasterLayer, str] | None:
        """The raster on exactly these pixels, and the name of the file in memory that the caller removes; None where it has no data."""
        path = f'/vsimem/drawn-{next(_numbers)}.tif'
        is_byte = self.dataset.GetRasterBand(1).DataType == gdal.GDT_Byte
        keeps_values = isinstance(self.layer.renderer(), QgsPalettedRasterRenderer)
        across, down = self._step(crs)
        options = {
            'format': 'GTiff', 'dstSRS': crs, 'outputBounds': extent, 'width': width, 'height': height, 'errorThreshold': 0.125,
            'resampleAlg': 'near' if keeps_values else 'bilinear',
            # GDAL would work these out from each picture anew
            'warpOptions': [f'XSCALE={min(1.0, across / ((extent[2] - extent[0]) / width))}', f'YSCALE={min(1.0, down / ((extent[3] - extent[1]) / height))}'],
        }
        options.update({'dstAlpha': True} if is_byte else {'dstNodata': _NOTHING, 'outputType': gdal.GDT_Float32})
        gdal.PushErrorHandler('CPLQuietErrorHandler')
        try:
            made = gdal.Warp(path, self.dataset, **options)
        finally:
            gdal.PopErrorHandler()
        if made is None:
            gdal.Unlink(path)
            return None  # there is nothing of it here that the CRS has a place for
        made.FlushCache()
        made = None
        options = QgsRasterLayer.LayerOptions()
        options.loadDefaultStyle = False
        layer = QgsRasterLayer(path, 'drawn', 'gdal', options)
        self._dress(layer)
        if is_byte:
            layer.renderer().setAlphaBand(layer.bandCount())
        return layer, path

    def _dress(self, layer: QgsRasterLayer) -> None:
        mine = self.layer
        layer.setRenderer(mine.renderer().clone())
        layer.setBlendMode(mine.blendMode())
        theirs, ours = layer.brightnessFilter(), mine.brightnessFilter()
        theirs.setBrightness(ours.brightness())
        theirs.setContrast(ours.contrast())
        theirs, ours = layer.hueSaturationFilter(), mine.hueSaturationFilter()
        theirs.setSaturation(ours.saturation())
        theirs.setGrayscaleMode(ours.grayscaleMode())
        theirs.setColorizeOn(ours.colorizeOn())
        theirs.setColorizeColor(ours.colorizeColor())
        theirs.setColorizeStrength(ours.colorizeStrength())

    def _step(self, crs: str) -> tuple[float, float]:
        """What a pixel in the middle of the raster measures in another CRS, across and down."""
        if crs not in self._steps:
            self._steps[crs] = _step_in(self.dataset, crs)
        return self._steps[crs]


def _step_in(dataset: gdal.Dataset, crs: str) -> tuple[float, float]:
    target = osr.SpatialReference()
    target.SetFromUserInput(crs)
    source = dataset.GetSpatialRef() or dataset.GetGCPSpatialRef()
    frame = dataset.GetGeoTransform(can_return_null=True)
    if source is None or frame is None:
        return math.inf, math.inf
    for system in (source, target):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    middle = (dataset.RasterXSize / 2, dataset.RasterYSize / 2)
    here, right, below = (gdal.ApplyGeoTransform(frame, middle[0] + dx, middle[1] + dy) for dx, dy in ((0, 0), (1, 0), (0, 1)))
    change = osr.CoordinateTransformation(source, target)
    (x, y, _), (rx, ry, _), (bx, by, _) = (change.TransformPoint(*place) for place in (here, right, below))
    steps = math.hypot(rx - x, ry - y), math.hypot(bx - x, by - y)
    return tuple(step if math.isfinite(step) and step > 0 else math.inf for step in steps)


def _renderer_for(dataset: gdal.Dataset, layer: QgsRasterLayer) -> QgsRasterRenderer | None:
    """Looks that fit the data. None: those that QGIS has given it, for tables of colours."""
    band = dataset.GetRasterBand(1)
    if band.GetColorTable() is not None or isinstance(layer.renderer(), QgsPalettedRasterRenderer):
        return None
    provider = layer.dataProvider()
    colours = [i for i in range(1, dataset.RasterCount + 1) if dataset.GetRasterBand(i).GetColorInterpretation() != gdal.GCI_AlphaBand]
    if len(colours) >= 3:
        renderer = QgsMultiBandColorRenderer(provider, *colours[:3])
        if band.DataType != gdal.GDT_Byte:
            for number, put in zip(colours, (renderer.setRedContrastEnhancement, renderer.setGreenContrastEnhancement, renderer.setBlueContrastEnhancement)):
                put(_stretch(provider, number, *_range(dataset.GetRasterBand(number))))
        return renderer
    low, high = _range(band)
    if band.DataType == gdal.GDT_Byte:
        renderer = QgsSingleBandGrayRenderer(provider, 1)
        renderer.setContrastEnhancement(_stretch(provider, 1, low, high))
        return renderer
    shader = QgsColorRampShader(low, high, None, QgsColorRampShader.Interpolated)
    shader.setColorRampItemList([QgsColorRampShader.ColorRampItem(value, QColor(colour)) for value, colour in _ramp(low, high)])
    function = QgsRasterShader()
    function.setRasterShaderFunction(shader)
    return QgsSingleBandPseudoColorRenderer(provider, 1, function)


def _ramp(low: float, high: float) -> list[tuple[float, str]]:
    if low < _RELIEF[0] or high > _RELIEF[1] or high - low < _LEAST_RELIEF:
        return [(low + (high - low) * at, colour) for at, colour in _PLAIN]
    bottom, top = max(low, 0.0), max(high, 1.0)
    sea = [(-low * at, colour) for at, colour in _SEA] if low < 0 else []
    return sea + [(bottom + (top - bottom) * at, colour) for at, colour in _LAND]


def _stretch(provider: Any, band: int, low: float, high: float) -> QgsContrastEnhancement:
    enhancement = QgsContrastEnhancement(provider.dataType(band))
    enhancement.setContrastEnhancementAlgorithm(QgsContrastEnhancement.StretchToMinimumMaximum)
    enhancement.setMinimumValue(low)
    enhancement.setMaximumValue(high)
    return enhancement


def _range(band: gdal.Band) -> tuple[float, float]:
    """Between the lowest and the highest hundredth of a sample. QGIS's own statistics would write a file beside the data."""
    ends = band.ComputeRasterMinMax(True)
    if not ends or not all(math.isfinite(end) for end in ends) or ends[1] <= ends[0]:
        low = ends[0] if ends and math.isfinite(ends[0]) else 0.0
        return low, low + 1
    low, high = ends
    counts = band.GetHistogram(low, high, _BUCKETS, approx_ok=True)
    few = sum(counts) / 100
    step, sums = (high - low) / _BUCKETS, list(itertools.accumulate(counts))
    first = next((i for i, total in enumerate(sums) if total > few), 0)
    last = next((i for i, total in enumerate(sums) if total >= sums[-1] - few), _BUCKETS - 1)
    return (low + first * step, low + (last + 1) * step) if last >= first else (low, high)
