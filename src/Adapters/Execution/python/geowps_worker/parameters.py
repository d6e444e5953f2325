"""The values of a `run` frame as the parameters of a QGIS algorithm."""
from __future__ import annotations

from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingAlgorithm, QgsProcessingParameterDefinition

from . import crs, expressions, places
from .checks import operation_mistake
from .job_folder import JobFolder
from .mistakes import Refused
from .sources import Sources

_LAYER_TYPES = frozenset(('source', 'vector', 'raster', 'layer', 'multilayer', 'mesh', 'pointcloud', 'annotation'))
_PATH_TYPES = frozenset(('file',))
_EXPRESSION_KEYS = frozenset(('expression', 'filterExpression', 'input'))


class Parameters:
    """Turns one run's values into what QGIS takes. The host has checked them against the description; here stands the second fence."""

    def __init__(self, algorithm: QgsProcessingAlgorithm, folder: JobFolder, sources: Sources, trusted: bool) -> None:
        self._algorithm = algorithm
        self._folder = folder
        self._sources = sources
        self._trusted = trusted

    def read(self, values: dict[str, Any]) -> dict[str, Any]:
        read = {name: self._value(self._definition(name), name, value) for name, value in values.items()}
        for name, value in read.items():
            if value and self._definition(name).type() == 'coordinateoperation':
                self._check_operation(name, value, read)
        return {**self._defaults(read), **{name: value for name, value in read.items() if value is not None}}

    def _defaults(self, given: dict[str, Any]) -> dict[str, Any]:
        """Of what is required and missing: QGIS's own check takes the default of a number for granted, but not of a band.
        What is optional and given as null stays null, which is not the same as missing."""
        values = {}
        for definition in self._algorithm.parameterDefinitions():
            name = definition.name()
            if definition.isDestination() or given.get(name) is not None:
                continue
            if not definition.flags() & definition.FlagOptional:
                if definition.defaultValue() is not None:
                    values[name] = definition.defaultValue()
            elif name in given:
                values[name] = None
        return values

    def _definition(self, name: str) -> QgsProcessingParameterDefinition:
        definition = self._algorithm.parameterDefinition(name)
        if definition is None:
            raise Refused(name, 'there is no such input')
        if definition.isDestination():
            raise Refused(name, 'this is an output: the server chooses where it lies')
        return definition

    def _value(self, definition: QgsProcessingParameterDefinition, name: str, value: dict[str, Any]) -> Any:
        if 'layer' in value:
            return self._layer(value['layer'], name)
        if 'layers' in value:
            return [self._layer(layer, name) for layer in value['layers']]
        if 'file' in value:
            return self._folder.input(value['file'], name)
        if 'files' in value:
            return [self._folder.input(file, name) for file in value['files']]
        if 'place' in value:
            return places.text_of(definition.type(), value['place'], name)
        if 'folder' in value:
            return self._folder.input(value['folder'], name)
        if 'structure' in value:
            return self._structure(definition, name, value['structure'])
        return self._plain(definition, name, value.get('v'))

    def _layer(self, value: Any, name: str) -> str:
        """A text is the id of a layer of the caller's project, where there is one."""
        return self._sources.layer(value, name).id()

    def _plain(self, definition: QgsProcessingParameterDefinition, name: str, value: Any) -> Any:
        kind = definition.type()
        _refuse_data_defined(value, name)
        if kind in _LAYER_TYPES or kind in _PATH_TYPES:
            if value not in (None, '', []):
                raise Refused(name, 'a text is not accepted here: data is')
            return None
        if kind == 'expression' and value is not None:
            self._check_expression(value, name)
        elif kind in ('aggregates', 'fields_mapping'):
            self._check_expressions_in(value, name)
        elif kind == 'crs' and isinstance(value, str) and value and not value.startswith('ProjectCrs'):
            if (wrong := crs.mistake(value, self._trusted)) is not None:
                raise Refused(name, wrong)
            return crs.normalise(value)
        elif kind in ('extent', 'point') and isinstance(value, str):
            return places.with_code(value, name)
        return value

    def _check_expression(self, text: Any, name: str) -> None:
        if (wrong := expressions.mistake(text, self._trusted)) is not None:
            raise Refused(name, wrong)

    def _check_operation(self, name: str, text: Any, read: dict[str, Any]) -> None:
        ends = self._definition(name).toVariantMap()
        source, target = (self._crs_of(read.get(ends.get(f'{end}_crs_parameter_name')) or ends.get(f'static_{end}_crs'))
                          for end in ('source', 'dest'))
        if (wrong := operation_mistake(text, source, target, self._trusted)) is not None:
            raise Refused(name, wrong)

    def _crs_of(self, value: Any) -> str:
        """Of a parameter that is a CRS, or a layer by its id."""
        layer = self._sources.by_id(value) if isinstance(value, str) else None
        return layer.crs().toWkt(QgsCoordinateReferenceSystem.WKT_PREFERRED) if layer is not None else value or ''

    def _check_expressions_in(self, value: Any, name: str) -> None:
        """In structures an expression stands under one of a few names, at any depth."""
        if isinstance(value, list):
            for part in value:
                self._check_expressions_in(part, name)
        elif isinstance(value, dict):
            for key, part in value.items():
                if key in _EXPRESSION_KEYS and isinstance(part, str):
                    self._check_expression(part, name)
                else:
                    self._check_expressions_in(part, name)

    def _structure(self, definition: QgsProcessingParameterDefinition, name: str, value: Any) -> Any:
        _refuse_data_defined(value, name)
        self._check_expressions_in(value, name)
        kind = definition.type()
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise Refused(name, 'an array of objects is expected')
        parts = [self._with_layers(part, name) for part in value]
        if kind == 'idw_interpolation_data':
            return '::|::'.join(self._interpolation(part, name) for part in parts)
        if kind == 'tininputlayers':
            return [{'source' if k == 'layer' else k: v for k, v in part.items()} for part in parts]
        return parts

    def _with_layers(self, value: Any, name: str) -> Any:
        """The structure with ids in place of layers. A text where a layer belongs would be opened by QGIS."""
        if isinstance(value, list):
            return [self._with_layers(v, name) for v in value]
        if not isinstance(value, dict):
            return value
        if '$layer' in value:
            return self._layer(value['$layer'], name)
        for key in ('layer', 'source'):
            if key in value and not (isinstance(value[key], dict) and '$layer' in value[key]):
                raise Refused(name, f'"{key}" must be data')
        return {k: self._with_layers(v, name) for k, v in value.items()}

    @staticmethod
    def _interpolation(part: dict[str, Any], name: str) -> str:
        try:
            numbers = [int(part[k]) for k in ('valueSource', 'attributeIndex', 'type')]
            return '::~::'.join([part['layer'], *map(str, numbers)])
        except (KeyError, TypeError, ValueError):
            raise Refused(name, 'each object needs layer, valueSource, attributeIndex and type') from None


def _refuse_data_defined(value: Any, name: str) -> None:
    """An expression in disguise, which is evaluated for every feature."""
    if isinstance(value, dict):
        if value.get('type') in ('data-defined', 'data_defined'):
            raise Refused(name, 'a data-defined value is not accepted')
        for part in value.values():
            _refuse_data_defined(part, name)
    elif isinstance(value, list):
        for part in value:
            _refuse_data_defined(part, name)
