"""A MapLibre style as QGIS draws it: fills, lines, circles and names, whose looks may depend on the zoom and on fields (`maplibre_expressions.py`).

What is not drawn the host says when the style is stored; what can not be read is refused here."""
from __future__ import annotations

import json
import math
import re
from typing import Any

from qgis.core import (QgsExpression, QgsFillSymbol, QgsLineSymbol, QgsMarkerSymbol, QgsPalLayerSettings, QgsProperty, QgsPropertyCollection, QgsRuleBasedLabeling,
                       QgsRuleBasedRenderer, QgsSimpleFillSymbolLayer, QgsSimpleLineSymbolLayer, QgsSimpleMarkerSymbolLayer, QgsSymbol, QgsSymbolLayer,
                       QgsTextBufferSettings, QgsTextFormat, QgsUnitTypes, QgsVectorLayer, QgsWkbTypes)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from .maplibre_expressions import ZOOM, Expressions, is_constant
from .mistakes import Refused

_PIXELS = QgsUnitTypes.RenderPixels
_GEOMETRIES = {QgsWkbTypes.PointGeometry: 'Point', QgsWkbTypes.LineGeometry: 'LineString', QgsWkbTypes.PolygonGeometry: 'Polygon'}
_COLOUR = re.compile(r'(rgb|hsl)a?\(\s*([\d.]+)(?:deg)?\s*,\s*([\d.]+)(%?)\s*,\s*([\d.]+)%?\s*(?:,\s*([\d.]+)(%?)\s*)?\)')
_CASES = {'uppercase': 'upper', 'lowercase': 'lower'}
_MOST_LAYERS = 200
_MOST_LETTERS = 100_000
_METRES_PER_PIXEL = 40075016.68557849 / 512
"""Of zoom 0."""
_METRES_PER_DEGREE = 40075016.68557849 / 360


def zoom_of(pixel: float, in_degrees: bool) -> float:
    """MapLibre's zoom of a picture whose pixels are so wide, in metres or in degrees."""
    return math.log2(_METRES_PER_PIXEL / (pixel * (_METRES_PER_DEGREE if in_degrees else 1)))


def apply(layer: QgsVectorLayer, text: str) -> None:
    """Draws each feature once for every layer of the style that it passes the filter of."""
    kind, fields = QgsWkbTypes.geometryType(layer.wkbType()), frozenset(layer.fields().names())
    root, names = QgsRuleBasedRenderer.Rule(None), QgsRuleBasedLabeling.Rule(None)
    for number, style in enumerate(_layers(text)):
        try:
            _add(kind, fields, root, names, number, style)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError) as error:
            raise Refused(None, f'the style can not be read: layers[{number}] ({style.get("id", "without id")}): {error or "not as in the specification"}') from None
    if names.children():
        layer.setLabeling(QgsRuleBasedLabeling(names))
        layer.setLabelsEnabled(True)
        root.appendChild(QgsRuleBasedRenderer.Rule(_unseen(kind)))  # QGIS names only what it draws
    renderer = QgsRuleBasedRenderer(root)
    renderer.setUsingSymbolLevels(True)  # a layer of the style is wholly above the one before
    layer.setRenderer(renderer)


def _layers(text: str) -> list[dict[str, Any]]:
    try:
        style = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(None, f'the style is not JSON: {error}') from None
    layers = style.get('layers') if isinstance(style, dict) else None
    if not isinstance(layers, list) or not all(isinstance(entry, dict) for entry in layers) or len(layers) > _MOST_LAYERS:
        raise Refused(None, f'the style has no list "layers" of at most {_MOST_LAYERS} layers')
    return layers


def _add(kind: int, fields: frozenset[str], root: QgsRuleBasedRenderer.Rule, names: QgsRuleBasedLabeling.Rule, number: int, style: dict[str, Any]) -> None:
    looks = _Looks({**(style.get('layout') or {}), **(style.get('paint') or {})}, kind, fields)
    if looks.of.get('visibility') == 'none':
        return
    when = looks.when(style)
    if style.get('type') == 'symbol' and looks.of.get('text-field') is not None:
        names.appendChild(QgsRuleBasedLabeling.Rule(_label(looks, kind), 0, 0, when))
        return
    symbol = _symbol(kind, style.get('type'), looks)
    if symbol is None:
        return
    for i in range(symbol.symbolLayerCount()):
        symbol.symbolLayer(i).setRenderingPass(number)
    root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, when))


