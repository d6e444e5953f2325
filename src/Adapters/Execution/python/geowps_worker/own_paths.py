"""Results that hold the paths of their inputs: nobody outside may learn where the server's files lie."""
from __future__ import annotations

import os
import re
from typing import Callable

from qgis.core import QgsFeatureRequest, QgsProcessingAlgorithm, QgsVectorLayer
from qgis.PyQt.QtCore import QVariant

_WRITES_PATHS = frozenset(('native:mergevectorlayers',))
_MAY_CONTAIN_IT = frozenset(('model', 'project', 'script'))
_FIELD = re.compile(r'path(_\d+)?', re.IGNORECASE)


def make_relative(path: str, folder: str) -> None:
    """In a text: reports name the files that they are about, virtual layers their sources."""
    with open(path, 'rb') as file:
        text = file.read()
    hidden_text = text.replace(os.fsencode(folder + os.sep), b'')
    if len(hidden_text) < len(text):
        with open(path, 'wb') as file:
            file.write(hidden_text)


def is_text(path: str) -> bool:
    with open(path, 'rb') as file:
        return b'\0' not in file.read(8192)


def may_be_told_by(algorithm: QgsProcessingAlgorithm) -> bool:
    return algorithm.id() in _WRITES_PATHS or algorithm.provider().id() in _MAY_CONTAIN_IT


def hidden(layer: QgsVectorLayer, without_path: Callable[[str], str]) -> QgsVectorLayer:
    """The layer itself where it tells no path, else a copy in memory with names of files in their place."""
    fields = [i for i, f in enumerate(layer.fields()) if f.type() == QVariant.String and _FIELD.fullmatch(f.name())]
    if all(without_path(value) == value for i in fields for value in layer.uniqueValues(i) if isinstance(value, str)):
        return layer
    copy = layer.materialize(QgsFeatureRequest())
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.NoGeometry).setSubsetOfAttributes(fields)
    changes = {feature.id(): {i: without_path(feature[i]) for i in fields if isinstance(feature[i], str)} for feature in copy.getFeatures(request)}
    copy.dataProvider().changeAttributeValues(changes)
    return copy
