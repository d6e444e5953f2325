"""Loads a model or a script on the side, to tell what it would be before it is put among the others."""
from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication, QgsProcessingAlgorithm, QgsProcessingModelAlgorithm

from .catalogue import describe
from .folders import AlgorithmFolders, missing_steps, said


class _Unusable(Exception):
    """With the reason, for the operator."""


def try_to_load(folders: AlgorithmFolders, kind: str, path: str) -> dict[str, Any]:
    """`algorithm`, or the `reason` why there is none. A script is executed: that is what loading one means."""
    folders.refresh()
    try:
        algorithm = _model(path) if kind == 'model' else _script(folders, path)
        name = algorithm.name()
        if not name:
            raise _Unusable('it has no name')
        algorithm.setProvider(QgsApplication.processingRegistry().providerById(kind))
        algorithm.initAlgorithm()
        described = describe(algorithm, path)
    except _Unusable as error:
        return {'algorithm': None, 'reason': str(error)}
    except (Exception, SystemExit) as error:  # whatever the operator's code raises
        return {'algorithm': None, 'reason': said(error)}
    if described['id'] in described.get('steps', ()):
        return {'algorithm': None, 'reason': 'it is a step of itself'}
    return {'algorithm': described, 'reason': None}


def _model(path: str) -> QgsProcessingModelAlgorithm:
    model = QgsProcessingModelAlgorithm()
    if not model.fromFile(path) or not model.childAlgorithms():
        raise _Unusable('not a readable model with at least one step')
    if missing := missing_steps(model):
        raise _Unusable(f'unknown algorithm {", ".join(missing)}')
    model.setSourceFilePath(path)
    return model


def _script(folders: AlgorithmFolders, path: str) -> QgsProcessingAlgorithm:
    algorithm, reason = folders.load_script(path)
    if algorithm is None:
        raise _Unusable(reason)
    if type(algorithm).__module__.startswith('qgis._'):
        raise _Unusable(f'{type(algorithm).__name__} would be taken for its algorithm: import names of qgis.core one by one')
    return algorithm