class _Looks:
    """The properties of one layer of the style: values, and where they depend on something, expressions."""

    def __init__(self, looks: dict[str, Any], kind: int, fields: frozenset[str]) -> None:
        self.of = looks
        self.expressions = Expressions(_GEOMETRIES.get(kind, ''), fields, lambda text: _text_of(_parsed(text)))

    def when(self, style: dict[str, Any]) -> str:
        tests = [f'@{ZOOM} {sign} {float(style[name])!r}' for name, sign in (('minzoom', '>='), ('maxzoom', '<')) if style.get(name) is not None]
        if style.get('filter') is not None:
            tests.append(self.expressions.filter(style['filter']))
        return _checked(' AND '.join(tests)) if tests else ''

    def number(self, name: str, default: float) -> tuple[float, str | None]:
        """Its value; where it has none, a default and the expression of the value."""
        value = self.of.get(name)
        if value is None:
            return default, None
        if is_constant(value):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise ValueError(f'{name} is a number')
            return float(value), None
        return default, self.expressions.number(value)

    def colour(self, of: str, name: str | None = None) -> tuple[QColor, str | None]:
        """With its opacity."""
        value = self.of.get(name or f'{of}-color', '#000000')
        opacity, dims = self.number(f'{of}-opacity', 1)
        if is_constant(value):
            colour = _parsed(value)
            if dims is None:
                colour.setAlphaF(min(1.0, max(0.0, colour.alphaF() * opacity)))
                return colour, None
            text = f"'{_text_of(colour)}'"
        else:
            colour, text = QColor(0, 0, 0), self.expressions.colour(value)
        if dims is None and opacity == 1:
            return colour, text
        return colour, f"with_variable('c', {text}, set_color_part(@c, 'alpha', round(color_part(@c, 'alpha') * ({dims or repr(opacity)}))))"


def _set(properties: QgsPropertyCollection, key: int, expression: str | None) -> None:
    if expression is not None:
        properties.setProperty(key, QgsProperty.fromExpression(_checked(expression)))


def _checked(expression: str) -> str:
    if len(expression) > _MOST_LETTERS:
        raise ValueError('an expression is too long')
    if (parsed := QgsExpression(expression)).hasParserError():
        raise ValueError(f'an expression can not be read: {parsed.parserErrorString()[:100]}')
    return expression


def _symbol(kind: int, what: str | None, looks: _Looks) -> QgsSymbol | None:
    make = _MAKERS.get(what)
    if make is None or kind not in _DRAWN_ON[what]:
        return None
    layer, properties = make(looks)
    layer.setDataDefinedProperties(properties)
    return _of({QgsWkbTypes.PointGeometry: QgsMarkerSymbol, QgsWkbTypes.LineGeometry: QgsLineSymbol}.get(kind, QgsFillSymbol), layer)


def _fill(looks: _Looks) -> tuple[QgsSymbolLayer, QgsPropertyCollection]:
    properties = QgsPropertyCollection()
    colour, inside = looks.colour('fill')
    has_outline = 'fill-outline-color' in looks.of
    stroke, outline = looks.colour('fill', 'fill-outline-color') if has_outline else (colour, inside)
    fill = QgsSimpleFillSymbolLayer(colour)
    fill.setStrokeStyle(Qt.SolidLine if looks.of.get('fill-antialias', True) is not False else Qt.NoPen)
    fill.setStrokeColor(stroke)
    fill.setStrokeWidth(1 if has_outline else 0.3)
    fill.setStrokeWidthUnit(_PIXELS)
    _set(properties, QgsSymbolLayer.PropertyFillColor, inside)
    _set(properties, QgsSymbolLayer.PropertyStrokeColor, outline)
    return fill, properties


def _line(looks: _Looks) -> tuple[QgsSymbolLayer, QgsPropertyCollection]:
    properties = QgsPropertyCollection()
    colour, drawn = looks.colour('line')
    width, wide = looks.number('line-width', 1)
    line = QgsSimpleLineSymbolLayer(colour, width)
    line.setWidthUnit(_PIXELS)
    line.setPenCapStyle({'round': Qt.RoundCap, 'square': Qt.SquareCap}.get(_text(looks, 'line-cap'), Qt.FlatCap))
    line.setPenJoinStyle({'round': Qt.RoundJoin, 'bevel': Qt.BevelJoin}.get(_text(looks, 'line-join'), Qt.MiterJoin))
    _set(properties, QgsSymbolLayer.PropertyStrokeColor, drawn)
    _set(properties, QgsSymbolLayer.PropertyStrokeWidth, wide)
    dashes = looks.of.get('line-dasharray')
    dashes = dashes[1] if isinstance(dashes, list) and dashes and dashes[0] == 'literal' else dashes
    if dashes is not None:
        if not isinstance(dashes, list) or not all(isinstance(dash, (int, float)) for dash in dashes):
            raise ValueError('line-dasharray is a list of numbers')
        dashes = dashes if len(dashes) % 2 == 0 else dashes * 2
        line.setUseCustomDashPattern(bool(dashes))
        line.setCustomDashVector([dash * width for dash in dashes])
        line.setCustomDashPatternUnit(_PIXELS)
        if wide is not None and dashes:
            _set(properties, QgsSymbolLayer.PropertyCustomDash, " || ';' || ".join(f'to_string({float(dash)!r} * ({wide}))' for dash in dashes))
    return line, properties


