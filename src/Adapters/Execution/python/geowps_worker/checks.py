"""The request `check`: what only QGIS can tell about a caller's values, before anything runs."""
from __future__ import annotations

from typing import Any

from qgis.core import QgsDatumTransform

from . import crs, expressions


def check(items: list[dict[str, Any]], trusted: bool) -> list[dict[str, str]]:
    mistakes = []
    for item in items:
        message = _mistake(item, trusted)
        if message:
            mistakes.append({'input': item.get('input'), 'message': message})
    return mistakes


def _mistake(item: dict[str, Any], trusted: bool) -> str | None:
    kind, text = item.get('kind'), item.get('text')
    if kind == 'expression':
        return expressions.mistake(text, trusted)
    if kind == 'crs':
        return crs.mistake(text, trusted)
    if kind == 'operation':
        return operation_mistake(text, item.get('source'), item.get('target'), trusted)
    return f'nothing is known about values of kind {kind}'


def operation_mistake(text: Any, source: Any, target: Any, trusted: bool) -> str | None:
    """A coordinate operation may name files, so a caller only chooses among those that PROJ lists."""
    if not isinstance(text, str):
        return 'a coordinate operation is a text'
    if not text.strip() or trusted:
        return None
    ends = []
    for end in (source, target):
        if (wrong := crs.mistake(end, trusted)) is not None:
            return wrong
        ends.append(crs.of(end))
    known = {' '.join(o.proj.split()) for o in QgsDatumTransform.operations(*ends)}
    return None if ' '.join(text.split()) in known else 'PROJ lists no such operation between these coordinate reference systems'
