import glob
import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import HAS_QGIS, NO_QGIS, Host, inline, points  # noqa: E402


def alive(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii') as stat:
            return stat.read().rpartition(')')[2].split()[0] != 'Z'
    except OSError:
        return False


def gone(pid, seconds=5):
    limit = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < limit:
        time.sleep(0.01)
    return not alive(pid)


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Template(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host()
        cls.addClassCleanup(cls.host.close)

    def test_it_says_what_it_is(self):
        self.assertEqual((self.host.ready['op'], self.host.ready['role'], self.host.ready['protocol']), ('ready', 'template', 1))
        self.assertEqual(self.host.ready['pid'], self.host.process.pid)

    def test_a_killed_worker_is_reported_and_replaced(self):
        worker = self.host.fork()
        self.assertEqual(worker.hello, {'op': 'hello', 'role': 'worker', 'protocol': 1, 'pid': worker.pid})
        os.kill(worker.pid, signal.SIGKILL)
        exited = self.host.exited(worker.pid)
        self.assertGreater(exited['maxRssKb'], 10_000)
        self.assertEqual((exited['pid'], exited['code'], exited['signal']), (worker.pid, None, signal.SIGKILL))
        replacement = self.host.fork()
        self.assertEqual(self.host.run(replacement, 'native:buffer', {'INPUT': inline(points()), 'DISTANCE': {'v': 1}})['op'], 'done')

    def test_a_worker_ends_with_its_socket_and_leaves_nothing(self):
        worker = self.host.fork()
        self.assertTrue(glob.glob(f'{self.host.work}/.worker-*/w{worker.pid}'))
        worker.connection.close()
        exited = self.host.exited(worker.pid)
        self.assertEqual((exited['pid'], exited['signal']), (worker.pid, signal.SIGKILL))
        self.assertFalse(glob.glob(f'{self.host.work}/.worker-*/w{worker.pid}'))

    def test_each_leads_a_group_of_its_own(self):
        worker = self.host.fork()
        self.assertEqual(os.getpgid(worker.pid), worker.pid)
        self.assertNotEqual(os.getpgid(self.host.process.pid), os.getpgid(0))

    def test_the_servers_environment_stays_outside(self):
        with open(f'/proc/{self.host.process.pid}/environ', 'rb') as environment:
            self.assertIn(b'GEOWPS_SECRET', environment.read())  # the kernel shows the start only
        worker = self.host.fork()
        answer = self.host.run(worker, 'native:fieldcalculator', {
            'INPUT': inline(points(1)), 'FIELD_NAME': {'v': 'x'}, 'FIELD_TYPE': {'v': 2}, 'FORMULA': {'v': "coalesce(env('GEOWPS_SECRET'),'-')"}},
            {'OUTPUT': 'text/csv'}, folder=(folder := self.host.job()), trusted=True)
        with open(os.path.join(folder, answer['results']['OUTPUT']['path']), encoding='utf-8') as result:
            self.assertIn('-', result.read().splitlines()[1].split(',')[-1])


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class End(unittest.TestCase):
    def test_the_end_of_the_socket_ends_all_and_leaves_nothing(self):
        host = Host()
        self.addCleanup(host.close)
        workers = [host.fork(), host.fork()]
        host.template.close()
        self.assertEqual(host.process.wait(10), 0)
        self.assertTrue(all(gone(w.pid) for w in workers))
        self.assertEqual(glob.glob(f'{host.work}/.worker-*'), [])

    def test_sigterm_is_an_orderly_end_and_sigint_none(self):
        host = Host()
        self.addCleanup(host.close)
        worker = host.fork()
        os.kill(host.process.pid, signal.SIGINT)
        self.assertEqual(host.fork().hello['op'], 'hello')
        os.kill(host.process.pid, signal.SIGTERM)
        self.assertEqual(host.process.wait(10), 0)
        self.assertTrue(gone(worker.pid))
        self.assertEqual(glob.glob(f'{host.work}/.worker-*'), [])

    def test_workers_do_not_outlive_a_killed_template_and_the_next_one_tidies_up(self):
        host = Host()
        self.addCleanup(host.close)
        worker = host.fork()
        host.process.kill()
        host.process.wait(10)
        self.assertTrue(gone(worker.pid))
        left = glob.glob(f'{host.work}/.worker-*')
        self.assertEqual(len(left), 1)
        from geowps_worker.private_folder import PrivateFolder
        time.sleep(0.2)  # the worker's second thread may hold the lock a moment longer
        folder = PrivateFolder(host.work)
        self.assertEqual(glob.glob(f'{host.work}/.worker-*'), [folder.path])


if __name__ == '__main__':
    unittest.main()
