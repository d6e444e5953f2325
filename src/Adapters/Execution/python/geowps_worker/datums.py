"""From one datum to another: which of the operations that PROJ knows fits where a layer lies.

QGIS takes the first that it can use, which is the one for the largest area; PROJ's own tools take, for each point, the most exact one that is meant for the
point's place. Here it is the most exact one that is meant for all of the layer."""
from __future__ import annotations

from qgis.core import (QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCoordinateTransformContext, QgsCsException, QgsDatumTransform, QgsMapLayer,
                       QgsProcessingContext, QgsProcessingFeedback, QgsRectangle)

from .mistakes import Refused

_DEGREES = QgsCoordinateReferenceSystem('EPSG:4326')
_SLACK = 0.01
"""Degrees by which a layer may reach out of an operation's area: its box in degrees is larger than itself."""
EXACT = 1.0
"""Metres; what is worse is said as a warning."""


def choose(layer: QgsMapLayer, target: QgsCoordinateReferenceSystem, name: str, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> None:
    """Has `context` bring the layer's coordinates into the target by the operation that is best where the layer lies, and says how exact that is.

    :raises Refused: it is not known where the layer lies; coordinates would stay as they are, and be called the target's."""
    source = layer.crs()
    if not source.isValid():
        raise Refused(name, 'says no coordinate reference system that is known here, so its coordinates can not be changed into those of another')
    if not target.isValid() or source == target:
        return
    transforms = context.transformContext()
    best = None if transforms.hasTransform(source, target) else _best(source, target, layer.extent())
    if best is not None:
        transforms.addCoordinateOperation(source, target, best.proj, True)
        context.setTransformContext(transforms)
    transform = QgsCoordinateTransform(source, target, transforms)
    if not transform.isValid():
        raise Refused(name, f'no way is known from {_named(source)} to {_named(target)}')
    _tell(best or transform.instantiatedCoordinateOperationDetails(), source, target, feedback)


def _best(source: QgsCoordinateReferenceSystem, target: QgsCoordinateReferenceSystem, extent: QgsRectangle) -> QgsDatumTransform.TransformDetails | None:
    usable = [operation for operation in QgsDatumTransform.operations(source, target) if operation.isAvailable and operation.proj]
    if len(usable) < 2 or (place := _degrees(source, extent)) is None:
        return None
    # As PROJ does it: what is meant for the sea reaches over land only because areas are boxes.
    fitting = [operation for operation in usable
               if operation.accuracy >= 0 and operation.bounds.contains(place) and '- offshore' not in operation.areaOfUse]
    return min(fitting, key=lambda operation: (operation.accuracy, operation.bounds.area()), default=None)


def _degrees(crs: QgsCoordinateReferenceSystem, extent: QgsRectangle) -> QgsRectangle | None:
    if extent.isNull():
        return None
    try:
        box = QgsCoordinateTransform(crs, _DEGREES, QgsCoordinateTransformContext()).transformBoundingBox(extent)
    except QgsCsException:
        return None
    return QgsRectangle(box.xMinimum() + _SLACK, box.yMinimum() + _SLACK, box.xMaximum() - _SLACK, box.yMaximum() - _SLACK) \
        if min(box.width(), box.height()) > 2 * _SLACK else QgsRectangle(box.center(), box.center())


def _tell(operation: QgsDatumTransform.TransformDetails, source: QgsCoordinateReferenceSystem, target: QgsCoordinateReferenceSystem,
          feedback: QgsProcessingFeedback) -> None:
    way = f'{_named(source)} to {_named(target)}'
    if operation.accuracy > EXACT:
        feedback.pushWarning(f'{way}: places are within {operation.accuracy:g} m ({operation.name})')
    elif operation.accuracy > 0:
        feedback.pushInfo(f'{way}: places are within {operation.accuracy:g} m ({operation.name})')
    elif 'Ballpark' in operation.name:
        feedback.pushWarning(f'{way}: no operation between their datums is known, so they are taken for the same ({operation.name})')


def _named(crs: QgsCoordinateReferenceSystem) -> str:
    return crs.authid() or crs.description() or 'a system without a name'
