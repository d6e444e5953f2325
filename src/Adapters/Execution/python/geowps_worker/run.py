"""One run of one algorithm: from the frame `run` to the frame that ends it."""
from __future__ import annotations

import os
import re
import threading
import traceback
from typing import Any, Callable

from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsEllipsoidUtils, QgsFeatureRequest, QgsProcessingAlgorithm,
                       QgsProcessingContext, QgsProcessingException, QgsProject)

from . import crs, datums, invalid_geometry, memory, own_paths, qgis_session
from .destinations import LARGE_INPUT, Destinations
from .feedback import Feedback
from .folders import AlgorithmFolders
from .frames import Frame
from .job_folder import JobFolder
from .mistakes import Failed, Refused
from .parameters import Parameters
from .projects import read_project
from .results import Results
from .sanitise import Sanitiser
from .sources import Sources, needs_neighbours
from .temporary import empty_temporary_folder

_CHECKS = {'error': QgsFeatureRequest.GeometryAbortOnInvalid, 'skip': QgsFeatureRequest.GeometrySkipInvalid,
           'ignore': QgsFeatureRequest.GeometryNoCheck}
_FILE_PROVIDERS = frozenset(('gdal', 'grass7', 'saga', 'otb'))
"""These start tools, which see files only."""
_WRITERS = {'native:exporttospreadsheet': ('XLSX', 'ODS')}
"""Drivers that only write here."""


class Runner:
    """Runs one algorithm at a time on the calling thread; `cancel` may come from another one."""

    def __init__(self, work: str, folders: AlgorithmFolders, limit: memory.MemoryLimit | None) -> None:
        self._work = work
        self._folders = folders
        self._limit = limit
        self._lock = threading.Lock()
        self._running: tuple[int, Feedback] | None = None
        self._cancelled: set[int] = set()
        self._dirty_project = True

    def cancel(self, run_id: int) -> None:
        """May come before the run itself, as long as that waits."""
        with self._lock:
            if self._running and self._running[0] == run_id:
                self._running[1].cancel()
            else:
                self._cancelled.add(run_id)
                while len(self._cancelled) > 100:
                    self._cancelled.pop()

    def cancel_all(self) -> None:
        with self._lock:
            if self._running:
                self._running[1].cancel()

    def run(self, frame: Frame, send: Callable[[Frame], None]) -> Frame:
        """The frame that ends the run; progress and log go through `send` meanwhile."""
        run_id = frame['id']
        sanitise = Sanitiser(frame['folder'], os.environ.get('TMPDIR', ''), self._work)
        feedback = Feedback(run_id, send, sanitise)
        with self._lock:
            self._running = (run_id, feedback)
            if run_id in self._cancelled:
                self._cancelled.discard(run_id)
                feedback.cancel()
        try:
            if self._limit:
                self._limit.apply(frame.get('memoryMb'))
            end = {'op': 'done', 'id': run_id, 'results': self._execute(frame, feedback)}
        except Refused as refused:
            mistakes = [{**m, 'message': sanitise(m['message'])} for m in refused.mistakes]
            end = {'op': 'refused', 'id': run_id, 'mistakes': mistakes}
        except Exception as error:
            end = {'op': 'failed', 'id': run_id, **_failure(error, feedback, sanitise)}
        finally:
            with self._lock:
                self._running = None
            feedback.finish()
        return end

    def tidy(self) -> None:
        """After a run, when its end is told: nobody need wait for it."""
        QgsProject.instance().removeAllMapLayers()
        qgis_session.forget_job()
        empty_temporary_folder(self._work)

    def _execute(self, frame: Frame, feedback: Feedback) -> dict[str, Any]:
        self._folders.refresh_for(frame['algorithm'])
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(frame['algorithm'])
        if algorithm is None:
            raise Failed('algorithm', f'there is no algorithm {frame["algorithm"]}')
        folder = JobFolder(frame['folder'], self._work)
        trusted = bool(frame.get('trusted'))
        os.environ['GDAL_DISABLE_READDIR_ON_OPEN'] = 'FALSE' if needs_neighbours(folder) else 'EMPTY_DIR'
        project = self._project(frame.get('context') or {}, folder, trusted)
        context = QgsProcessingContext()
        context.setProject(project)
        context.setTransformContext(project.transformContext())
        if ellipsoid := (frame.get('context') or {}).get('ellipsoid'):
            if not QgsEllipsoidUtils.ellipsoidParameters(ellipsoid).valid:
                raise Refused('qgis:ellipsoid', f'no such ellipsoid: {ellipsoid[:100]}')
            context.setEllipsoid(ellipsoid)  # a project without a CRS keeps its own to itself
        context.setInvalidGeometryCheck(_CHECKS[(frame.get('context') or {}).get('invalidFeatures') or 'error'])

        sources = Sources(folder, project, as_files=algorithm.provider().id() in _FILE_PROVIDERS)
        parameters = Parameters(algorithm, folder, sources, trusted).read(frame.get('parameters') or {})
        destinations = Destinations(algorithm, folder, sources.total_bytes > LARGE_INPUT)
        plan = destinations.plan(frame.get('outputs') or {})
        parameters.update(destinations.parameters(plan))
        if frame['algorithm'] == 'native:reprojectlayer' and not parameters.get('OPERATION') and (layer := sources.by_id(parameters.get('INPUT'))) is not None:
            datums.choose(layer, crs.of(str(parameters.get('TARGET_CRS'))), 'INPUT', context, feedback)

        try:
            made = self._process(algorithm, parameters, context, feedback)
        except QgsProcessingException as error:
            if not invalid_geometry.stopped_by(str(error)) or not invalid_geometry.is_tolerable(sources.layers):
                raise
            context.setInvalidGeometryCheck(QgsFeatureRequest.GeometryNoCheck)
            made = self._process(algorithm.create(), parameters, context, feedback)
        results = Results(folder, context, sources, own_paths.may_be_told_by(algorithm)).collect(plan, made)
        sources.forget()
        if feedback.isCanceled():
            raise Failed('cancelled', 'cancelled')
        return results

    @staticmethod
    def _process(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext,
                 feedback: Feedback) -> dict[str, Any]:
        ok, message = algorithm.checkParameterValues(parameters, context)
        if not ok:
            raise Refused(_input_named_in(message, algorithm), message)
        if feedback.isCanceled():
            raise Failed('cancelled', 'cancelled')
        with qgis_session.drivers_for_writing(_WRITERS.get(algorithm.id(), ())):
            results, ok = algorithm.run(parameters, context, feedback, {}, False)
        if feedback.isCanceled():  # a cancelled run says that all is well
            raise Failed('cancelled', 'cancelled')
        if not ok:
            raise Failed('algorithm', feedback.errors[-1] if feedback.errors else 'the algorithm did not succeed')
        return results

    def _project(self, wishes: dict[str, Any], folder: JobFolder, trusted: bool) -> QgsProject:
        """Never none: without a project some algorithms crash. Clearing takes half a millisecond, so only after use."""
        project = QgsProject.instance()
        special = any(wishes.get(k) for k in ('ellipsoid', 'projectCrs', 'project'))
        if self._dirty_project or special:
            project.clear()
            project.setCrs(QgsCoordinateReferenceSystem())
            project.setEllipsoid('')
        self._dirty_project = special
        if wishes.get('project'):
            if not trusted:
                raise Refused('qgis:project', 'a project is not accepted here')
            read_project(project, folder.input(wishes['project'], 'qgis:project'))
        if wishes.get('projectCrs'):
            if (wrong := crs.mistake(wishes['projectCrs'], trusted)) is not None:
                raise Refused('qgis:projectCrs', wrong)
            project.setCrs(crs.of(wishes['projectCrs']))
        if wishes.get('ellipsoid') or not wishes.get('project'):
            project.setEllipsoid(wishes.get('ellipsoid') or '')
        return project


