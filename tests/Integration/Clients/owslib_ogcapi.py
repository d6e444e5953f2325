"""What OWSLib does with OGC API - Processes; one function a habit, called by its name with the server's address."""

import json
import sys
import urllib.request

from owslib.ogcapi.processes import Processes


def landing(address):
    client = Processes(address + "/")
    relations = {link["rel"] for link in client.links}
    assert {"self", "service-desc", "service-doc", "http://www.opengis.net/def/rel/ogc/1.0/conformance", "http://www.opengis.net/def/rel/ogc/1.0/processes"} <= relations
    assert "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core" in client.conformance()["conformsTo"]


def definition(address):
    paths = Processes(address + "/").api()["paths"]
    assert "/processes/native:buffer/execution" in paths


def descriptions(address):
    client = Processes(address + "/")
    ids = [process["id"] for process in client.processes()["processes"]]
    assert {"echo", "native:buffer"} <= set(ids)
    assert client.process("native:buffer")["inputs"]["SEGMENTS"]["schema"]["default"] == 5


def address_with_query(address):
    """As people copy it from a browser: OWSLib sends the query with everything that it asks for."""
    client = Processes(address + "/?f=json")
    assert "echo" in {process["id"] for process in client.processes()["processes"]}
    assert client.process("echo")["id"] == "echo" and client.conformance()["conformsTo"]


def mistake(address):
    """The text of the answer is all that OWSLib keeps of a refusal."""
    try:
        Processes(address + "/").process("no-such")
    except RuntimeError as error:
        assert json.loads(str(error))["type"].endswith("/no-such-process")
    else:
        raise AssertionError("an unknown process was described")


def execution(address):
    """Later versions of OWSLib ask for the answer at once by respond-sync, and read what comes by its media type."""
    request = urllib.request.Request(
        address + "/processes/echo/execution",
        json.dumps({"inputs": {"literalInput": "hello"}, "response": "document"}).encode(),
        {"Content-Type": "application/json", "Accept": "application/json", "Prefer": "respond-sync"},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200 and answer.headers["Content-Type"] == "application/json"
        assert json.load(answer) == {"literalOutput": "hello"}


if __name__ == "__main__":
    globals()[sys.argv[2]](sys.argv[1].rstrip("/"))
