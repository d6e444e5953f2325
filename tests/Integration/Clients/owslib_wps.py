"""What OWSLib, birdy and scripts made for PyWPS do with a WPS 1.0.0; one function a habit, called by its name with the server's address."""

import keyword
import re
import sys
import urllib.parse
import urllib.request

from lxml import etree
from owslib.wps import ASYNC, SYNC, BoundingBoxDataInput, ComplexDataInput, WebProcessingService, monitorExecution

POINT = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[7,51]}}]}'


def client(address):
    return WebProcessingService(address + "/wps", verbose=False)


def capabilities(address):
    wps = client(address)
    assert wps.version == "1.0.0"
    assert [operation.name for operation in wps.operations] == ["GetCapabilities", "DescribeProcess", "Execute"]
    assert {"echo", "native:buffer"} <= {process.identifier for process in wps.processes}
    assert wps.identification.title and wps.provider.name


def description(address):
    process = client(address).describeprocess("native:buffer")
    inputs = {each.identifier: each for each in process.dataInputs}
    assert inputs["INPUT"].dataType == "ComplexData" and inputs["INPUT"].minOccurs == 1
    # OWSLib reads a default by its type: an integer that is written as 5.0 breaks it.
    assert inputs["SEGMENTS"].dataType == "integer" and inputs["SEGMENTS"].defaultValue == 5
    assert inputs["DISTANCE"].dataType == "double" and float(inputs["DISTANCE"].defaultValue) == 10
    assert inputs["END_CAP_STYLE"].allowedValues == [0, 1, 2] and inputs["END_CAP_STYLE"].defaultValue == 0
    assert inputs["DISSOLVE"].defaultValue is False
    assert process.storeSupported and process.statusSupported
    types = [each.mimeType for each in process.processOutputs[0].supportedValues]
    assert {"application/geo+json", "application/gml+xml", "application/zip"} <= {each.split(";")[0] for each in types}, types


def synchronous(address):
    execution = client(address).execute(
        "native:buffer",
        [("INPUT", ComplexDataInput(POINT, mimeType="application/geo+json")), ("DISTANCE", "0.1"), ("SEGMENTS", "1")],
        output=[("OUTPUT", False, "application/geo+json")],
        mode=SYNC,
        lineage=True,
    )
    monitorExecution(execution)
    assert execution.isSucceded(), execution.errors
    assert "MultiPolygon" in execution.processOutputs[0].data[0]
    assert {each.identifier for each in execution.dataInputs} == {"INPUT", "DISTANCE", "SEGMENTS"}


def asynchronous(address):
    execution = client(address).execute(
        "native:buffer",
        [("INPUT", ComplexDataInput(POINT, mimeType="application/geo+json")), ("DISTANCE", "0.1")],
        output=[("OUTPUT", True, "application/gml+xml")],
        mode=ASYNC,
    )
    assert execution.statusLocation.startswith(address)
    monitorExecution(execution, sleepSecs=0.1)
    assert execution.isSucceded() and execution.percentCompleted == 100, execution.errors
    content = urllib.request.urlopen(execution.processOutputs[0].reference).read()
    assert etree.fromstring(content).tag.endswith("FeatureCollection")


def bounding_box(address):
    execution = client(address).execute(
        "echo", [("literalInput", "a"), ("boundingBoxInput", BoundingBoxDataInput([51.9, 7.0, 52.0, 7.1], crs="urn:ogc:def:crs:EPSG::4326"))], mode=SYNC
    )
    box = next(each.data[0] for each in execution.processOutputs if each.identifier == "boundingBoxOutput")
    # OWSLib turns the axes of what it reads in this CRS, not of what it sends.
    assert [box.miny, box.minx, box.maxy, box.maxx] == ["51.9", "7.0", "52.0", "7.1"], vars(box)


