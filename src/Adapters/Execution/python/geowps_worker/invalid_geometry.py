"""What counts as invalid when features with invalid geometry are an error.

QGIS's check while reading asks GEOS alone, which calls a polygon invalid whose hole touches its ring in a line, although
QGIS's own validation finds nothing and most algorithms cope. A run that stopped there is judged again, by both.
"""
from __future__ import annotations

from qgis.core import QgsFeatureRequest, QgsGeometry, QgsMapLayer, QgsVectorLayer

_MESSAGE = 'has invalid geometry'


def stopped_by(message: str) -> bool:
    return _MESSAGE in message


def is_tolerable(layers: list[QgsMapLayer]) -> bool:
    """Whether QGIS's own validation accepts all that GEOS does not."""
    vectors = [layer for layer in layers if isinstance(layer, QgsVectorLayer)]
    return bool(vectors) and all(_is_accepted(f.geometry()) for layer in vectors
                                 for f in layer.getFeatures(QgsFeatureRequest().setNoAttributes()))


def _is_accepted(geometry: QgsGeometry) -> bool:
    return geometry.isNull() or geometry.isGeosValid() or not geometry.validateGeometry(QgsGeometry.ValidatorQgisInternal)
