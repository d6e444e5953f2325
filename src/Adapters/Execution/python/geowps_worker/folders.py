"""The operator's models and scripts: folders that Processing reads, and what is wrong with the files in them."""
from __future__ import annotations

import os
from typing import Any, Sequence

_NOTHING_IN_IT = 'no algorithm in it, or not importable'

Signature = tuple[tuple[str, int, int], ...]


class AlgorithmFolders:
    """Refreshes the providers `model` and `script` when their folders have changed, and only then."""

    def __init__(self, models: Sequence[str], scripts: Sequence[str]) -> None:
        self._folders = {'model': [os.path.abspath(f) for f in models], 'script': [os.path.abspath(f) for f in scripts]}
        self._seen: dict[str, Signature] = {}
        self._script_errors: dict[str, str] = {}

    def apply(self) -> None:
        """Tells Processing where the folders are. An operator who names none gets none, not the profile's."""
        from processing.core.ProcessingConfig import ProcessingConfig
        from processing.modeler.ModelerUtils import ModelerUtils
        from processing.script import ScriptUtils
        if self._folders['model']:
            ProcessingConfig.setSettingValue(ModelerUtils.MODELS_FOLDER, ';'.join(self._folders['model']))
        if self._folders['script']:
            ProcessingConfig.setSettingValue(ScriptUtils.SCRIPTS_FOLDERS, ';'.join(self._folders['script']))
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

    def load_script(self, path: str) -> tuple[Any, str]:
        """One that lies elsewhere: its algorithm, or None and the reason. What is known of the others stays as it is."""
        from processing.script import ScriptUtils
        known = dict(ScriptUtils.scriptsRegistry)
        try:
            algorithm = ScriptUtils.loadAlgorithm('geowps_trial', path)
            return algorithm, self._script_errors.pop(path, _NOTHING_IN_IT)
        finally:
            ScriptUtils.scriptsRegistry.clear()
            ScriptUtils.scriptsRegistry.update(known)

    def _load_scripts_one_by_one(self) -> None:
        """Processing lets one script with a syntax error keep all that follow from being loaded, and tells of the rest only its log."""
        from qgis.core import QgsApplication
        from processing.script import ScriptUtils
        load = ScriptUtils.loadAlgorithm
        logged: list[str] = []
        QgsApplication.messageLog().messageReceived.connect(lambda text, *_: logged.append(str(text)))

        def careful(module_name: str, path: str) -> Any:
            self._script_errors.pop(path, None)
            logged.clear()
            try:
                algorithm = load(module_name, path)
                if algorithm is None and logged:
                    self._script_errors[path] = logged[-1].splitlines()[-1]
                return algorithm
            except (Exception, SystemExit) as error:  # whatever the operator's code raises
                self._script_errors[path] = said(error)
                return None

        ScriptUtils.loadAlgorithm = careful

    def _broken_models(self) -> list[dict[str, str]]:
        from qgis.core import QgsApplication, QgsProcessingModelAlgorithm
        registry, found = QgsApplication.processingRegistry(), []
        loaded = {a.sourceFilePath() for a in registry.providerById('model').algorithms()}
        for folder, path in _files(self._folders['model'], '.model3'):
            if path in loaded:
                continue
            model = QgsProcessingModelAlgorithm()
            if not model.fromFile(path) or not model.childAlgorithms():
                reason = 'not a readable model'
            else:
                missing = missing_steps(model)
                reason = f'unknown algorithm {", ".join(missing)}' if missing else 'another model has its name'
            found.append({'file': os.path.relpath(path, folder), 'reason': reason})
        return found

    def _broken_scripts(self) -> list[dict[str, str]]:
        from qgis.core import QgsApplication
        provider = QgsApplication.processingRegistry().providerById('script')
        if provider is None:
            return []
        loaded = {self.file_of(a) for a in provider.algorithms()}
        found = []
        for folder, path in _files(self._folders['script'], '.py'):
            if path in loaded:
                continue
            reason = self._script_errors.get(path, _NOTHING_IN_IT)
            found.append({'file': os.path.relpath(path, folder), 'reason': reason})
        return found


def missing_steps(model: Any) -> list[str]:
    """Algorithms that a model needs and that are not here."""
    return sorted({c.algorithmId() for c in model.childAlgorithms().values() if c.algorithm() is None})


def said(error: BaseException) -> str:
    """In one line and without a path; what helps is the line in the file."""
    if isinstance(error, SyntaxError):
        return f'{type(error).__name__}: {error.msg} (line {error.lineno})'
    return f'{type(error).__name__}: {error}'.splitlines()[0]


def _files(folders: Sequence[str], extension: str) -> list[tuple[str, str]]:
    """Each with the folder that it was found below."""
    return sorted((folder, os.path.join(place, name))
                  for folder in folders for place, _, names in os.walk(folder) for name in names if name.endswith(extension))


def _signature(folders: Sequence[str]) -> Signature:
    """Names, sizes and times: enough to see a change, cheap enough to look before every run."""
    found = []
    for _, path in _files(folders, ''):
        if not path.endswith(('.model3', '.py')):
            continue
        try:
            state = os.stat(path)
        except OSError:
            continue  # removed just now
        found.append((path, state.st_size, state.st_mtime_ns))
    return tuple(found)