def birdy(address):
    """It asks for all descriptions at once, in lower case, and makes functions and arguments of their ids."""
    names = set()
    for process in client(address).describeprocess("all"):
        name = sanitized(process.identifier)
        assert name.isidentifier() and not keyword.iskeyword(name) and name not in names, process.identifier
        names.add(name)
        arguments = [sanitized(each.identifier) for each in process.dataInputs]
        assert len(set(arguments)) == len(arguments), process.identifier
        assert all(argument.isidentifier() for argument in arguments), arguments
        for each in process.dataInputs:
            # What it takes a default for: it is handed over as an argument's default.
            assert each.dataType == "ComplexData" or each.defaultValue is None or not isinstance(each.defaultValue, (list, dict))
    assert "native_buffer" in names


def sanitized(identifier):
    name = re.sub(r"\W", "_", identifier)
    return "_" + name if name[0].isdigit() else name


def pywps(address):
    """Raw output, response document with references, store and status, lineage: all by parameters, as scripts write them."""
    base = address + "/wps?service=WPS&version=1.0.0&request=Execute&identifier=echo&datainputs=literalInput=hello;numberInput=3"
    assert urllib.request.urlopen(base + "&rawdataoutput=literalOutput").read() == b"hello"
    assert urllib.request.urlopen(base + "&RawDataOutput=numberOutput@mimeType=text/plain").read() == b"3"
    root = document(base + "&responsedocument=literalOutput=@asReference=true;numberOutput")
    reference = root.find(".//{*}ProcessOutputs/{*}Output/{*}Reference").get("href")
    assert urllib.request.urlopen(reference).read() == b"hello"
    root = document(base + "&storeExecuteResponse=true&status=true&lineage=true")
    assert [each.text for each in root.findall("{*}DataInputs/{*}Input/{*}Identifier")] == ["literalInput", "numberInput"]
    assert document(root.get("statusLocation")).find("{*}Status/{*}ProcessSucceeded") is not None


def document(address):
    return etree.fromstring(urllib.request.urlopen(address).read())


def qgis_plugin(address):
    """A plug-in sends what it has as GML in the request, and wants a layer as GML or as a zipped Shapefile in base64."""
    gml = (
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:t="http://example.org/t"><gml:featureMember>'
        '<t:p fid="p.1"><t:geom><gml:Point srsName="EPSG:4326"><gml:coordinates>7,51</gml:coordinates></gml:Point></t:geom><t:a>1</t:a></t:p>'
        "</gml:featureMember></wfs:FeatureCollection>"
    )
    for kind, encoding in (("text/xml; subtype=gml/3.1.1", ""), ("application/zip", 'encoding="base64"'), ("application/x-zipped-shp", 'encoding="base64"')):
        body = (
            '<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1">'
            "<ows:Identifier>native:buffer</ows:Identifier><wps:DataInputs><wps:Input><ows:Identifier>INPUT</ows:Identifier><wps:Data>"
            f'<wps:ComplexData mimeType="text/xml; subtype=gml/2.1.2">{gml}</wps:ComplexData></wps:Data></wps:Input><wps:Input><ows:Identifier>DISTANCE</ows:Identifier>'
            "<wps:Data><wps:LiteralData>0.1</wps:LiteralData></wps:Data></wps:Input></wps:DataInputs><wps:ResponseForm><wps:ResponseDocument>"
            f'<wps:Output mimeType="{kind}" {encoding}><ows:Identifier>OUTPUT</ows:Identifier></wps:Output></wps:ResponseDocument></wps:ResponseForm></wps:Execute>'
        )
        request = urllib.request.Request(address + "/wps", body.encode(), {"Content-Type": "text/xml"})
        data = etree.fromstring(urllib.request.urlopen(request).read()).find(".//{*}ProcessOutputs/{*}Output/{*}Data/{*}ComplexData")
        if encoding:
            import base64

            assert base64.b64decode(data.text)[:2] == b"PK"
        else:
            assert data[0].tag.endswith("FeatureCollection")


if __name__ == "__main__":
    globals()[sys.argv[2]](sys.argv[1].rstrip("/"))
