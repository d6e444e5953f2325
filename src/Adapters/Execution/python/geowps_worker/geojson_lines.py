"""GeoJSON that GDAL wrote, corrected where QGIS loses something on the way. GDAL puts each feature on a line of its own."""
from __future__ import annotations

import json
import os
import re
from typing import Callable

_CRS = re.compile(rb'"crs"\s*:\s*\{[^{}]{0,200}"properties"\s*:\s*\{[^{}]{0,200}"name"\s*:\s*"([^"\\]{1,500})"')
_CRS_WITHIN = 64 * 1024
_EMPTY_GEOMETRY = re.compile(rb'"geometry": \{ "type": "\w+", "(?:coordinates|geometries)": \[ *\] \}')


def crs_in(path: str) -> str | None:
    """What a `crs` member names, near the beginning or the end of a file, where programs write it."""
    with open(path, 'rb') as file:
        head = file.read(_CRS_WITHIN)
        file.seek(max(0, os.path.getsize(path) - _CRS_WITHIN))
        match = _CRS.search(head) or _CRS.search(file.read())
    return match[1].decode('utf-8', 'replace') if match else None


def write_null_geometries(path: str) -> None:
    """QGIS writes an empty geometry of the layer's type where there is none; GeoJSON has a word for that.
    Inside of a text the quotes would be escaped."""
    _rewrite(path, lambda line: _EMPTY_GEOMETRY.sub(b'"geometry": null', line, count=1))


def restore_nested(path: str, names: set[str]) -> None:
    """Objects and lists that went through QGIS as texts."""
    def restored(line: bytes) -> bytes:
        if not line.startswith(b'{ "type": "Feature"'):
            return line
        body = line.rstrip()
        comma = body.endswith(b',')
        feature = json.loads(body[:-1] if comma else body)
        for name in names & feature['properties'].keys():
            feature['properties'][name] = _parsed(feature['properties'][name])
        return json.dumps(feature, ensure_ascii=False).encode('utf-8') + (b',\n' if comma else b'\n')
    _rewrite(path, restored)


def _parsed(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(('{', '[')):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _rewrite(path: str, change: Callable[[bytes], bytes]) -> None:
    target = path + '.part'
    with open(path, 'rb') as source, open(target, 'wb') as file:
        for line in source:
            file.write(change(line))
    os.replace(target, path)
