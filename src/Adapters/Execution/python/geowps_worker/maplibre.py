"""The basics of a MapLibre style, as QGIS draws them: fills, lines, circles and names with constant looks, filters and zoom ranges.

What depends on the zoom has the value of its middle stop, what depends on the data that of its last alternative."""
from __future__ import annotations

import json
import re
from typing import Any

from qgis.core import (QgsFillSymbol, QgsLineSymbol, QgsMarkerSymbol, QgsPalLayerSettings, QgsRuleBasedRenderer, QgsSimpleFillSymbolLayer,
                       QgsSimpleLineSymbolLayer, QgsSimpleMarkerSymbolLayer, QgsSymbol, QgsSymbolLayer, QgsTextBufferSettings, QgsTextFormat, QgsUnitTypes,
                       QgsVectorLayer, QgsVectorLayerSimpleLabeling, QgsWkbTypes)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from .mistakes import Refused

_PIXELS = QgsUnitTypes.RenderPixels
_SCALE_OF_ZOOM_0 = 279_541_132.0
_COMPARE = {'==': '=', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>='}
_JOIN = {'all': ' AND ', 'any': ' OR '}
_GEOMETRIES = {'Point': QgsWkbTypes.PointGeometry, 'LineString': QgsWkbTypes.LineGeometry, 'Polygon': QgsWkbTypes.PolygonGeometry}
_COLOUR = re.compile(r'(rgb|hsl)a?\(\s*([\d.]+)(?:deg)?\s*,\s*([\d.]+)(%?)\s*,\s*([\d.]+)%?\s*(?:,\s*([\d.]+)(%?)\s*)?\)')
_FIELD = re.compile(r'\{([^{}]+)\}')
_MOST_DEEP = 20
_MOST_LAYERS = 200


def apply(layer: QgsVectorLayer, text: str) -> None:
    """Draws each feature once for every layer of the style that it passes the filter of."""
    kind = QgsWkbTypes.geometryType(layer.wkbType())
    root = QgsRuleBasedRenderer.Rule(None)
    for number, style in enumerate(_layers(text)):
        try:
            _add(layer, kind, root, number, style)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise Refused(None, f'the style can not be read: layers[{number}] ({style.get("id", "without id")}): {error or "not as in the specification"}') from None
    if layer.labelsEnabled():  # QGIS names only what it draws
        root.appendChild(QgsRuleBasedRenderer.Rule(_unseen(kind)))
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


def _add(layer: QgsVectorLayer, kind: int, root: QgsRuleBasedRenderer.Rule, number: int, style: dict[str, Any]) -> None:
    looks = {**(style.get('layout') or {}), **(style.get('paint') or {})}
    if looks.get('visibility') == 'none':
        return
    if style.get('type') == 'symbol' and looks.get('text-field') is not None:
        _label(layer, looks)
        return
    symbol = _symbol(kind, style.get('type'), looks)
    if symbol is None:
        return
    for i in range(symbol.symbolLayerCount()):
        symbol.symbolLayer(i).setRenderingPass(number)
    rule = QgsRuleBasedRenderer.Rule(symbol)
    if style.get('filter') is not None:
        rule.setFilterExpression(_filter(style['filter'], kind))
    if style.get('minzoom') is not None:
        rule.setMinimumScale(_SCALE_OF_ZOOM_0 / 2 ** _number(style['minzoom'], 0))
    if style.get('maxzoom') is not None:
        rule.setMaximumScale(_SCALE_OF_ZOOM_0 / 2 ** _number(style['maxzoom'], 24))
    root.appendChild(rule)


def _symbol(kind: int, what: str | None, looks: dict[str, Any]) -> QgsSymbol | None:
    if what == 'fill' and kind == QgsWkbTypes.PolygonGeometry:
        colour = _colour(looks, 'fill')
        fill = QgsSimpleFillSymbolLayer(colour)
        has_outline = looks.get('fill-antialias', True) is not False
        fill.setStrokeStyle(Qt.SolidLine if has_outline else Qt.NoPen)
        fill.setStrokeColor(_colour(looks, 'fill', 'fill-outline-color') if 'fill-outline-color' in looks else colour)
        fill.setStrokeWidth(1 if 'fill-outline-color' in looks else 0.3)
        fill.setStrokeWidthUnit(_PIXELS)
        return _of(QgsFillSymbol, fill)
    if what == 'line' and kind in (QgsWkbTypes.LineGeometry, QgsWkbTypes.PolygonGeometry):
        line = QgsSimpleLineSymbolLayer(_colour(looks, 'line'), _number(looks.get('line-width'), 1))
        line.setWidthUnit(_PIXELS)
        line.setPenCapStyle({'round': Qt.RoundCap, 'square': Qt.SquareCap}.get(looks.get('line-cap'), Qt.FlatCap))
        line.setPenJoinStyle({'round': Qt.RoundJoin, 'bevel': Qt.BevelJoin}.get(looks.get('line-join'), Qt.MiterJoin))
        dashes = looks.get('line-dasharray')
        if isinstance(dashes, list) and dashes and all(isinstance(d, (int, float)) for d in dashes):
            line.setUseCustomDashPattern(True)
            line.setCustomDashVector([d * line.width() for d in (dashes if len(dashes) % 2 == 0 else dashes * 2)])
            line.setCustomDashPatternUnit(_PIXELS)
        return _of(QgsLineSymbol if kind == QgsWkbTypes.LineGeometry else QgsFillSymbol, line)
    if what == 'circle' and kind == QgsWkbTypes.PointGeometry:
        circle = QgsSimpleMarkerSymbolLayer(QgsSimpleMarkerSymbolLayer.Circle, 2 * _number(looks.get('circle-radius'), 5))
        circle.setSizeUnit(_PIXELS)
        circle.setFillColor(_colour(looks, 'circle'))
        width = _number(looks.get('circle-stroke-width'), 0)
        circle.setStrokeStyle(Qt.SolidLine if width > 0 else Qt.NoPen)
        circle.setStrokeColor(_colour(looks, 'circle-stroke'))
        circle.setStrokeWidth(width)
        circle.setStrokeWidthUnit(_PIXELS)
        return _of(QgsMarkerSymbol, circle)
    return None


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


def _label(layer: QgsVectorLayer, looks: dict[str, Any]) -> None:
    settings = QgsPalLayerSettings()
    settings.isExpression = True
    settings.fieldName = _text(looks['text-field'])
    letters = QgsTextFormat()
    letters.setSize(_number(looks.get('text-size'), 16))
    letters.setSizeUnit(_PIXELS)
    letters.setColor(_colour(looks, 'text'))
    if (width := _number(looks.get('text-halo-width'), 0)) > 0:
        halo = QgsTextBufferSettings()
        halo.setEnabled(True)
        halo.setSize(width)
        halo.setSizeUnit(_PIXELS)
        halo.setColor(_colour(looks, 'text', 'text-halo-color'))
        letters.setBuffer(halo)
    settings.setFormat(letters)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def _text(value: Any) -> str:
    """A QGIS expression: names in braces, or `get` within `coalesce`, `to-string` and `concat`."""
    if isinstance(value, str):
        parts = _FIELD.split(value)
        return ' || '.join(f"coalesce(to_string({_quoted(part)}), '')" if i % 2 else _literal(part) for i, part in enumerate(parts) if part) or "''"
    if isinstance(value, list) and value and value[0] in ('get', 'to-string', 'coalesce', 'concat', 'format'):
        if value[0] == 'get':
            return f"coalesce(to_string({_quoted(value[1])}), '')"
        parts = [_text(part) for part in value[1:] if not isinstance(part, dict)]
        return parts[0] if value[0] in ('to-string', 'coalesce') else ' || '.join(parts)
    raise ValueError('this text-field is not supported')


def _filter(test: Any, kind: int, depth: int = 0) -> str:
    """A QGIS expression of a filter, in the old spelling and in the new one."""
    if depth > _MOST_DEEP:
        raise ValueError('the filter is nested too deep')
    if isinstance(test, bool):
        return 'true' if test else 'false'
    if not isinstance(test, list) or not test:
        raise ValueError('this filter is not supported')
    name, *parts = test
    if name in _JOIN:
        return '(' + (_JOIN[name].join(_filter(part, kind, depth + 1) for part in parts) or ('true' if name == 'all' else 'false')) + ')'
    if name == 'none' or name == '!':
        return f'NOT {_filter(["any", *parts], kind, depth + 1)}'
    if name in _COMPARE:
        if _is_type(parts[0]):
            return 'true' if (_GEOMETRIES.get(parts[1]) == kind) == (name == '==') else 'false'
        return f'coalesce({_operand(parts[0])} {_COMPARE[name]} {_literal(parts[1])}, {"true" if name == "!=" else "false"})'
    if name in ('in', '!in'):
        values = parts[1:] if not (len(parts) == 2 and isinstance(parts[1], list)) else parts[1][1]
        found = f'coalesce({_operand(parts[0])} IN ({", ".join(map(_literal, values))}), false)' if values else 'false'
        return found if name == 'in' else f'NOT {found}'
    if name in ('has', '!has'):
        return f'{_quoted(parts[0])} IS {"NOT " if name == "has" else ""}NULL'
    raise ValueError(f'the filter {str(name)[:40]} is not supported')


def _is_type(value: Any) -> bool:
    return value in ('$type', ['geometry-type'])


def _operand(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and value[0] in ('get', 'to-number', 'to-string', 'number', 'string'):
        return _quoted(value[1]) if value[0] == 'get' else _operand(value[1])
    return _quoted(value) if isinstance(value, str) else _literal(value)


def _quoted(name: Any) -> str:
    if not isinstance(name, str):
        raise ValueError('a field has a name')
    return '"' + name.replace('"', '""') + '"'


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return "'" + value.replace('\\', '\\\\').replace("'", "''") + "'"
    if value is None:
        return 'NULL'
    raise ValueError('this value is not supported in a filter')


def _constant(value: Any, depth: int = 0) -> Any:
    """Of what depends on something, one of its values."""
    if depth > _MOST_DEEP:
        raise ValueError('an expression is nested too deep')
    if isinstance(value, dict) and value.get('stops'):
        stops = value['stops']
        return _constant(stops[len(stops) // 2][1], depth + 1)
    if isinstance(value, list) and value and isinstance(value[0], str):
        if value[0].startswith('interpolate') and len(value) >= 5:
            outputs = value[4::2]
            return _constant(outputs[len(outputs) // 2], depth + 1)
        if value[0] == 'step':
            outputs = value[2::2]
            return _constant(outputs[len(outputs) // 2], depth + 1)
        return _constant(value[-1], depth + 1)
    return value


def _number(value: Any, default: float) -> float:
    value = _constant(value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else float(default)


def _colour(looks: dict[str, Any], of: str, name: str | None = None) -> QColor:
    text = _constant(looks.get(name or f'{of}-color'))
    colour = _parsed(text) if isinstance(text, str) else QColor(0, 0, 0)
    colour.setAlphaF(min(1.0, max(0.0, colour.alphaF() * _number(looks.get(f'{of}-opacity'), 1))))
    return colour


def _parsed(text: str) -> QColor:
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
