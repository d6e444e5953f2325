"""Runs a cluster on this machine: PostgreSQL, workers, a gateway. One line of log a line, with the name of who says it. Ctrl-C or SIGTERM drains and stops all."""

import glob
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 60
DATABASE = "geowps"
PLACE = os.path.join("data", "cluster")
# Where the user postgres can't enter that one.
OTHER_PLACE = "/var/lib/geowps/cluster"


def fail(text):
    print(f"geowps: {text}", file=sys.stderr)
    sys.exit(1)


class Cluster:
    def __init__(self, dotnet, host, samples, workers, port, folder, settings):
        self.dotnet, self.host, self.samples = dotnet, host, samples
        self.workers, self.port, self.folder, self.settings = workers, port, os.path.abspath(folder), settings
        self.nodes = []
        self.database = None
        self.stopping = False

    def up(self):
        if closed := closed_folder(self.folder):
            fail(closed_text(closed))
        make_folder(self.folder)
        connection = self.start_database()
        token = self.token()
        shared = ["--Storage:ConnectionString", connection, "--Security:AdminToken", token]
        for number in range(1, self.workers + 1):
            data = os.path.join(self.folder, f"worker{number}")
            self.bring_samples(data)
            self.start_node(
                f"worker{number}", self.port + number, data,
                ["--Node:Role", "Worker", "--Storage:Provider", "Postgres", "--Http:TrustedProxies", "127.0.0.1", *shared, *self.settings])
        self.start_node("gateway", self.port, os.path.join(self.folder, "gateway"), ["--Node:Role", "Gateway", "--Storage:Provider", "Postgres", *shared])
        self.wait_ready()
        self.wait_let_in(token)
        print(f"geowps: the cluster serves at http://127.0.0.1:{self.port}; the administrator's token is in {os.path.join(self.folder, 'admin-token')}; Ctrl-C drains and stops it", flush=True)
        self.watch()

    # PostgreSQL does not run as root: its folder is somebody else's then.
    def start_database(self):
        folder = os.path.join(self.folder, "postgres")
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        programs = found[-1] if found else os.path.dirname(shutil.which("initdb") or fail("PostgreSQL is missing (package postgresql)"))
        owner = database_user()
        become = as_user(owner)
        if not os.path.exists(os.path.join(folder, "PG_VERSION")):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder, mode=0o700)
            if owner:
                os.chown(folder, owner.pw_uid, owner.pw_gid)
            made = subprocess.run(
                [os.path.join(programs, "initdb"), f"--pgdata={folder}", f"--username={DATABASE}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"],
                cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **become)
            if made.returncode != 0:
                shutil.rmtree(folder, ignore_errors=True)
                fail(f"initdb: {made.stdout.strip()}")
        port = free_port()
        # By its own socket alone, in a folder that only its owner and this user reach: it asks for no password.
        process = subprocess.Popen(
            [os.path.join(programs, "postgres"), "-D", folder, "-p", str(port), "-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "max_connections=300"],
            cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, **become)
        self.database = process
        self.tell("postgres", process)
        control = [os.path.join(programs, "psql"), "-h", folder, "-p", str(port), "-U", DATABASE, "-X", "-q", "-A", "-t", "-d"]
        patience = time.monotonic() + PATIENCE
        while subprocess.run([*control, "postgres", "-c", "SELECT 1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/").returncode != 0:
            if process.poll() is not None or time.monotonic() > patience:
                self.stop()
                fail("PostgreSQL does not start; its lines above say why")
            time.sleep(0.1)
        there = subprocess.run([*control, "postgres", "-c", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"], stdout=subprocess.PIPE, text=True, cwd="/").stdout.strip()
        if not there:
            subprocess.run([*control, "postgres", "-c", f"CREATE DATABASE {DATABASE}"], check=True, cwd="/")
        return f"Host={folder};Port={port};Username={DATABASE};Database={DATABASE};Maximum Pool Size=40"

    def token(self):
        path = os.path.join(self.folder, "admin-token")
        if not os.path.exists(path):
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32))
        with open(path, encoding="ascii") as file:
            return file.read().strip()

    def bring_samples(self, data):
        target = os.path.join(data, "samples")
        if not os.path.exists(target):
            os.makedirs(data, mode=0o700, exist_ok=True)
            shutil.copytree(self.samples, target + ".new", dirs_exist_ok=True)
            os.rename(target + ".new", target)

    def start_node(self, name, port, data, settings):
        os.makedirs(data, mode=0o700, exist_ok=True)
        # In a session of its own: Ctrl-C reaches this process alone, which stops them in order.
        process = subprocess.Popen(
            [self.dotnet, self.host, "--urls", f"http://127.0.0.1:{port}", "--Data:Directory", data, "--Node:Name", name, *settings],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.nodes.append((name, port, process))
        self.tell(name, process)

    def tell(self, name, process):
        def copy():
            for line in process.stdout:
                print(f"{name:<9} {line}", end="", flush=True)

        threading.Thread(target=copy, daemon=True).start()

    def wait_ready(self):
        patience = time.monotonic() + PATIENCE
        for name, port, process in self.nodes:
            while not is_ready(port):
                if process.poll() is not None or time.monotonic() > patience:
                    self.stop()
                    fail(f"{name} does not become ready; its lines above say why")
                time.sleep(0.1)

    # Before, requests get 503: the gateway lets a node in when it has answered its probes.
    def wait_let_in(self, token):
        patience = time.monotonic() + PATIENCE
        expected = {port: name for name, port, _ in self.nodes if name != "gateway"}
        while missing := [name for port, name in expected.items() if port not in ports_let_in(self.port, token)]:
            ended = [name for name, _, process in self.nodes if process.poll() is not None]
            if ended or self.stopping or time.monotonic() > patience:
                self.stop()
                if self.stopping:
                    sys.exit(0)
                fail(f"{ended[0]} has ended; its lines above say why" if ended else f"the gateway does not let {' and '.join(missing)} in; the lines above say why")
            time.sleep(0.1)

    def watch(self):
        told = set()
        while not self.stopping:
            if self.database.poll() is not None:
                self.stop()
                fail("PostgreSQL has ended")
            for name, _, process in self.nodes:
                if process.poll() is not None and name not in told:
                    told.add(name)
                    print(f"geowps: {name} has ended with {process.returncode}; the others go on", flush=True)
            time.sleep(0.2)
        self.stop()

    # Workers hand back what they hold while the gateway still answers, and the database goes last.
    def stop(self):
        workers = [node for node in self.nodes if node[0] != "gateway"]
        gateways = [node for node in self.nodes if node[0] == "gateway"]
        for group in (workers, gateways):
            for _, _, process in group:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
            for _, _, process in group:
                process.wait()
        if self.database and self.database.poll() is None:
            self.database.send_signal(signal.SIGINT)
            self.database.wait()


def is_ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def ports_let_in(port, token):
    """Of the nodes that a gateway sends requests to."""
    question = urllib.request.Request(f"http://127.0.0.1:{port}/admin/nodes", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(question, timeout=2) as answer:
            return {urllib.parse.urlsplit(node["address"]).port for node in json.load(answer)["nodes"] if node["state"] == "in"}
    except (urllib.error.URLError, OSError, ValueError):
        return set()


def database_user():
    """Who PostgreSQL runs as, when that is somebody else."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def as_user(user):
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def make_folder(folder):
    """With all on the way: what is made here can be entered, whatever the umask, and is read by its owner alone."""
    if not os.path.isdir(folder):
        make_folder(os.path.dirname(folder))
        os.mkdir(folder)
        os.chmod(folder, 0o711)


def closed_folder(folder, user=None):
    """The first folder on the way that the database's user can't enter; those that are still to be made don't count."""
    user = user or database_user()
    if not user:
        return None
    parts = folder.strip("/").split("/")
    ways = ["/", *("/" + "/".join(parts[:count + 1]) for count in range(len(parts)))]
    asked = subprocess.run(
        ["/bin/sh", "-c", 'for way; do if [ -e "$way" ] && [ ! -x "$way" ]; then printf %s "$way"; exit; fi; done', "sh", *ways],
        cwd="/", stdout=subprocess.PIPE, check=True, **as_user(user))
    return os.fsdecode(asked.stdout) or None


def closed_text(closed):
    return f"PostgreSQL runs as the user postgres, who can't enter {closed}: name another place with --directory, or allow it (chmod o+x {closed})"


def choose_place():
    """The usual place, or another one that the database's user can enter."""
    place = os.path.abspath(PLACE)
    closed = closed_folder(place)
    if not closed:
        return place
    if os.path.exists(os.path.join(place, "postgres", "PG_VERSION")):
        fail(f"{place} holds the cluster's data; {closed_text(closed)}")
    print(f"geowps: the user postgres can't enter {closed}, so the cluster's data are in {OTHER_PLACE} (--directory names another place)", flush=True)
    return OTHER_PLACE


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def number_of(name, text, least, most):
    if not text.isdecimal() or not least <= int(text) <= most:
        fail(f"{name}: '{text}' is not allowed; a number from {least} to {most}")
    return int(text)


def main(arguments):
    dotnet, host, samples, *rest = arguments
    own = {"--workers": "2", "--port": "8080", "--directory": None}
    settings = []
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if name in own:
            if not equals and not rest:
                fail(f"{name} needs a value")
            own[name] = value if equals else rest.pop(0)
        else:
            settings.append(word)
    cluster = Cluster(
        dotnet, host, samples, number_of("--workers", own["--workers"], 1, 64), number_of("--port", own["--port"], 1, 65000), own["--directory"] or choose_place(), settings)

    def ask_to_stop(_signal, _frame):
        cluster.stopping = True

    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    cluster.up()


if __name__ == "__main__":
    main(sys.argv[1:])
