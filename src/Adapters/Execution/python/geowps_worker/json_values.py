"""QGIS's values as plain JSON."""
from __future__ import annotations

import math
from typing import Any, Callable

from qgis.PyQt.QtCore import QByteArray, QDate, QDateTime, QTime, QVariant, Qt
from qgis.PyQt.QtGui import QColor
from qgis.core import (QgsCoordinateReferenceSystem, QgsGeometry, QgsMapLayer, QgsPointXY, QgsRectangle, QgsReferencedPointXY,
                       QgsReferencedRectangle)


def to_json(value: Any, text: Callable[[str], str] = lambda s: s) -> Any:
    """NaN, the infinities and what no JSON can hold become None. `text` is applied to every string."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple, set)):
        return [to_json(v, text) for v in value]
    if isinstance(value, dict):
        return {str(k): to_json(v, text) for k, v in value.items()}
    if isinstance(value, QVariant):
        return None if value.isNull() else to_json(value.value(), text)
    if isinstance(value, (QDate, QTime, QDateTime)):
        return value.toString(Qt.ISODate) if value.isValid() else None
    return text(_special(value)) if _special(value) is not None else None


def _special(value: Any) -> str | None:
    if isinstance(value, QColor):
        if not value.isValid():
            return None
        return value.name() if value.alpha() == 255 else value.name(QColor.HexArgb)
    if isinstance(value, QgsCoordinateReferenceSystem):
        return (value.authid() or value.toWkt()) if value.isValid() else None
    if isinstance(value, QgsReferencedRectangle):
        return f'{_corners(value)} [{value.crs().authid()}]'
    if isinstance(value, QgsRectangle):
        return _corners(value)
    if isinstance(value, QgsReferencedPointXY):
        return f'{value.x()!r},{value.y()!r} [{value.crs().authid()}]'
    if isinstance(value, QgsPointXY):
        return f'{value.x()!r},{value.y()!r}'
    if isinstance(value, QgsGeometry):
        return value.asWkt()
    if isinstance(value, QgsMapLayer):
        return value.name()
    if isinstance(value, QByteArray):
        return bytes(value).hex()
    return None


def _corners(box: QgsRectangle) -> str:
    return ','.join(repr(n) for n in (box.xMinimum(), box.xMaximum(), box.yMinimum(), box.yMaximum()))
