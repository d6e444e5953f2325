"""Coordinate reference systems in the spellings that callers use, as QGIS takes them."""
from __future__ import annotations

import re

from qgis.core import QgsCoordinateReferenceSystem

MAX_WKT = 10_000
_SPELLINGS = tuple(re.compile(p, re.IGNORECASE) for p in (
    r'https?://www\.opengis\.net/def/crs/(?P<a>\w+)/[^/]*/(?P<c>\w+)/?',
    r'https?://www\.opengis\.net/gml/srs/(?P<a>\w+)\.xml#(?P<c>\w+)',
    r'urn:(?:x-)?ogc:def:crs:(?P<a>\w+):[^:]*:(?P<c>\w+)',
    r'\[(?P<a>\w+):(?P<c>\w+)\]',
    r'(?P<a>[A-Za-z_]\w*):(?P<c>\w+)'))
_LONGITUDE_FIRST = {('OGC', 'CRS84'): 'EPSG:4326', ('CRS', '84'): 'EPSG:4326', ('CRS', 'CRS84'): 'EPSG:4326',
                    ('OGC', 'CRS83'): 'EPSG:4269', ('CRS', '83'): 'EPSG:4269', ('OGC', 'CRS27'): 'EPSG:4267', ('CRS', '27'): 'EPSG:4267'}
_WKT = re.compile(r'^\s*(PROJCS|PROJCRS|PROJECTEDCRS|GEOGCS|GEOGCRS|GEODCRS|GEODETICCRS|GEOGRAPHICCRS|GEOCCS|COMPD_CS|COMPOUNDCRS|BOUNDCRS|'
                  r'VERT_CS|VERTCRS|ENGCRS|ENGINEERINGCRS|LOCAL_CS|DERIVEDPROJCRS)\s*[\[(]', re.IGNORECASE)
# WKT can name a grid file: as the file of a parameter, or in a PROJ string of its own.
_NAMES_A_FILE = re.compile(r'PARAMETERFILE|grids=(?!@null\b)|\+(?:geoidgrids|xy_grids|z_grids|init|file)=', re.IGNORECASE)


def normalise(text: str) -> str:
    """`http://www.opengis.net/def/crs/EPSG/0/3857` and its kin → `EPSG:3857`; CRS84 → `EPSG:4326`; the rest as it is."""
    text = text.strip()
    for spelling in _SPELLINGS:
        if match := spelling.fullmatch(text):
            authority, code = match['a'].upper(), match['c']
            return _LONGITUDE_FIRST.get((authority, code.upper()), f'{authority}:{code}')
    return text


def mistake(text: object, trusted: bool) -> str | None:
    """What is wrong with a CRS that a caller gave, or None."""
    if not isinstance(text, str) or not text.strip():
        return 'a coordinate reference system is a text such as EPSG:4326'
    if len(text) > MAX_WKT:
        return 'this coordinate reference system is too long'
    code = normalise(text)
    is_code = any(s.fullmatch(code) for s in _SPELLINGS)
    if not is_code and not trusted:
        if not _WKT.match(code):
            return 'a coordinate reference system is a code such as EPSG:4326, a URI, a URN or WKT'
        if _NAMES_A_FILE.search(code):
            return 'this coordinate reference system names a file'
    return None if of(code).isValid() else f'no such coordinate reference system: {text[:200]}'


def of(text: str) -> QgsCoordinateReferenceSystem:
    return QgsCoordinateReferenceSystem(normalise(text))
