import os
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, collection, inline, points, shared  # noqa: E402
from test_template import gone  # noqa: E402


def tangle(count):
    """Rings that cross each other, so that a union is long."""
    rings = [[[i * .1, i * .07], [i * .1 + 5, i * .07], [i * .1 + 5, i * .07 + 5], [i * .1, i * .07 + 5], [i * .1, i * .07]] for i in range(count)]
    return collection([{'type': 'Feature', 'properties': {}, 'geometry': {'type': 'Polygon', 'coordinates': [r]}} for r in rings])


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Cancel(unittest.TestCase):
    def setUp(self):
        self.host, self.worker = shared()

    def test_a_long_run_stops_within_a_second_and_the_worker_lives_on(self):
        frame = self.host.frame('native:randompointsinextent', {
            'EXTENT': {'v': '0,1,0,1 [EPSG:4326]'}, 'POINTS_NUMBER': {'v': 3_000_000}, 'TARGET_CRS': {'v': 'EPSG:4326'}})
        started = []

        def stop():
            time.sleep(0.5)
            started.append(time.monotonic())
            self.worker.connection.send({'op': 'cancel', 'id': frame['id']})

        thread = threading.Thread(target=stop)
        thread.start()
        answer = self.worker.ask(frame)
        thread.join()
        self.assertEqual((answer['op'], answer.get('kind')), ('failed', 'cancelled'), answer)
        self.assertLess(time.monotonic() - started[0], 1)
        percents = [s['percent'] for s in self.worker.said if s['op'] == 'progress' and s['id'] == frame['id']]
        self.assertEqual(percents, sorted(percents))
        self.assertLessEqual(len(percents), 10)
        self.assertEqual(self.host.run(self.worker, 'native:buffer', {'INPUT': inline(points()), 'DISTANCE': {'v': 1}})['op'], 'done')

    def test_a_run_that_waits_is_cancelled_before_it_begins(self):
        first = self.host.frame('native:intersection', {'INPUT': inline(tangle(300)), 'OVERLAY': inline(tangle(301))})
        second = self.host.frame('native:buffer', {'INPUT': inline(points()), 'DISTANCE': {'v': 1}})
        self.worker.connection.send(first)
        self.worker.connection.send(second)
        self.worker.connection.send({'op': 'cancel', 'id': second['id']})
        self.assertEqual(self.worker.answer()['op'], 'done')
        self.assertEqual(self.worker.answer()['kind'], 'cancelled')

    def test_the_end_of_the_socket_kills_a_busy_worker(self):
        worker = self.host.fork()
        worker.connection.send(self.host.frame('native:randompointsinextent', {
            'EXTENT': {'v': '0,1,0,1 [EPSG:4326]'}, 'POINTS_NUMBER': {'v': 3_000_000}, 'TARGET_CRS': {'v': 'EPSG:4326'}}))
        time.sleep(0.2)
        started = time.monotonic()
        worker.connection.close()
        self.assertTrue(gone(worker.pid))
        self.assertLess(time.monotonic() - started, 2)

    def test_the_end_of_the_socket_kills_the_tools_of_a_worker(self):
        worker = self.host.fork()
        folder = self.host.job()
        place = os.path.join(folder, 'inputs', 'INPUT')
        os.makedirs(place)
        data.raster(os.path.join(place, 'dem.tif'))
        layer = {'layer': {'path': 'inputs/INPUT/dem.tif', 'name': 'dem', 'mediaType': 'image/tiff', 'want': 'raster'}}
        worker.connection.send(self.host.frame('gdal:warpreproject', {
            'INPUT': layer, 'TARGET_RESOLUTION': {'v': 0.002}, 'RESAMPLING': {'v': 3}}, folder=folder))
        limit = time.monotonic() + 10
        while not (tools := members(worker.pid) - {worker.pid}) and time.monotonic() < limit:
            time.sleep(0.02)
        self.assertTrue(tools, 'gdalwarp was never there')
        worker.connection.close()
        self.assertTrue(all(gone(pid) for pid in tools | {worker.pid}))


def members(group):
    """Ids of the processes of a group."""
    found = set()
    for name in os.listdir('/proc'):
        try:
            if name.isdigit() and os.getpgid(int(name)) == group:
                found.add(int(name))
        except OSError:
            pass  # gone meanwhile
    return found


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Memory(unittest.TestCase):
    def test_a_run_that_wants_too_much_fails_alone(self):
        host, _ = shared()
        worker = host.fork()
        answer = host.run(worker, 'native:randompointsinextent', {
            'EXTENT': {'v': '0,1,0,1 [EPSG:4326]'}, 'POINTS_NUMBER': {'v': 3_000_000}, 'TARGET_CRS': {'v': 'EPSG:4326'}}, memoryMb=30)
        if answer is None:  # std::bad_alloc: the process can not say any more
            self.assertIn(host.exited(worker.pid)['signal'], (6, 9, 11))
        else:
            self.assertEqual((answer['op'], answer.get('kind')), ('failed', 'memory'), answer)


if __name__ == '__main__':
    unittest.main()
