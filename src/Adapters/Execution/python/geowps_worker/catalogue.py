"""Everything that QGIS offers, described as plain data."""
from __future__ import annotations

import hashlib
import re
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsProcessingAlgorithm, QgsProcessingModelAlgorithm, QgsProcessingParameterDefinition

from .folders import AlgorithmFolders
from .json_values import to_json
from .media_types import WRITTEN_EXTENSIONS

_NO_BOUND = 1e300
_OWN_KEYS = frozenset(('name', 'description', 'default', 'flags', 'metadata', 'additional_exp_vars', 'help', 'parameter_type', 'defaultGui'))
_RENAMED = ('qgis:rectanglesovalsdiamondsfixed',)
"""Aliases whose names differ from their algorithm's; QGIS can not list them, only resolve them."""


def catalogue(folders: AlgorithmFolders) -> dict[str, Any]:
    folders.refresh(force=True)
    registry = QgsApplication.processingRegistry()
    extensions = _Extensions()
    algorithms = [_algorithm(a, folders.file_of(a), extensions) for p in registry.providers() for a in p.algorithms()]
    return {'qgis': Qgis.version().split('-')[0], 'algorithms': algorithms, 'aliases': _aliases([a['id'] for a in algorithms]),
            'broken': folders.broken()}


def describe(algorithm: QgsProcessingAlgorithm, file: str) -> dict[str, Any]:
    """One model or script."""
    return _algorithm(algorithm, file, _Extensions())


def _algorithm(algorithm: QgsProcessingAlgorithm, file: str | None, extensions: _Extensions) -> dict[str, Any]:
    flags = int(algorithm.flags())

    def has(flag: int) -> bool:
        return bool(flags & int(flag))

    kinds = QgsProcessingAlgorithm
    entry: dict[str, Any] = {
        'id': algorithm.id(), 'provider': algorithm.provider().id(), 'title': algorithm.displayName(), 'group': algorithm.group() or '',
        'help': _help(algorithm), 'keywords': [t for t in algorithm.tags() if t],
        'flags': {'deprecated': has(kinds.FlagDeprecated) and (flags & int(kinds.FlagDeprecated)) == int(kinds.FlagDeprecated),
                  'hidden': has(kinds.FlagHideFromToolbox), 'standalone': not has(kinds.FlagNotAvailableInStandaloneTool),
                  'requiresProject': has(kinds.FlagRequiresProject), 'canCancel': has(kinds.FlagCanCancel), 'raw': flags},
        'parameters': [_parameter(p, extensions) for p in algorithm.parameterDefinitions()],
        'outputs': [{'name': o.name(), 'type': o.type(), 'description': o.description()} for o in algorithm.outputDefinitions()]}
    if isinstance(algorithm, QgsProcessingModelAlgorithm):
        entry['steps'] = sorted(_steps(algorithm, set()))
    if file is not None:
        with open(file, 'rb') as content:
            entry['digest'] = hashlib.sha256(content.read()).hexdigest()
        entry['file'] = file
    return entry


def _help(algorithm: QgsProcessingAlgorithm) -> str:
    for text in (algorithm.shortHelpString, algorithm.shortDescription, algorithm.displayName):
        if said := _safely(text):
            return said
    return ''


def _safely(call: Any) -> Any:
    """Algorithms in Python may fail in any of their methods; one of them must not take the list away."""
    try:
        return call()
    except Exception:
        return None


def _steps(model: QgsProcessingModelAlgorithm, seen: set[str]) -> set[str]:
    """Algorithm ids of all steps, of the steps of steps too: a forbidden one forbids the model."""
    found: set[str] = set()
    for child in model.childAlgorithms().values():
        identifier, algorithm = child.algorithmId(), child.algorithm()
        # an alias counts as what it stands for
        identifier = algorithm.id() if algorithm is not None and algorithm.provider() else identifier
        found.add(identifier)
        if isinstance(algorithm, QgsProcessingModelAlgorithm) and identifier not in seen:
            seen.add(identifier)
            found |= _steps(algorithm, seen)
    return found


