"""Expressions of callers: which ones are refused before QGIS evaluates them.

QGIS can not unregister its own functions, so this check is the only fence around them.
"""
from __future__ import annotations

import re

from qgis.core import QgsExpression

MAX_LENGTH = 10_000
"""Characters. A chain of 20,000 additions overflowed the stack of the evaluation."""
MAX_DEPTH = 100
"""Open brackets, and unary operators in a row: the parser and the evaluation call themselves for each."""

FORBIDDEN_FUNCTIONS = frozenset((
    'env', 'eval', 'eval_template', 'exif', 'exif_geotag', 'file_exists', 'file_size', 'is_directory', 'is_file',
    'sqlite_fetch_and_increment', 'layer_property', 'decode_uri',
    'load_layer',  # newer versions of QGIS: opens a source
    'parameter'))  # gives the value of a parameter, and that of a destination is a path of the server
ALLOWED_VARIABLES = frozenset((
    'value', 'row_number', 'element', 'index', 'counter', 'feature', 'id', 'geometry', 'current_feature', 'current_geometry', 'parent',
    'field', 'group_id', 'layer', 'layer_id', 'layer_name', 'layer_crs', 'layer_crs_ellipsoid', 'algorithm_id', 'grid_number',
    'grid_feature_id', 'geometry_part_count', 'geometry_part_num', 'geometry_point_count', 'geometry_point_num', 'geometry_ring_num',
    'symbol_angle', 'symbol_color', 'source', 'nan', 'inf'))
_ALLOWED_PREFIXES = ('map_', 'zoom_', 'vector_tile_')
_FORBIDDEN_PREFIXES = ('user_', 'qgis_', 'project_', '_')
_OWN_NAMES = re.compile(r"with_variable\s*\(\s*(?:name\s*:=\s*)?'(\w+)'", re.IGNORECASE)
_TEXTS = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"(?:[^\"]|\"\")*\"", re.DOTALL)
_UNARY_ROW = re.compile(r'(?:(?:\bnot\b|[-+])\s*){%d}' % MAX_DEPTH, re.IGNORECASE)


def mistake(text: object, trusted: bool) -> str | None:
    """What is wrong with an expression, or None. Length and depth are looked at before QGIS parses it."""
    if not isinstance(text, str):
        return 'an expression is a text'
    if len(text) > MAX_LENGTH:
        return f'an expression has {MAX_LENGTH} characters at most'
    if _too_deep(text):
        return f'this expression is nested more than {MAX_DEPTH} levels deep'
    if not text.strip():
        return None  # QGIS's parameter says whether it may be empty
    expression = QgsExpression(text)
    if expression.hasParserError():
        return expression.parserErrorString().strip().splitlines()[0]
    return None if trusted else _forbidden(expression, text)


def _forbidden(expression: QgsExpression, text: str) -> str | None:
    functions = sorted(expression.referencedFunctions() & FORBIDDEN_FUNCTIONS)
    if functions:
        return f'the function {functions[0]} is not available here'
    own = {name.lower() for name in _OWN_NAMES.findall(text)}
    for name in sorted(expression.referencedVariables()):
        lower = (name or '').lower()
        if not lower:
            return 'the name of a variable must be a plain text'
        if lower in ALLOWED_VARIABLES or lower.startswith(_ALLOWED_PREFIXES):
            continue
        if lower not in own or lower.startswith(_FORBIDDEN_PREFIXES):
            return f'the variable @{name} is not available here'
    return None


def _too_deep(text: str) -> bool:
    depth = 0
    bare = _TEXTS.sub("''", text)
    for character in bare:
        if character in '([':
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif character in ')]':
            depth -= 1
    return bare.lower().count('case') > MAX_DEPTH or bool(_UNARY_ROW.search(bare))
