"""A cluster on one machine: where it goes, and when it says that it serves."""
import contextlib
import http.server
import io
import json
import os
import pwd
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import run_cluster  # noqa: E402


def nobody():
    """Another user than this one, as PostgreSQL's is."""
    return pwd.getpwnam("nobody")


@unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
class Places(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = folder.name
        os.chmod(self.top, 0o711)
        self.before = os.getcwd()
        self.addCleanup(os.chdir, self.before)
        self.user, run_cluster.database_user = run_cluster.database_user, nobody
        self.addCleanup(setattr, run_cluster, "database_user", self.user)
        os.chdir(self.top)

    def folder(self, name, mode):
        path = os.path.join(self.top, name)
        os.mkdir(path)
        os.chmod(path, mode)
        return path

    def choose(self):
        said, wrong = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
            try:
                return run_cluster.choose_place(), said.getvalue() + wrong.getvalue()
            except SystemExit:
                return None, said.getvalue() + wrong.getvalue()

    def test_the_first_closed_folder_on_the_way_is_found(self):
        self.folder("open", 0o711)
        closed = self.folder("open/closed", 0o700)
        self.folder("open/closed/deeper", 0o700)

        self.assertEqual(run_cluster.closed_folder(os.path.join(closed, "deeper", "to be made")), closed)
        self.assertIsNone(run_cluster.closed_folder(os.path.join(self.top, "open", "to be made", "also")))

    def test_a_clone_that_nobody_else_can_enter_has_its_cluster_elsewhere(self):
        closed = self.folder("data", 0o700)
        self.assertEqual(self.choose()[0], run_cluster.OTHER_PLACE)
        self.assertIn(closed, self.choose()[1])
        os.chmod(closed, 0o711)
        self.assertEqual(self.choose(), (os.path.join(closed, "cluster"), ""))

    def test_data_that_are_there_are_not_left_behind(self):
        closed = self.folder("data", 0o700)
        os.makedirs(os.path.join(closed, "cluster", "postgres"))
        with open(os.path.join(closed, "cluster", "postgres", "PG_VERSION"), "w", encoding="ascii"):
            pass

        place, said = self.choose()

        self.assertIsNone(place)
        self.assertIn(f"can't enter {closed}:", said)

    def test_what_is_made_can_be_entered_whatever_the_umask(self):
        self.addCleanup(os.umask, os.umask(0o077))
        place = os.path.join(self.top, "a", "b")
        run_cluster.make_folder(place)
        self.assertIsNone(run_cluster.closed_folder(place))

    def test_a_named_place_that_is_closed_is_refused_before_anything_starts(self):
        closed = self.folder("closed", 0o700)
        cluster = run_cluster.Cluster("dotnet", "host", "samples", 1, 8080, os.path.join(closed, "c"), [])
        wrong = io.StringIO()
        with contextlib.redirect_stderr(wrong), self.assertRaises(SystemExit):
            cluster.up()
        self.assertIn(f"can't enter {closed}: name another place with --directory", wrong.getvalue())
        self.assertIsNone(cluster.database)


class Nodes(unittest.TestCase):
    def test_who_is_let_in_is_asked_of_the_gateway(self):
        asked = []

        class Gateway(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append((self.path, self.headers["Authorization"]))
                body = json.dumps({"nodes": [
                    {"address": "http://127.0.0.1:8081", "state": "in"}, {"address": "http://127.0.0.1:8082/", "state": "out"}]}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)

        self.assertEqual(run_cluster.ports_let_in(server.server_port, "secret"), {8081})
        self.assertEqual(asked, [("/admin/nodes", "Bearer secret")])
        self.assertEqual(run_cluster.ports_let_in(run_cluster.free_port(), "secret"), set())


if __name__ == "__main__":
    unittest.main()
