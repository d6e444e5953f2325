import glob
import os
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, inline, points, shared, stored  # noqa: E402

GEOJSON = 'application/geo+json'


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Leaks(unittest.TestCase):
    def setUp(self):
        self.host, _ = shared()
        self.worker = self.host.fork()
        self.addCleanup(self.worker.connection.close)

    def state(self):
        """Open files, and private memory in kB."""
        self.worker.ask({'op': 'check', 'id': 99, 'items': []})  # a worker tidies up before it answers the next question
        with open(f'/proc/{self.worker.pid}/smaps_rollup', encoding='ascii') as rollup:
            private = sum(int(line.split()[1]) for line in rollup if line.startswith('Private_'))
        return len(os.listdir(f'/proc/{self.worker.pid}/fd')), private

    def repeat(self, count, parameters, media_type):
        for _ in range(count):
            answer = self.host.run(self.worker, 'native:buffer', parameters, {'OUTPUT': media_type}, self.folder)
            self.assertEqual(answer['op'], 'done', answer)
            shutil.rmtree(os.path.join(self.folder, 'outputs'))

    def assert_constant(self, parameters, media_type):
        self.repeat(60, parameters, media_type)
        files, private = self.state()
        self.repeat(200, parameters, media_type)
        self.assertEqual(self.state()[0], files)
        self.assertLess(self.state()[1] - private, 4000)

    def test_memory_layers(self):
        self.folder = self.host.job()
        self.assert_constant({'INPUT': inline(points()), 'DISTANCE': {'v': 1}}, GEOJSON)

    def test_files_in_and_out(self):
        self.folder = self.host.job()
        source = tempfile.mkdtemp(prefix='geowps-data-')
        self.addCleanup(shutil.rmtree, source)
        layer = stored(self.folder, 'INPUT', data.geojson(source, 'a', points()), GEOJSON)
        self.assert_constant({'INPUT': layer, 'DISTANCE': {'v': 1}}, 'application/geopackage+sqlite3')

    def test_temporary_files(self):
        self.folder = self.host.job()
        self.host.run(self.worker, 'qgis:tilesxyzdirectory', {'EXTENT': {'v': '0,9,0,9 [EPSG:4326]'}, 'ZOOM_MIN': {'v': 0},
                                                              'ZOOM_MAX': {'v': 0}}, {}, self.folder)
        self.host.run(self.worker, 'gdal:buffervectors', {'INPUT': inline(points()), 'DISTANCE': {'v': 1}}, {}, self.folder)
        self.worker.ask({'op': 'check', 'id': 99, 'items': []})  # a worker tidies up before it answers the next question
        place, = glob.glob(f'{self.host.work}/.worker-*/w{self.worker.pid}')
        self.assertEqual([f for _, _, files in os.walk(place) for f in files], [])

    def test_refused_and_failed_runs(self):
        self.folder = self.host.job()
        for round_ in range(2):
            for _ in range(100):
                self.host.run(self.worker, 'native:buffer', {'INPUT': inline(points()), 'DISTANCE': {'v': 'x'}}, folder=self.folder)
                self.host.run(self.worker, 'native:nonsense', {}, folder=self.folder)
            if round_ == 0:
                before = self.state()
        self.assertEqual(self.state()[0], before[0])
        self.assertLess(self.state()[1] - before[1], 2000)

    def test_ten_points_take_a_few_milliseconds(self):
        self.folder = self.host.job()
        parameters = {'INPUT': inline(points()), 'DISTANCE': {'v': 1}}
        self.repeat(20, parameters, GEOJSON)
        times = []
        for _ in range(50):
            started = time.perf_counter()
            self.repeat(1, parameters, GEOJSON)
            times.append(time.perf_counter() - started)
        self.assertLess(sorted(times)[25], 0.03)  # 3 ms on an idle machine; this catches what is wrong by far


if __name__ == '__main__':
    unittest.main()
