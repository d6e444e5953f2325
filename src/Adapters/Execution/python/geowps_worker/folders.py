"""The operator's models and scripts: two folders that Processing reads, and what is wrong with the files in them."""
from __future__ import annotations

import os
from typing import Any

Signature = tuple[tuple[str, int, int], ...]


class AlgorithmFolders:
    """Refreshes the providers `model` and `script` when their folders have changed, and only then."""

    def __init__(self, models: str | None, scripts: str | None) -> None:
        self._folders = {'model': models and os.path.abspath(models), 'script': scripts and os.path.abspath(scripts)}
        self._seen: dict[str, Signature] = {}
        self._script_errors: dict[str, str] = {}

    def apply(self) -> None:
        """Tells Processing where the folders are. An operator who names none gets none, not the profile's."""
        from processing.core.ProcessingConfig import ProcessingConfig
        from processing.modeler.ModelerUtils import ModelerUtils
        from processing.script import ScriptUtils
        if self._folders['model']:
            ProcessingConfig.setSettingValue(ModelerUtils.MODELS_FOLDER, self._folders['model'])
        if self._folders['script']:
            ProcessingConfig.setSettingValue(ScriptUtils.SCRIPTS_FOLDERS, self._folders['script'])
        self._load_scripts_one_by_one()
        self.refresh(force=True)

    def refresh_for(self, algorithm_id: str) -> None:
        """Before a run: a model may call other models, and scripts; anything else has no files."""
        if algorithm_id.startswith(('model:', 'script:')):
            self.refresh()

    def refresh(self, force: bool = False) -> None:
        from qgis.core import QgsApplication
        registry = QgsApplication.processingRegistry()
        for name in ('script', 'model'):  # models may have scripts as steps
            signature = _signature(self._folders[name])
            provider = registry.providerById(name)
            if provider is None or (self._seen.get(name) == signature and not force):
                continue
            if signature or self._seen.get(name):
                provider.refreshAlgorithms()
            self._seen[name] = signature

    def file_of(self, algorithm: Any) -> str | None:
        """The file that a model or a script was read from."""
        if algorithm.provider().id() == 'model':
            return algorithm.sourceFilePath() or None
        if algorithm.provider().id() == 'script':
            from processing.script import ScriptUtils
            return ScriptUtils.findAlgorithmSource(algorithm.name())
        return None

    def broken(self) -> list[dict[str, str]]:
        """Files that gave no algorithm, with the reason."""
        return self._broken_models() + self._broken_scripts()

    def _load_scripts_one_by_one(self) -> None:
        """Processing lets one script with a syntax error keep all that follow from being loaded."""
        from processing.script import ScriptUtils
        load = ScriptUtils.loadAlgorithm

        def careful(module_name: str, path: str) -> Any:
            self._script_errors.pop(path, None)
            try:
                return load(module_name, path)
            except Exception as error:  # whatever the operator's code raises
                self._script_errors[path] = f'{type(error).__name__}: {error}'
                return None

        ScriptUtils.loadAlgorithm = careful

    def _broken_models(self) -> list[dict[str, str]]:
        from qgis.core import QgsApplication, QgsProcessingModelAlgorithm
        registry, found = QgsApplication.processingRegistry(), []
        loaded = {a.sourceFilePath() for a in registry.providerById('model').algorithms()}
        for path in _files(self._folders['model'], '.model3'):
            if path in loaded:
                continue
            model = QgsProcessingModelAlgorithm()
            if not model.fromFile(path) or not model.childAlgorithms():
                reason = 'not a readable model'
            else:
                missing = sorted({c.algorithmId() for c in model.childAlgorithms().values() if c.algorithm() is None})
                reason = f'unknown algorithm {", ".join(missing)}' if missing else 'another model has its name'
            found.append({'file': os.path.relpath(path, self._folders['model']), 'reason': reason})
        return found

    def _broken_scripts(self) -> list[dict[str, str]]:
        from qgis.core import QgsApplication
        provider = QgsApplication.processingRegistry().providerById('script')
        if provider is None:
            return []
        loaded = {self.file_of(a) for a in provider.algorithms()}
        found = []
        for path in _files(self._folders['script'], '.py'):
            if path in loaded:
                continue
            reason = self._script_errors.get(path, 'no algorithm in it, or not importable').splitlines()[0]
            found.append({'file': os.path.relpath(path, self._folders['script']), 'reason': reason})
        return found


def _files(folder: str | None, extension: str) -> list[str]:
    if not folder or not os.path.isdir(folder):
        return []
    return sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names if name.endswith(extension))


def _signature(folder: str | None) -> Signature:
    """Names, sizes and times: enough to see a change, cheap enough to look before every run."""
    found = []
    for path in _files(folder, ''):
        if not path.endswith(('.model3', '.py')):
            continue
        try:
            state = os.stat(path)
        except OSError:
            continue  # removed just now
        found.append((path, state.st_size, state.st_mtime_ns))
    return tuple(found)