def _parameter(parameter: QgsProcessingParameterDefinition, extensions: _Extensions) -> dict[str, Any]:
    flags = int(parameter.flags())
    plain = _safely(parameter.toVariantMap) or {}
    default = parameter.defaultValue()
    entry: dict[str, Any] = {
        'name': parameter.name(), 'type': parameter.type(), 'description': parameter.description(), 'help': parameter.help() or '',
        'default': _default(parameter, plain, default), 'optional': bool(flags & int(parameter.FlagOptional)),
        'advanced': bool(flags & int(parameter.FlagAdvanced)), 'hidden': bool(flags & int(parameter.FlagHidden)),
        'dynamic': parameter.isDynamic(), 'destination': parameter.isDestination(),
        'map': {k: to_json(v) for k, v in plain.items() if k not in _OWN_KEYS and not _is_no_bound(k, v)}}
    if parameter.isDestination():
        entry['createByDefault'] = bool(parameter.createByDefault())
        entry['extension'], entry['extensions'] = extensions.of(parameter)
    return entry


def _is_no_bound(key: str, value: Any) -> bool:
    return key in ('min', 'max') and isinstance(value, (int, float)) and abs(value) > _NO_BOUND


def _default(parameter: QgsProcessingParameterDefinition, plain: dict[str, Any], value: Any) -> Any:
    value = to_json(value)
    if parameter.type() == 'number' and plain.get('data_type') == 0:
        if isinstance(value, str):
            value = float(value) if re.fullmatch(r'\s*-?\d+(\.0*)?\s*', value) else value
        if isinstance(value, float) and value.is_integer():
            return int(value)
    return value


class _Extensions:
    """Default and supported extensions of destinations. Providers with hundreds of them take milliseconds for each, so
    those that the provider decides alone are asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple, list[str]] = {}

    def of(self, parameter: Any) -> tuple[str | None, list[str]]:
        kind = parameter.type()
        if kind in ('sink', 'vectorDestination'):
            supported = self._supported(parameter, 'supportedOutputVectorLayerExtensions')
            if not self._is_slow(parameter) and _safely(parameter.defaultFileExtension) == 'vrt':
                return 'vrt', ['vrt']  # it writes a virtual layer under whatever name
        elif kind == 'rasterDestination':
            supported = self._supported(parameter, 'supportedOutputRasterLayerExtensions')
        elif kind == 'fileDestination':
            supported = extensions_of_filter(_safely(parameter.fileFilter) or '')
            if 'gpkg' in supported and len(supported) > 1:  # all vector formats that QGIS writes
                supported = [n for n in supported if n in WRITTEN_EXTENSIONS]
        else:
            return None, []
        if kind != 'fileDestination' and self._is_slow(parameter) and supported:
            return supported[0], supported
        default = _safely(parameter.defaultFileExtension) or (supported[0] if supported else None)
        return default, supported or ([default] if default else [])

    def _supported(self, parameter: Any, method: str) -> list[str]:
        provider = parameter.algorithm().provider().id() if parameter.algorithm() and parameter.algorithm().provider() else ''
        key = (provider, type(parameter), method)
        if key not in self._known:
            names = _safely(getattr(parameter, method)) or ()
            # QGIS counts drivers in that are switched off here
            self._known[key] = [n for n in dict.fromkeys(names) if n in WRITTEN_EXTENSIONS]
        return self._known[key]

    @staticmethod
    def _is_slow(parameter: Any) -> bool:
        algorithm = parameter.algorithm()
        return bool(algorithm and algorithm.provider() and algorithm.provider().id() == 'grass7')


def extensions_of_filter(text: str) -> list[str]:
    """`HTML files (*.html *.HTML);;…` → html."""
    found = [e.lower() for e in re.findall(r'\*\.(\w+)', text)]
    return list(dict.fromkeys(found))


def _aliases(ids: list[str]) -> dict[str, str]:
    """The registry resolves ids that it does not list. It answers for one id at a time only; the ones that exist are
    the algorithms' own names under the older prefix, and a few that were renamed."""
    registry = QgsApplication.processingRegistry()
    known = set(ids)
    candidates = ['qgis:' + i.split(':', 1)[1] for i in ids if i.startswith(('native:', 'gdal:', '3d:'))]
    found = {}
    for candidate in candidates + list(_RENAMED):
        if candidate not in known and (algorithm := registry.algorithmById(candidate)) is not None:
            found[candidate] = algorithm.id()
    return found
