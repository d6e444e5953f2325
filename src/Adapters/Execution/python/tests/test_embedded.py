import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import HAS_QGIS, NO_QGIS, PACKAGE, PYTHON, TIME_LIMIT, inline, points  # noqa: E402
from geowps_worker.frames import Connection  # noqa: E402

PROGRAM = '''
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from geowps_worker import embedded
before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT), os.getpgid(0)
embedded.serve(sys.argv[2], sys.argv[3])
assert before == (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT), os.getpgid(0))
print('returned', flush=True)
os._exit(0)
'''


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Embedded(unittest.TestCase):
    def test_it_works_in_the_hosts_process_and_returns_at_the_end(self):
        work = tempfile.mkdtemp(prefix='geowps-test-')
        self.addCleanup(shutil.rmtree, work)
        path = os.path.join(work, 'host.sock')
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(path)
            listener.listen(1)
            listener.settimeout(TIME_LIMIT)
            with subprocess.Popen([PYTHON, '-c', PROGRAM, PACKAGE, path, work], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
                connection = Connection(listener.accept()[0])
                self.assertEqual(connection.receive(), {'op': 'hello', 'role': 'embedded', 'protocol': 1, 'pid': process.pid})
                folder = os.path.join(work, 'jobs', 'J', '1')
                os.makedirs(folder)
                connection.send({'op': 'run', 'id': 1, 'algorithm': 'native:buffer', 'folder': folder, 'trusted': False,
                                 'parameters': {'INPUT': inline(points()), 'DISTANCE': {'v': 1}}, 'outputs': {'OUTPUT': None},
                                 'context': {}, 'memoryMb': 1})
                self.assertEqual(connection.receive()['op'], 'done')  # no limit of memory applies
                connection.close()
                out, _ = process.communicate(timeout=20)
                self.assertEqual((process.returncode, out.strip()), (0, b'returned'))
        self.assertFalse([n for n in os.listdir(work) if n.startswith('.worker-')])


if __name__ == '__main__':
    unittest.main()