def _circle(looks: _Looks) -> tuple[QgsSymbolLayer, QgsPropertyCollection]:
    properties = QgsPropertyCollection()
    radius, size = looks.number('circle-radius', 5)
    colour, inside = looks.colour('circle')
    width, wide = looks.number('circle-stroke-width', 0)
    stroke, outline = looks.colour('circle-stroke')
    circle = QgsSimpleMarkerSymbolLayer(QgsSimpleMarkerSymbolLayer.Circle, 2 * radius)
    circle.setSizeUnit(_PIXELS)
    circle.setFillColor(colour)
    circle.setStrokeStyle(Qt.SolidLine if width > 0 or wide is not None else Qt.NoPen)
    circle.setStrokeColor(stroke)
    circle.setStrokeWidth(width)
    circle.setStrokeWidthUnit(_PIXELS)
    _set(properties, QgsSymbolLayer.PropertySize, None if size is None else f'2 * ({size})')
    _set(properties, QgsSymbolLayer.PropertyFillColor, inside)
    _set(properties, QgsSymbolLayer.PropertyStrokeWidth, wide)
    _set(properties, QgsSymbolLayer.PropertyStrokeColor, outline)
    return circle, properties


_MAKERS = {'fill': _fill, 'line': _line, 'circle': _circle}
_DRAWN_ON = {'fill': (QgsWkbTypes.PolygonGeometry,), 'line': (QgsWkbTypes.LineGeometry, QgsWkbTypes.PolygonGeometry), 'circle': (QgsWkbTypes.PointGeometry,)}


def _of(kind: type[QgsSymbol], layer: QgsSymbolLayer) -> QgsSymbol:
    """The constructor that takes a list leaves the layer to Python too, which deletes it once more."""
    symbol = kind.createSimple({})
    symbol.changeSymbolLayer(0, layer)
    return symbol


def _unseen(kind: int) -> QgsSymbol:
    return {
        QgsWkbTypes.PointGeometry: lambda: QgsMarkerSymbol.createSimple({'color': '0,0,0,0', 'outline_style': 'no', 'size': '0'}),
        QgsWkbTypes.LineGeometry: lambda: QgsLineSymbol.createSimple({'line_style': 'no'}),
    }.get(kind, lambda: QgsFillSymbol.createSimple({'style': 'no', 'outline_style': 'no'}))()


def _label(looks: _Looks, kind: int) -> QgsPalLayerSettings:
    settings, properties = QgsPalLayerSettings(), QgsPropertyCollection()
    settings.isExpression = True
    case = _CASES.get(_text(looks, 'text-transform'))
    text = looks.expressions.text(looks.of['text-field'])
    settings.fieldName = _checked(f'{case}({text})' if case else text)
    if kind == QgsWkbTypes.LineGeometry and _text(looks, 'symbol-placement') in ('line', 'line-center'):
        settings.placement = QgsPalLayerSettings.Curved
    letters = QgsTextFormat()
    size, sized = looks.number('text-size', 16)
    colour, coloured = looks.colour('text')
    letters.setSize(size)
    letters.setSizeUnit(_PIXELS)
    letters.setColor(colour)
    _set(properties, QgsPalLayerSettings.Size, sized)
    _set(properties, QgsPalLayerSettings.Color, coloured)
    width, wide = looks.number('text-halo-width', 0)
    if width > 0 or wide is not None:
        halo = QgsTextBufferSettings()
        halo.setEnabled(True)
        halo.setSize(width)
        halo.setSizeUnit(_PIXELS)
        around, surrounded = looks.colour('text', 'text-halo-color')
        halo.setColor(around)
        letters.setBuffer(halo)
        _set(properties, QgsPalLayerSettings.BufferSize, wide)
        _set(properties, QgsPalLayerSettings.BufferColor, surrounded)
    settings.setFormat(letters)
    settings.setDataDefinedProperties(properties)
    return settings


def _text(looks: _Looks, name: str) -> str | None:
    value = looks.of.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f'{name} is one word')
    return value


def _text_of(colour: QColor) -> str:
    return f'{colour.red()},{colour.green()},{colour.blue()},{colour.alpha()}'


def _parsed(text: Any) -> QColor:
    if not isinstance(text, str):
        raise ValueError(f'{str(text)[:40]} is no colour')
    text = text.strip().lower()
    if match := _COLOUR.fullmatch(text):
        first, second, third = float(match[2]), float(match[3]), float(match[5])
        colour = QColor(int(first), int(second), int(third)) if match[1] == 'rgb' else QColor.fromHslF(first % 360 / 360, min(second, 100) / 100, min(third, 100) / 100)
        if match[6]:
            colour.setAlphaF(min(1.0, float(match[6]) / (100 if match[7] else 1)))
        return colour
    if text.startswith('#') and len(text) in (5, 9):  # Qt has the opacity in front
        text = '#' + ''.join(c * 2 for c in text[1:]) if len(text) == 5 else text
        text = '#' + text[7:] + text[1:7]
    colour = QColor(text)
    if not colour.isValid():
        raise ValueError(f'{text[:40]} is no colour')
    return colour
