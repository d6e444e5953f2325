"""The limit that the server is measured against: the same algorithms called in one warm QGIS process.

Reads one command a line, answers one line of JSON with the times of its runs in milliseconds.
    points N            native:buffer of 10 points, memory layer to memory layer, N times
    polygons FILE N     native:buffer from a FlatGeobuf (made once from the GeoJSON FILE) to a FlatGeobuf, N times
    countries FILE N    the same from memory to memory, of the GeoJSON FILE
"""
import json
import os
import sys
import tempfile
import time

os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
sys.path += ['/usr/share/qgis/python/plugins', '/usr/share/qgis/python']
answers = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
scratch = tempfile.TemporaryDirectory(prefix='geowps-bench-')
os.environ['XDG_CONFIG_HOME'] = os.environ['XDG_RUNTIME_DIR'] = scratch.name

from qgis.core import (QgsApplication, QgsFeature, QgsGeometry, QgsPointXY, QgsProcessingContext,  # noqa: E402
                       QgsProcessingFeedback, QgsProject, QgsVectorFileWriter, QgsVectorLayer)
from qgis.PyQt.QtCore import QCoreApplication, QEvent  # noqa: E402

application = QgsApplication([], False, scratch.name)
application.initQgis()
from processing.core.Processing import Processing  # noqa: E402

Processing.initialize()


def buffer_times(source, destination, count):
    times = []
    for number in range(count + 3):
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        parameters = {'INPUT': source, 'DISTANCE': 0.1, 'SEGMENTS': 5, 'OUTPUT': destination(number)}
        started = time.perf_counter()
        algorithm = QgsApplication.processingRegistry().createAlgorithmById('native:buffer')
        _, ok = algorithm.run(parameters, context, QgsProcessingFeedback(False))
        times.append((time.perf_counter() - started) * 1000)
        if not ok:
            raise SystemExit('the baseline failed')
        del context
        QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)
    return times[3:]  # the first ones pay for pages and caches


def memory(file):
    """A memory layer with a file's features."""
    layer = QgsVectorLayer(file, 'layer', 'ogr')
    return layer.materialize(__import__('qgis.core').core.QgsFeatureRequest())


def points():
    layer = QgsVectorLayer('Point?crs=EPSG:4326&field=name:string', 'points', 'memory')
    features = []
    for number in range(10):
        feature = QgsFeature(layer.fields())
        feature.setAttribute(0, 'point %d' % number)
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(number, number)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def flatgeobuf(file):
    target = os.path.join(scratch.name, os.path.basename(file) + '.fgb')
    if not os.path.exists(target):
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = 'FlatGeobuf'
        options.layerOptions = ['SPATIAL_INDEX=NO']
        QgsVectorFileWriter.writeAsVectorFormatV3(QgsVectorLayer(file, 'layer', 'ogr'), target, QgsProject.instance().transformContext(), options)
    return target


kept = {}
print(json.dumps('ready'), file=answers, flush=True)
for line in sys.stdin:
    command, *words = line.split()
    if command == 'points':
        source = kept.setdefault('points', points())
        times = buffer_times(source, lambda number: 'memory:', int(words[0]))
    elif command == 'polygons':
        times = buffer_times(flatgeobuf(words[0]), lambda number: os.path.join(scratch.name, 'out%d.fgb' % number), int(words[1]))
    else:
        source = kept.setdefault(words[0], memory(words[0]))
        times = buffer_times(source, lambda number: 'memory:', int(words[1]))
    print(json.dumps(times), file=answers, flush=True)
scratch.cleanup()
os._exit(0)
