"""Small GeoJSON as a memory layer: the quickest way into an algorithm."""
from __future__ import annotations

import json
from typing import Any

from qgis.core import QgsFeature, QgsJsonUtils, QgsVectorLayer

from . import crs

_SIMPLE = frozenset(('Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon'))


def flattened(text: str) -> tuple[str, set[str]]:
    """The same with its CRS in GDAL's spelling and with objects and lists in properties as texts, and the names of such properties: QGIS's sinks drop them."""
    document = json.loads(text)
    names: set[str] = set()
    renamed = isinstance(document, dict) and document.get('crs') is not None and _rename_crs(document)
    for feature in (document.get('features') if isinstance(document, dict) else None) or ():
        properties = feature.get('properties') if isinstance(feature, dict) else None
        for key, value in (properties if isinstance(properties, dict) else {}).items():
            if isinstance(value, (dict, list)):
                names.add(key)
                properties[key] = json.dumps(value, ensure_ascii=False)
    return (json.dumps(document, ensure_ascii=False) if names or renamed else text), names


def _rename_crs(document: dict[str, Any]) -> bool:
    """GDAL knows some spellings and takes the others for WGS 84."""
    name = crs.name_of(document['crs'])
    if name is None:
        return False
    if (wrong := crs.mistake(name, False)) is not None:
        raise ValueError(f'"crs": {wrong}')
    code = crs.normalise(name)
    if code == 'EPSG:4326':
        del document['crs']
    elif '[' not in code:
        document['crs'] = {'type': 'name', 'properties': {'name': crs.urn(code)}}
    return True


def memory_layer(text: str, name: str) -> QgsVectorLayer | None:
    """None when a memory layer can not hold it as it is; then GDAL reads it from a file.
    Raises ValueError when it is no FeatureCollection."""
    document = json.loads(text)
    features = document.get('features') if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get('type') != 'FeatureCollection':
        raise ValueError('this is not a GeoJSON FeatureCollection')
    kind = _one_simple_type(document, features)
    if kind is None:
        return None
    fields = QgsJsonUtils.stringToFields(text)
    parsed = QgsJsonUtils.stringToFeatureList(text, fields)
    if len(parsed) != len(features):
        return None
    layer = QgsVectorLayer(f'{kind}?crs=EPSG:4326', name, 'memory')
    provider = layer.dataProvider()
    provider.addAttributes(fields.toList())
    layer.updateFields()
    if layer.fields().count() != fields.count():
        return None
    for feature in parsed:
        _fit(feature, fields.count())
    if not provider.addFeatures(parsed)[0]:
        return None
    layer.updateExtents()
    return layer


def _fit(feature: QgsFeature, count: int) -> None:
    if feature.attributeCount() != count:
        feature.resizeAttributes(count)


def _one_simple_type(document: dict[str, Any], features: list[Any]) -> str | None:
    """The geometry type that all features have in two dimensions, `None` (QGIS's word) without any geometry."""
    if 'crs' in document or not features:
        return None
    types = set()
    for feature in features:
        if not isinstance(feature, dict) or feature.get('type') != 'Feature':
            return None
        properties = feature.get('properties') or {}
        if not isinstance(properties, dict) or any(isinstance(v, (dict, list)) for v in properties.values()):
            return None
        geometry = feature.get('geometry')
        if geometry is None:
            continue
        if not isinstance(geometry, dict) or geometry.get('type') not in _SIMPLE or not _is_flat(geometry.get('coordinates')):
            return None
        types.add(geometry['type'])
    if len(types) > 1:
        return None
    return types.pop() if types else 'None'


def _is_flat(coordinates: Any) -> bool:
    """Whether every position has two numbers."""
    if not isinstance(coordinates, list) or not coordinates:
        return False
    if isinstance(coordinates[0], (int, float)):
        return len(coordinates) == 2
    return all(_is_flat(part) for part in coordinates)
