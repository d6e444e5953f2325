"""Coordinate reference systems in the spellings that callers use, as QGIS takes them."""
from __future__ import annotations

import re

from qgis.core import QgsCoordinateReferenceSystem

MAX_WKT = 10_000
# A name that stands for the definition of an authority: coordinates follow the order of its axes. OWS Common 1.1.0, table 30; OGC API.
_FORMAL = tuple(re.compile(p, re.IGNORECASE) for p in (
    r'https?://(?:www\.)?opengis\.net/def/crs/(?P<a>\w+)/[^/]*/(?P<c>\w+)/?',
    r'urn:(?:x-)?ogc:def:crs:(?P<a>\w+):(?:[^:]*:)?(?P<c>\w+)',
    r'\[(?P<a>\w+):(?P<c>\w+)\]'))
# Names from before there was such a rule: x comes first.
_PLAIN = tuple(re.compile(p, re.IGNORECASE) for p in (
    r'https?://(?:www\.)?opengis\.net/gml/srs/(?P<a>\w+)\.xml#(?P<c>\w+)',
    r'(?P<a>[A-Za-z_]\w*)::?(?P<c>\w+)'))
_SPELLINGS = _FORMAL + _PLAIN
_NUMBER = re.compile(r'\d{4,6}')
_LONGITUDE_FIRST = {'CRS84': 'EPSG:4326', '84': 'EPSG:4326', 'CRS84H': 'EPSG:4326', 'CRS83': 'EPSG:4269', '83': 'EPSG:4269',
                    'CRS27': 'EPSG:4267', '27': 'EPSG:4267'}
_WKT = re.compile(r'^\s*(PROJCS|PROJCRS|PROJECTEDCRS|GEOGCS|GEOGCRS|GEODCRS|GEODETICCRS|GEOGRAPHICCRS|GEOCCS|COMPD_CS|COMPOUNDCRS|BOUNDCRS|'
                  r'VERT_CS|VERTCRS|ENGCRS|ENGINEERINGCRS|LOCAL_CS|DERIVEDPROJCRS)\s*[\[(]', re.IGNORECASE)
# WKT can name a grid file: as the file of a parameter, or in a PROJ string of its own.
_NAMES_A_FILE = re.compile(r'PARAMETERFILE|grids=(?!@null\b)|\+(?:geoidgrids|xy_grids|z_grids|init|file)=', re.IGNORECASE)


def normalise(text: str) -> str:
    """`http://www.opengis.net/def/crs/EPSG/0/3857` and its kin → `EPSG:3857`; CRS84 → `EPSG:4326`; the rest as it is."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return next((code for code in (f'EPSG:{text}', f'ESRI:{text}') if QgsCoordinateReferenceSystem(code).isValid()), text)
    for spelling in _SPELLINGS:
        if match := spelling.fullmatch(text):
            authority, code = match['a'].upper(), match['c']
            return _LONGITUDE_FIRST.get(code.upper(), f'OGC:{code}') if authority in ('OGC', 'CRS') else f'{authority}:{code}'
    return f'PROJ:{text}' if text.startswith('+') else text


def is_northing_first(text: str) -> bool:
    """Whether the second number of a position in the CRS that a caller named goes to the east."""
    text = text.strip()
    match = next((m for s in _FORMAL if (m := s.fullmatch(text))), None)
    return match is not None and match['a'].upper() not in ('OGC', 'CRS') and of(text).hasAxisInverted()


def name_of(member: object) -> object:
    """What a `crs` member of GeoJSON from before RFC 7946 names: `{"type": "name", "properties": {"name": …}}`, or a text."""
    if not isinstance(member, dict):
        return member
    properties = member.get('properties')
    properties = properties if isinstance(properties, dict) else {}
    return f'EPSG:{properties.get("code")}' if member.get('type') == 'EPSG' else properties.get('name')


def urn(code: str) -> str:
    """`EPSG:3857` → `urn:ogc:def:crs:EPSG::3857`, the spelling that GeoJSON has."""
    return 'urn:ogc:def:crs:{}::{}'.format(*code.split(':', 1))


def mistake(text: object, trusted: bool) -> str | None:
    """What is wrong with a CRS that a caller gave, or None."""
    if not isinstance(text, str) or not text.strip():
        return 'a coordinate reference system is a text such as EPSG:4326'
    if len(text) > MAX_WKT:
        return 'this coordinate reference system is too long'
    code = normalise(text)
    is_code = not code.startswith('PROJ:') and any(s.fullmatch(code) for s in _SPELLINGS)
    if not is_code and not trusted:
        if not _WKT.match(code):
            return 'a coordinate reference system is a code such as EPSG:4326, a URI, a URN or WKT'
        if _NAMES_A_FILE.search(code):
            return 'this coordinate reference system names a file'
    return None if of(code).isValid() else f'no such coordinate reference system: {text[:200]}'


def of(text: str) -> QgsCoordinateReferenceSystem:
    return QgsCoordinateReferenceSystem(normalise(text))