def _failure(error: Exception, feedback: Feedback, sanitise: Callable[[str], str]) -> dict[str, str]:
    message = sanitise(str(error)).strip()
    if feedback.isCanceled():
        return {'kind': 'cancelled', 'message': 'cancelled'}
    if isinstance(error, MemoryError) or memory.is_out_of_memory(message) or _is_foreign(error, message):
        return {'kind': 'memory', 'message': 'the memory of this run is used up'}
    if isinstance(error, Failed):
        return {'kind': error.kind, 'message': message}
    if isinstance(error, QgsProcessingException):
        return {'kind': 'algorithm', 'message': message or (feedback.errors[-1] if feedback.errors else 'the algorithm did not succeed')}
    traceback.print_exc()
    return {'kind': 'internal', 'message': f'internal error ({type(error).__name__})'}


def _is_foreign(error: Exception, message: str) -> bool:
    """What PyQGIS makes of a C++ exception that it does not know. In QGIS that is std::bad_alloc."""
    return type(error) is Exception and message == 'unknown'


def _input_named_in(message: str, algorithm: QgsProcessingAlgorithm) -> str | None:
    """QGIS names the parameter by its name or by its title somewhere in the sentence."""
    definitions = [d for d in algorithm.parameterDefinitions() if not d.isDestination()]
    for text in (lambda d: d.name(), lambda d: d.description()):
        named = [d for d in definitions if text(d) and re.search(rf'(?<!\w){re.escape(text(d))}(?!\w)', message)]
        if named:
            return max(named, key=lambda d: len(text(d))).name()
    return None
