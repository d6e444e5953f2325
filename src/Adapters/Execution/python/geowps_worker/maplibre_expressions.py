"""Expressions, functions of old and filters of the MapLibre style specification as expressions of QGIS.

The zoom is that of MapLibre, of tiles of 512 pixels: the variable that `ZOOM` names. Names of fields and texts are quoted, so no function comes in with them."""
from __future__ import annotations

import re
from typing import Any, Callable

ZOOM = 'geowps_zoom'
_COMPARE = {'==': '=', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>='}
_JOIN = {'all': (' AND ', 'true'), 'any': (' OR ', 'false')}
_FIELD = re.compile(r'\{([^{}]+)\}')
_MOST_DEEP = 20
_PARTS = ('red', 'green', 'blue', 'alpha')


def is_constant(value: Any) -> bool:
    return not isinstance(value, (dict, list)) or (isinstance(value, list) and (not value or not isinstance(value[0], str)))


class Expressions:
    """Translates for features of one kind of geometry."""

    def __init__(self, geometry: str, fields: frozenset[str], colour: Callable[[str], str]) -> None:
        """What is none of the `fields` is nothing. `colour` makes `255,0,0,255` of a colour as CSS writes it, or raises ValueError."""
        self._geometry = geometry
        self._fields = fields
        self._colour = colour
        self._names: dict[str, str] = {}

    def number(self, value: Any) -> str:
        return self._of(value, 'number', 0)

    def colour(self, value: Any) -> str:
        return self._of(value, 'colour', 0)

    def text(self, value: Any) -> str:
        if isinstance(value, str):
            parts = _FIELD.split(value)
            return ' || '.join(_shown(self._field(part)) if i % 2 else _literal(part) for i, part in enumerate(parts) if part) or "''"
        if isinstance(value, dict) and 'stops' in value:  # each a text with fields in braces
            steps = [(stop, self.text(text)) for stop, text in value['stops']]
            return self._stepped(self._input(value), steps)
        return _shown(self._of(value, 'text', 0))

    def filter(self, test: Any, depth: int = 0) -> str:
        """In the spelling of old, or as an expression."""
        if _is_expression(test):
            return f'coalesce({self._of(test, "any", depth)}, false)'
        _check_depth(depth)
        if isinstance(test, bool):
            return 'true' if test else 'false'
        if not isinstance(test, list) or not test:
            raise ValueError('this filter is not supported')
        name, *parts = test
        if name in _JOIN:
            return self._joined(name, [self.filter(part, depth + 1) for part in parts])
        if name == 'none':
            return f'NOT {self.filter(["any", *parts], depth + 1)}'
        if name in ('has', '!has'):
            return f'{self._key(parts[0])} IS {"NOT " if name == "has" else ""}NULL'
        if name in _COMPARE:
            return self._compared(name, self._key(parts[0]), _literal(parts[1]))
        if name in ('in', '!in'):
            values = ', '.join(map(_literal, parts[1:]))
            found = f'coalesce({self._key(parts[0])} IN ({values}), false)' if values else 'false'
            return found if name == 'in' else f'NOT {found}'
        raise ValueError(f'the filter {str(name)[:40]} is not supported')

    def _field(self, name: Any) -> str:
        if not isinstance(name, str):
            raise ValueError('a field has a name')
        return '"' + name.replace('"', '""') + '"' if name in self._fields else 'NULL'

    def _key(self, name: Any) -> str:
        return _literal(self._geometry) if name == '$type' else '$id' if name == '$id' else self._field(name)

    def _of(self, value: Any, want: str, depth: int) -> str:
        _check_depth(depth)
        if isinstance(value, dict):
            return self._function(value, want, depth)
        if not isinstance(value, list):
            return _literal(self._colour(value)) if want == 'colour' and isinstance(value, str) else _literal(value)
        if not value or not isinstance(value[0], str) or value[0] not in OPERATORS:
            raise ValueError(f'the expression {str(value[0] if value else value)[:40]} is not supported')
        return OPERATORS[value[0]](self, value, want, depth + 1)

    def _function(self, value: dict[str, Any], want: str, depth: int) -> str:
        """Of old: stops by the zoom or by a field."""
        kind = value.get('type') or ('exponential' if want in ('number', 'colour') else 'interval')
        at = self._input(value)
        if kind == 'identity':
            return at
        stops = value['stops']
        if any(not is_constant(stop) or isinstance(stop, (dict, list)) for stop, _ in stops):
            raise ValueError('a function of the zoom and a field is not supported')
        outputs = [(stop, self._of(output, want, depth + 1)) for stop, output in stops]
        if kind == 'categorical':
            other = self._of(value['default'], want, depth + 1) if 'default' in value else outputs[-1][1]
            return f'CASE {" ".join(f"WHEN {at} = {_literal(stop)} THEN {output}" for stop, output in outputs)} ELSE {other} END'
        if kind == 'interval':
            return self._stepped(at, outputs)
        return self._interpolated(at, float(value.get('base', 1)), outputs, want)

    def _input(self, value: dict[str, Any]) -> str:
        return self._field(value['property']) if 'property' in value else f'@{ZOOM}'

    @staticmethod
    def _stepped(at: str, steps: list[tuple[Any, str]]) -> str:
        """What stands before the first stop is as at it."""
        limits = [stop for stop, _ in steps[1:]]
        return f'CASE {" ".join(f"WHEN {at} < {_number(limit)} THEN {output}" for limit, (_, output) in zip(limits, steps))} ELSE {steps[-1][1]} END' \
            if limits else steps[0][1]

    def _interpolated(self, at: str, base: float, stops: list[tuple[Any, str]], want: str) -> str:
        if want == 'colour':
            parts = [self._interpolated(at, base, [(stop, f"color_part({output}, '{part}')") for stop, output in stops], 'number') for part in _PARTS]
            return f'color_rgba({", ".join(f"round({part})" for part in parts)})'
        if want != 'number':
            raise ValueError('only numbers and colours have something between them')
        cases = [f'WHEN {at} <= {_number(stops[0][0])} THEN {stops[0][1]}']
        for (low, below), (high, above) in zip(stops, stops[1:]):
            share = f'({at} - {_number(low)}) / {_number(high - low)}' if base == 1 \
                else f'({_number(base)} ^ ({at} - {_number(low)}) - 1) / {_number(base ** (high - low) - 1)}'
            cases.append(f'WHEN {at} <= {_number(high)} THEN ({below}) + (({above}) - ({below})) * {share}')
        return f'CASE {" ".join(cases)} ELSE {stops[-1][1]} END'

    def _compared(self, name: str, left: str, right: str) -> str:
        if right == 'NULL' and name in ('==', '!='):
            return f'{left} IS {"NOT " if name == "!=" else ""}NULL'
        return f'coalesce({left} {_COMPARE[name]} {right}, {"true" if name == "!=" else "false"})'

    @staticmethod
    def _joined(name: str, parts: list[str]) -> str:
        between, none = _JOIN[name]
        return f'({between.join(parts) or none})'

    # Each takes the whole expression, what is wanted of it, and how deep it lies.

    def _get(self, e: list[Any], want: str, depth: int) -> str:
        if len(e) != 2:
            raise ValueError('get takes the name of a field')
        return self._field(e[1])

    def _has(self, e: list[Any], want: str, depth: int) -> str:
        return f'({self._field(e[1])} IS NOT NULL)'

    def _compare(self, e: list[Any], want: str, depth: int) -> str:
        if len(e) != 3:
            raise ValueError(f'{e[0]} takes two values')
        return self._compared(e[0], self._of(e[1], 'any', depth), self._of(e[2], 'any', depth))

    def _join(self, e: list[Any], want: str, depth: int) -> str:
        return self._joined(e[0], [f'coalesce({self._of(part, "any", depth)}, false)' for part in e[1:]])

    def _not(self, e: list[Any], want: str, depth: int) -> str:
        return f'(NOT coalesce({self._of(e[1], "any", depth)}, false))'

    def _in(self, e: list[Any], want: str, depth: int) -> str:
        among = e[2][1] if isinstance(e[2], list) and e[2] and e[2][0] == 'literal' else None
        if isinstance(among, list):
            return f'coalesce({self._of(e[1], "any", depth)} IN ({", ".join(map(_literal, among))}), false)' if among else 'false'
        return f'coalesce(strpos({self._of(e[2], "any", depth)}, {self._of(e[1], "any", depth)}) > 0, false)'

    def _case(self, e: list[Any], want: str, depth: int) -> str:
        cases = [f'WHEN coalesce({self._of(test, "any", depth)}, false) THEN {self._of(output, want, depth)}' for test, output in zip(e[1:-1:2], e[2:-1:2])]
        return f'CASE {" ".join(cases)} ELSE {self._of(e[-1], want, depth)} END'

    def _match(self, e: list[Any], want: str, depth: int) -> str:
        at = self._of(e[1], 'any', depth)
        cases = []
        for labels, output in zip(e[2:-1:2], e[3:-1:2]):
            among = ', '.join(map(_literal, labels if isinstance(labels, list) else [labels]))
            cases.append(f'WHEN {at} IN ({among}) THEN {self._of(output, want, depth)}')
        return f'CASE {" ".join(cases)} ELSE {self._of(e[-1], want, depth)} END'

    def _coalesce(self, e: list[Any], want: str, depth: int) -> str:
        return f'coalesce({", ".join(self._of(part, want, depth) for part in e[1:])})'

    def _step(self, e: list[Any], want: str, depth: int) -> str:
        outputs = [self._of(output, want, depth) for output in e[2::2]]
        return self._stepped(self._of(e[1], 'number', depth), list(zip([None, *e[3::2]], outputs)))

    def _interpolate(self, e: list[Any], want: str, depth: int) -> str:
        way = e[1]
        if way[0] not in ('linear', 'exponential'):
            raise ValueError(f'to interpolate by {str(way[0])[:40]} is not supported')
        stops = [(stop, self._of(output, want, depth)) for stop, output in zip(e[3::2], e[4::2])]
        return self._interpolated(self._of(e[2], 'number', depth), float(way[1]) if way[0] == 'exponential' else 1.0, stops, want)

    def _literally(self, e: list[Any], want: str, depth: int) -> str:
        return self._of(e[1], want, depth) if not isinstance(e[1], (dict, list)) else _refuse('a list or an object')

    def _zoom(self, e: list[Any], want: str, depth: int) -> str:
        return f'@{ZOOM}'

    def _kind(self, e: list[Any], want: str, depth: int) -> str:
        return _literal(self._geometry)

    def _id(self, e: list[Any], want: str, depth: int) -> str:
        return '$id'

    def _rgba(self, e: list[Any], want: str, depth: int) -> str:
        parts = [f'round({self._of(part, "number", depth)})' for part in e[1:4]]
        alpha = '255' if len(e) == 4 else f'round(255 * ({self._of(e[4], "number", depth)}))'
        return f'color_rgba({", ".join(parts)}, {alpha})'

    def _let(self, e: list[Any], want: str, depth: int) -> str:
        before = dict(self._names)
        for name, value in zip(e[1:-1:2], e[2:-1:2]):
            self._names[name] = self._of(value, 'any', depth)
        try:
            return self._of(e[-1], want, depth)
        finally:
            self._names = before

    def _var(self, e: list[Any], want: str, depth: int) -> str:
        return f'({self._names[e[1]]})'

    def _as(self, e: list[Any], want: str, depth: int) -> str:
        """Assertions and conversions, the first that succeeds."""
        convert = {'to-string': 'coalesce(to_string({}), \'\')', 'to-number': 'try(to_real({}))', 'to-boolean': 'to_int(coalesce({}, 0)) <> 0'}.get(e[0], '{}')
        inner = 'colour' if e[0] == 'to-color' else 'any'
        parts = [convert.format(self._of(part, inner, depth)) for part in e[1:] if not isinstance(part, dict)]
        return parts[0] if len(parts) == 1 else f'coalesce({", ".join(parts)})'

    def _concat(self, e: list[Any], want: str, depth: int) -> str:
        """Also of format, whose sections have looks between them."""
        parts = [part for part in e[1:] if not isinstance(part, dict)]
        return '(' + ' || '.join(_shown(self._of(part, 'any', depth)) for part in parts) + ')'

    def _call(self, e: list[Any], want: str, depth: int) -> str:
        return f'{_FUNCTIONS[e[0]]}({", ".join(self._of(part, "any", depth) for part in e[1:])})'

    def _calculate(self, e: list[Any], want: str, depth: int) -> str:
        parts = [f'({self._of(part, "number", depth)})' for part in e[1:]]
        return f'(-{parts[0]})' if e[0] == '-' and len(parts) == 1 else f'({f" {e[0]} ".join(parts)})'


_FUNCTIONS = {'min': 'min', 'max': 'max', 'abs': 'abs', 'round': 'round', 'ceil': 'ceil', 'floor': 'floor', 'sqrt': 'sqrt', 'ln': 'ln', 'log10': 'log10',
              'upcase': 'upper', 'downcase': 'lower', 'length': 'length'}
OPERATORS: dict[str, Callable[[Expressions, list[Any], str, int], str]] = {
    'get': Expressions._get, 'has': Expressions._has, 'in': Expressions._in, 'literal': Expressions._literally, 'zoom': Expressions._zoom,
    'geometry-type': Expressions._kind, 'id': Expressions._id, 'let': Expressions._let, 'var': Expressions._var,
    '!': Expressions._not, 'all': Expressions._join, 'any': Expressions._join,
    '==': Expressions._compare, '!=': Expressions._compare, '<': Expressions._compare, '<=': Expressions._compare, '>': Expressions._compare, '>=': Expressions._compare,
    'case': Expressions._case, 'match': Expressions._match, 'coalesce': Expressions._coalesce, 'step': Expressions._step, 'interpolate': Expressions._interpolate,
    'rgb': Expressions._rgba, 'rgba': Expressions._rgba, 'concat': Expressions._concat, 'format': Expressions._concat,
    'string': Expressions._as, 'number': Expressions._as, 'boolean': Expressions._as,
    'to-string': Expressions._as, 'to-number': Expressions._as, 'to-boolean': Expressions._as, 'to-color': Expressions._as,
    '+': Expressions._calculate, '-': Expressions._calculate, '*': Expressions._calculate, '/': Expressions._calculate, '%': Expressions._calculate,
    '^': Expressions._calculate, **dict.fromkeys(_FUNCTIONS, Expressions._call),
}
"""What is drawn; the host says of all else that it is not (`DrawnStyle.cs`)."""


def _is_expression(test: Any) -> bool:
    """As the specification tells one from a filter of old."""
    if not isinstance(test, list) or not test:
        return False
    name = test[0]
    if name == 'has':
        return len(test) >= 2 and test[1] not in ('$id', '$type')
    if name == 'in':
        return len(test) >= 3 and (not isinstance(test[1], str) or isinstance(test[2], list))
    if name in ('!in', '!has', 'none'):
        return False
    if name in _COMPARE:
        return len(test) != 3 or isinstance(test[1], list) or isinstance(test[2], list)
    if name in _JOIN:
        return all(isinstance(part, bool) or _is_expression(part) for part in test[1:])
    return True


def _check_depth(depth: int) -> None:
    if depth > _MOST_DEEP:
        raise ValueError('an expression is nested too deep')


def _refuse(what: str) -> str:
    raise ValueError(f'{what} is not supported here')


def _shown(text: str) -> str:
    return f"coalesce(to_string({text}), '')"


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError('a stop is a number')
    return repr(value) if value >= 0 else f'({value!r})'


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str):
        return "'" + value.replace('\\', '\\\\').replace("'", "''") + "'"
    if value is None:
        return 'NULL'
    raise ValueError('this value is not supported here')
