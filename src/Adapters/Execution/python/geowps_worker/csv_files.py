"""Tables as text: what of them is a geometry, which types their columns have, where they lie. GDAL is told by the files that it looks for beside
a table (`.csvt`, `.prj`), so its command line tools see the same."""
from __future__ import annotations

import csv
import os
import re
import sys
from typing import Iterator

from qgis.core import QgsCoordinateReferenceSystem

MOST_BYTES = 64 * 1024 * 1024
"""Of a longer table all columns are texts: reading it twice would take too long."""
_SEPARATORS = ',;\t'
_WKT_NAMES = frozenset(('wkt', 'wkt_geom', 'wkb', 'wkb_geometry', 'geom', 'the_geom', 'geometry', 'geom_wkt', 'geometry_wkt', 'shape', 'ewkt'))
_PAIRS = (('lon', 'lat'), ('long', 'lat'), ('lng', 'lat'), ('longitude', 'latitude'), ('x', 'y'), ('xcoord', 'ycoord'), ('x_coord', 'y_coord'),
          ('coord_x', 'coord_y'), ('easting', 'northing'), ('east', 'north'), ('rechtswert', 'hochwert'), ('laengengrad', 'breitengrad'))
_DEGREES = frozenset(('lon', 'long', 'lng', 'longitude', 'laengengrad'))
_GEOMETRY = re.compile(r'\s*(?:(?:MULTI)?(?:POINT|LINESTRING|POLYGON|CURVE|SURFACE)|GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|'
                       r'TRIANGLE|TIN|POLYHEDRALSURFACE)\s*(?:ZM?|M)?\s*(?:\(|EMPTY)|\s*\{\s*"|0[01][0-9A-Fa-f]{8}', re.IGNORECASE)
_NUMBER = re.compile(r'[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?')
_INTEGER = re.compile(r'-?(?:0|[1-9]\d{0,17})')
_REAL = re.compile(r'-?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][-+]?\d+)?')
_REAL_WITH_COMMA = re.compile(r'-?(?:0|[1-9]\d*)(?:,\d+)?')
_DATE = re.compile(r'\d{4}-\d\d-\d\d')


def prepare(path: str) -> bool:
    """Writes what says how to read a table beside it, unless its sender has. True when it has a column of WKT, which is a geometry and no attribute then."""
    _in_utf8(path)
    if _separator(path) is None:
        _add_column(path)
    stem = os.path.splitext(path)[0]
    if os.path.exists(stem + '.csvt'):
        with open(stem + '.csvt', encoding='utf-8', errors='replace') as file:
            return 'wkt' in file.read(4096).lower()
    rows = _rows(path)
    header = next(rows, [])
    first = next(rows, [])
    if not header or any(_NUMBER.fullmatch(name) for name in header):
        return False  # without names: GDAL counts the columns
    kinds = _geometry_columns(header, first)
    types = _types(path, header, kinds)
    with open(stem + '.csvt', 'x', encoding='utf-8') as file:
        file.write(','.join(types) + '\n')
    if kinds and not os.path.exists(stem + '.prj') and _is_in_degrees(path, header, kinds):
        with open(stem + '.prj', 'x', encoding='utf-8') as file:
            file.write(QgsCoordinateReferenceSystem('EPSG:4326').toWkt())
    return 'WKT' in kinds.values()


def _geometry_columns(header: list[str], first: list[str]) -> dict[int, str]:
    """By the names of columns; a column that is called a geometry has to hold one."""
    names = [name.strip().lower() for name in header]
    for index, name in enumerate(names):
        value = first[index] if index < len(first) else ''
        if name in _WKT_NAMES and (name == 'wkt' and not value.strip() or _GEOMETRY.match(value)):
            return {index: 'WKT'}
    for x, y in _PAIRS:
        if x in names and y in names:
            return {names.index(x): 'CoordX', names.index(y): 'CoordY'}
    return {}


