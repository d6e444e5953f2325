"""The frames that we send have the keys of their examples, and the frames that we receive are taken as exemplified."""
import json
import os
import shutil
import signal
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, PACKAGE, Host, inline, points, stored  # noqa: E402


def contract():
    path = os.path.join(os.path.abspath(PACKAGE), *['..'] * 4, 'contracts', 'worker-protocol.json')
    with open(path, encoding='utf-8') as file:
        return json.load(file)


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.examples = contract()
        cls.host = Host()
        cls.addClassCleanup(cls.host.close)
        cls.worker = cls.host.fork()

    def assert_like(self, name, frame):
        self.assertEqual(list(frame), list(self.examples[name]), name)
        self.assertEqual(frame['op'], self.examples[name]['op'])

    def test_processes(self):
        self.assert_like('ready', self.host.ready)
        worker = self.host.fork()
        self.assert_like('hello', worker.hello)
        os.kill(worker.pid, signal.SIGKILL)
        self.assert_like('exited', self.host.exited(worker.pid))

    def test_catalogue(self):
        answer = self.worker.ask(self.examples['catalogue'])
        self.assert_like('catalogueAnswer', answer)
        example = self.examples['catalogueAnswer']['algorithms'][0]
        algorithm = next(a for a in answer['algorithms'] if a['id'] == 'native:buffer')
        self.assertEqual(list(algorithm), [k for k in example if k not in ('steps', 'digest', 'file')])
        self.assertEqual(list(algorithm['flags']), list(example['flags']))
        self.assertEqual(list(algorithm['outputs'][0]), list(example['outputs'][0]))
        for which in (0, 1):
            name = example['parameters'][which]['name']
            parameter = next(p for p in algorithm['parameters'] if p['name'] == name)
            self.assertEqual(list(parameter), list(example['parameters'][which]))

    def test_try(self):
        answer = self.worker.ask(self.examples['try'])
        self.assertEqual(answer, self.examples['tried'])

    def test_check(self):
        answer = self.worker.ask(self.examples['check'])
        self.assert_like('checked', answer)
        self.assertEqual(answer['mistakes'][0], self.examples['checked']['mistakes'][0])

    def test_run(self):
        folder = self.host.job()
        source = tempfile.mkdtemp(prefix='geowps-data-')
        self.addCleanup(shutil.rmtree, source)
        gml = data.converted(data.geojson(source, 'lines', points()), os.path.join(source, 'lines.gml'), 'GML')
        stored(folder, 'INPUT', gml, 'application/gml+xml')
        frame = json.loads(json.dumps(self.examples['run']))
        frame['folder'] = folder
        del frame['parameters']['INPUT']['layer']['geometrytype']
        frame['outputs']['OUTPUT']['mediaType'] = 'application/gml+xml'
        done = self.worker.ask(frame)
        self.assert_like('done', done)
        self.assertEqual(done['results']['OUTPUT'], self.examples['done']['results']['OUTPUT'])
        statistics = self.host.run(self.worker, 'qgis:basicstatisticsforfields', {'INPUT_LAYER': inline(points()), 'FIELD_NAME': {'v': 'n'}},
                                   {'COUNT': None})
        self.assertEqual(statistics['results']['COUNT'], self.examples['done']['results']['COUNT'])

    def test_how_a_run_ends_otherwise(self):
        self.assert_like('refused', self.host.run(self.worker, 'native:buffer', {'INPUT': inline(points()), 'DISTANCE': {'v': 'x'}}))
        self.assert_like('failed', self.host.run(self.worker, 'native:nonsense', {}))

    def test_render_and_describe(self):
        folder = tempfile.mkdtemp(prefix='geowps-layer-')
        self.addCleanup(shutil.rmtree, folder)
        data.converted(data.geojson(folder, 'roads', points()), os.path.join(folder, 'roads.gpkg'), 'GPKG')
        render = json.loads(json.dumps(self.examples['render']))
        render['source'].update(path=os.path.join(folder, 'roads.gpkg'), folder=folder)
        render['file'] = os.path.join(self.host.work, 'drawn-1')
        with open(render['file'], 'wb'):
            pass
        rendered = self.worker.ask(render)
        self.assert_like('rendered', rendered)
        self.assertEqual(len(rendered['lengths']), 16)
        describe = json.loads(json.dumps(self.examples['describe']))
        describe['source'].update(path=data.raster(os.path.join(folder, 'dem.tif')), folder=folder)
        described = self.worker.ask(describe)
        self.assert_like('described', described)
        self.assertEqual(list(described['bands'][0]), list(self.examples['described']['bands'][0]))

    def test_log_and_progress(self):
        self.host.run(self.worker, 'gdal:buffervectors', {'INPUT': inline(points()), 'DISTANCE': {'v': 1}})
        self.host.run(self.worker, 'native:randompointsinextent', {
            'EXTENT': {'v': '0,1,0,1 [EPSG:4326]'}, 'POINTS_NUMBER': {'v': 150_000}, 'TARGET_CRS': {'v': 'EPSG:4326'}})
        said = {frame['op']: frame for frame in self.worker.said}
        self.assert_like('log', said['log'])
        self.assert_like('progress', said['progress'])


if __name__ == '__main__':
    unittest.main()
