"""How a layer looks: a QGIS style that names nothing outside, or looks that fit the kind of its geometries."""
from __future__ import annotations

import os
import re
from typing import Any
from xml.etree import ElementTree

from qgis.core import (QgsFillSymbol, QgsLineSymbol, QgsMapLayer, QgsMarkerSymbol, QgsSingleSymbolRenderer, QgsSymbol, QgsVectorLayer,
                       QgsVectorSimplifyMethod, QgsWkbTypes)
from qgis.PyQt.QtXml import QDomDocument

from . import maplibre
from .expressions import FORBIDDEN_FUNCTIONS
from .mistakes import Refused

MOST_BYTES = 32 * 1024 * 1024
_CATEGORIES = QgsMapLayer.Symbology | QgsMapLayer.Labeling | QgsMapLayer.Rendering | QgsMapLayer.Diagrams | QgsMapLayer.Fields
_FORBIDDEN = re.compile(rf'\b({"|".join(sorted(FORBIDDEN_FUNCTIONS))})\s*\(', re.IGNORECASE)
_PICTURE = re.compile(r'\.(?:svgz?|png|jpe?g|gif|bmp|tiff?|webp)$', re.IGNORECASE)
_ADDRESS = re.compile(r'\s*(?:https?:|ftp:|file:|/vsi)', re.IGNORECASE)
_NAMES_A_FILE = frozenset(('name', 'file', 'ShapeSVGFile'))
"""Properties that an expression could make the name of any file."""
_NEVER_DRAWN = frozenset(('attributeactions', 'editform', 'editforminit', 'editforminitcode', 'mapTip', 'previewExpression', 'layoutatlas',
                          'attributetableconfig', 'constraintExpressions', 'defaults', 'legend', 'resourceMetadata', 'dataDependencies'))
_SVG_FOLDERS = ('/usr/share/qgis/svg',)
_POINT_WIDTH = 6
_SIMPLIFIED = 0.2
"""Pixels. QGIS's own pixel shows at the edges of metatiles, where it begins elsewhere."""
_POINT = {'name': 'circle', 'color': '217,95,14,255', 'outline_color': '255,255,255,255', 'size': str(_POINT_WIDTH), 'outline_width': '1'}
_LINE = {'line_color': '28,104,160,255', 'line_width': '1.4', 'capstyle': 'round', 'joinstyle': 'round'}
_AREA = {'color': '121,168,199,150', 'outline_color': '40,84,120,255', 'outline_width': '0.9', 'joinstyle': 'round'}
_IN_PIXELS = ('size_unit', 'outline_width_unit', 'line_width_unit')


def apply(layer: QgsMapLayer, style: dict[str, Any], folder: str) -> None:
    """A style that came with the layer: QML, or for tables MapLibre's JSON."""
    if style['kind'] == 'maplibre':
        if not isinstance(layer, QgsVectorLayer):
            raise Refused(None, 'a MapLibre style is for features; a raster has a QGIS style')
        maplibre.apply(layer, style['text'])
        return
    root = parse(style['text'])
    if (wrong := purify(root, folder)) is not None:
        raise Refused(None, f'the style is not accepted here: {wrong}')
    document = QDomDocument()
    document.setContent(ElementTree.tostring(root, 'unicode'))
    done, message = layer.importNamedStyle(document, _CATEGORIES)
    if not done:
        raise Refused(None, f'the style does not fit the layer: {message or "not a QGIS style"}')


def parse(text: str | bytes) -> ElementTree.Element:
    """Without entities, which can make much of little."""
    size = len(text)
    if size > MOST_BYTES or (b'<!ENTITY' if isinstance(text, bytes) else '<!ENTITY') in text:
        raise Refused(None, 'the document is too large or defines entities')
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise Refused(None, f'damaged XML: {error}') from None


def purify(root: ElementTree.Element, folder: str) -> str | None:
    """Takes out what is no drawing and what names a file outside; says what can not be taken out, or None."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in _NEVER_DRAWN or _chooses_a_file(child):
                parent.remove(child)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if (match := _FORBIDDEN.search(value)) is not None:
                return f'the function {match[1]} is not available here'
            if key in ('v', 'value') and (_PICTURE.search(value) or _ADDRESS.match(value)):
                element.set(key, _picture(value, folder))
        if element.text and (match := _FORBIDDEN.search(element.text)) is not None:
            return f'the function {match[1]} is not available here'
    return None


def fit(layer: QgsVectorLayer) -> None:
    """Looks for a layer that has none."""
    kind = QgsWkbTypes.geometryType(layer.wkbType())
    pixels = {unit: 'Pixel' for unit in _IN_PIXELS}
    symbol: QgsSymbol | None = {
        QgsWkbTypes.PointGeometry: lambda: QgsMarkerSymbol.createSimple({**_POINT, **pixels}),
        QgsWkbTypes.LineGeometry: lambda: QgsLineSymbol.createSimple({**_LINE, **pixels}),
        QgsWkbTypes.PolygonGeometry: lambda: QgsFillSymbol.createSimple({**_AREA, **pixels}),
    }.get(kind, lambda: None)()
    if symbol is not None:
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))


def refine(layer: QgsVectorLayer) -> None:
    """Lines that meet at the edges of metatiles."""
    method = layer.simplifyMethod()
    if method.simplifyHints() != QgsVectorSimplifyMethod.NoSimplification:
        method.setSimplifyHints(QgsVectorSimplifyMethod.GeometrySimplification)
        method.setSimplifyAlgorithm(QgsVectorSimplifyMethod.Distance)
        method.setForceLocalOptimization(True)
        method.setThreshold(min(method.threshold(), _SIMPLIFIED))
        layer.setSimplifyMethod(method)


def _chooses_a_file(element: ElementTree.Element) -> bool:
    return element.tag == 'Option' and element.get('name') in _NAMES_A_FILE and element.get('type') == 'Map' and any(
        part.get('name') == 'active' and part.get('value') == 'true' for part in element)


def _picture(value: str, folder: str) -> str:
    """A file beside the data or one of QGIS's own; nothing in place of any other."""
    if value.startswith('base64:'):
        return value
    if _ADDRESS.match(value):
        return ''
    full = os.path.realpath(os.path.join(folder, value))
    if full.startswith(os.path.realpath(folder) + os.sep):
        return full if os.path.exists(full) else value if not os.path.isabs(value) and '..' not in value else ''
    return value if any(full.startswith(own + os.sep) for own in _SVG_FOLDERS) else ''