def _types(path: str, header: list[str], kinds: dict[int, str]) -> list[str]:
    types = [kinds.get(i, '') for i in range(len(header))]
    if os.path.getsize(path) > MOST_BYTES:
        return [kind or 'String' for kind in types]
    columns = {i: _Column(_separator(path) == ';') for i, kind in enumerate(types) if not kind}
    rows = _rows(path)
    next(rows)
    for row in rows:
        for i, column in columns.items():
            if i < len(row) and row[i]:
                column.see(row[i])
    return [kind or columns[i].type or 'String' for i, kind in enumerate(types)]


class _Column:
    """The narrowest type that holds all its values. A leading zero makes a text: it is a code and no number."""

    _STEPS = ('Integer', 'Integer64', 'Real', 'Date', 'String')

    def __init__(self, comma: bool) -> None:
        self._comma = comma
        self.type = ''

    def see(self, value: str) -> None:
        if self.type == 'String':
            return
        kind = self._kind(value.strip())
        if not self.type or kind == self.type:
            self.type = kind
        elif 'Date' in (kind, self.type):
            self.type = 'String'
        else:
            self.type = max(kind, self.type, key=self._STEPS.index)

    def _kind(self, value: str) -> str:
        if _INTEGER.fullmatch(value):
            return 'Integer' if -2 ** 31 <= int(value) < 2 ** 31 else 'Integer64'
        if any(c.isdigit() for c in value) and (_REAL.fullmatch(value) or self._comma and _REAL_WITH_COMMA.fullmatch(value)):
            return 'Real' if len(value) < 25 else 'String'
        return 'Date' if _DATE.fullmatch(value) else 'String'


def _is_in_degrees(path: str, header: list[str], kinds: dict[int, str]) -> bool:
    """A table does not say its CRS. Columns of longitude and latitude do, and so do coordinates that could be such: none other is that small."""
    names = [header[i].strip().lower() for i in kinds]
    if any(name in _DEGREES for name in names):
        return True
    rows, seen = _rows(path), 0
    next(rows)
    for row in rows:
        numbers = [float(n.replace(',', '.')) for i in sorted(kinds, key=kinds.__getitem__) if i < len(row)
                   for n in _NUMBER.findall(row[i] if kinds[i] == 'WKT' else row[i].replace(',', '.'))]
        if any(abs(n) > 180 for n in numbers) or 'WKT' not in kinds.values() and len(numbers) == 2 and abs(numbers[1]) > 90:
            return False
        seen += len(numbers)
        if seen > 10_000:
            break
    return seen > 0


def _rows(path: str) -> Iterator[list[str]]:
    csv.field_size_limit(min(sys.maxsize, 2 ** 31 - 1))  # a polygon may be long
    separator = _separator(path) or ','
    with open(path, encoding='utf-8-sig', errors='replace', newline='') as file:
        try:
            yield from (row for row in csv.reader(file, delimiter=separator) if row)
        except csv.Error:
            return  # GDAL takes what is there, and so do we


def _separator(path: str) -> str | None:
    """As GDAL finds it: the one that the first line has outside of quotes."""
    with open(path, encoding='utf-8-sig', errors='replace', newline='') as file:
        line = re.sub(r'"[^"]*"', '', file.readline(1 << 20))
    found = [s for s in _SEPARATORS if s in line]
    return found[0] if found else None


def _add_column(path: str) -> None:
    """GDAL refuses a table of one column; one without a name and without values changes nothing."""
    target = path + '.part'
    with open(target, 'w', encoding='utf-8', newline='') as file:
        csv.writer(file).writerows([*row, ''] for row in _rows(path))
    os.replace(target, path)


def _in_utf8(path: str) -> None:
    """Spreadsheets write tables in UTF-16 and in the code page of Western Europe; GDAL takes all for UTF-8."""
    with open(path, 'rb') as file:
        head = file.read(2)
    encoding = 'utf-16' if head in (b'\xff\xfe', b'\xfe\xff') else None if _is_utf8(path) else 'cp1252'
    if encoding is None:
        return
    target = path + '.part'
    with open(path, encoding=encoding, errors='replace', newline='') as source, open(target, 'w', encoding='utf-8', newline='') as file:
        while text := source.read(1 << 20):
            file.write(text)
    os.replace(target, path)


def _is_utf8(path: str) -> bool:
    with open(path, encoding='utf-8', newline='') as file:
        try:
            while file.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return False
    return True
