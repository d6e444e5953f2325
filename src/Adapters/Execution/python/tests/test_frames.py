import json
import os
import socket
import struct
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import host  # noqa: E402,F401 (puts the package on the path)

from geowps_worker import frames  # noqa: E402


class Frames(unittest.TestCase):
    def setUp(self):
        self.ours, theirs = socket.socketpair()
        self.connection = frames.Connection(theirs)

    def tearDown(self):
        self.ours.close()
        self.connection.close()

    def test_a_frame_comes_back_as_it_was(self):
        frame = {'op': 'run', 'id': 1, 'text': 'ä€😀', 'list': [1, 2.5, None, True]}
        self.ours.sendall(frames.encode(frame))
        self.assertEqual(self.connection.receive(), frame)

    def test_bytes_may_come_one_by_one(self):
        data = frames.encode({'op': 'a'}) + frames.encode({'op': 'b'})
        sender = threading.Thread(target=lambda: [self.ours.sendall(data[i:i + 1]) for i in range(len(data))])
        sender.start()
        self.assertEqual([self.connection.receive()['op'] for _ in 'ab'], ['a', 'b'])
        sender.join()

    def test_the_end_is_none_also_in_the_middle(self):
        self.ours.sendall(frames.encode({'op': 'a'})[:6])
        self.ours.close()
        self.assertIsNone(self.connection.receive())

    def test_too_long_a_frame_is_refused_before_it_is_read(self):
        self.ours.sendall(struct.pack('>I', frames.MAX_FRAME + 1))
        with self.assertRaises(frames.BadFrame):
            self.connection.receive()

    def test_what_is_no_object_with_op_is_refused(self):
        for body in (b'[]', b'{"id":1}', b'nonsense', b'{"op":1}'):
            with self.subTest(body=body):
                self.ours.sendall(struct.pack('>I', len(body)) + body)
                with self.assertRaises(frames.BadFrame):
                    self.connection.receive()

    def test_many_threads_may_send(self):
        threads = [threading.Thread(target=lambda: [self.connection.send({'op': 'x', 'pad': 'y' * 5000}) for _ in range(50)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        other = frames.Connection(self.ours)
        self.assertTrue(all(other.receive()['op'] == 'x' for _ in range(200)))
        for thread in threads:
            thread.join()

    def test_nan_never_leaves(self):
        with self.assertRaises(ValueError):
            frames.encode({'op': 'x', 'n': float('nan')})

    def test_the_length_is_big_endian(self):
        data = frames.encode({'op': 'x'})
        self.assertEqual(int.from_bytes(data[:4], 'big'), len(data) - 4)
        self.assertEqual(json.loads(data[4:]), {'op': 'x'})


if __name__ == '__main__':
    unittest.main()
