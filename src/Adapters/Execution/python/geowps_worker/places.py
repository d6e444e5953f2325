"""Boxes and geometries that came as JSON, in the texts that QGIS takes."""
from __future__ import annotations

import json
import re
from typing import Any

from osgeo import ogr

from . import crs
from .mistakes import Refused

_WITH_CRS = re.compile(r'([^\[]*)\[(.*)\]\s*', re.DOTALL)


def text_of(kind: str, value: Any, name: str) -> str:
    """`kind` is the parameter's type: `extent`, `point` or `geometry`. Coordinates of GeoJSON come in the order x, y, whatever their CRS; those
    of a box in the order of its CRS's axes, if that is named by a URI or URN."""
    if not isinstance(value, dict):
        raise Refused(name, 'an object is expected')
    if kind == 'extent':
        return _extent(value, name)
    geometry = _geometry(value, name)
    if kind == 'geometry':
        return geometry.ExportToIsoWkt()
    if ogr.GT_Flatten(geometry.GetGeometryType()) != ogr.wkbPoint or geometry.IsEmpty():
        raise Refused(name, 'a point is expected')
    return f'{geometry.GetX()!r},{geometry.GetY()!r} [{_code(value.get("crs"), name)}]'


def _extent(value: dict[str, Any], name: str) -> str:
    box = value.get('bbox')
    if not isinstance(box, list) or len(box) not in (4, 6) or not all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in box):
        raise Refused(name, 'a box is {"bbox": [xmin, ymin, xmax, ymax]}')
    half = len(box) // 2
    code = _code(value.get('crs'), name)
    west, south, east, north = box[0], box[1], box[half], box[half + 1]
    if isinstance(value.get('crs'), str) and crs.is_northing_first(value['crs']):
        west, south, east, north = south, west, north, east
    if south > north:
        raise Refused(name, 'a box has its lower corner first')
    return f'{west!r},{east!r},{south!r},{north!r} [{code}]'


def _code(text: Any, name: str) -> str:
    """QGIS reads a code behind the numbers, and nothing else."""
    if text is None:
        return 'EPSG:4326'
    text = crs.name_of(text)
    if (wrong := crs.mistake(text, False)) is not None:
        raise Refused(name, wrong)
    code = crs.normalise(text)
    code = crs.of(text).authid() if '[' in code else code
    if not code:
        raise Refused(name, 'the coordinate reference system of a place is given by its code, or by WKT that holds one')
    return code


def with_code(text: str, name: str) -> str:
    """QGIS's own text of an extent or a point, `…,… [CRS]`, in which x comes first whatever the CRS is called."""
    match = _WITH_CRS.fullmatch(text)
    return f'{match[1].strip()} [{_code(match[2], name)}]' if match else text


def _geometry(value: dict[str, Any], name: str) -> ogr.Geometry:
    geometry = ogr.CreateGeometryFromJson(json.dumps({k: v for k, v in value.items() if k != 'crs'}))
    if geometry is None:
        raise Refused(name, 'not readable as a GeoJSON geometry')
    return geometry
