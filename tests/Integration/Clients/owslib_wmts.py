"""What OWSLib does with a WMTS 1.0.0; one function a habit, called by its name with the server's address."""

import sys
import urllib.request

from owslib.util import ServiceException
from owslib.wmts import WebMapTileService


def client(address):
    return WebMapTileService(address + "/wmts")


def capabilities(address):
    for wmts in (client(address), WebMapTileService(address + "/wmts/1.0.0/WMTSCapabilities.xml")):
        assert wmts.identification.type == "OGC WMTS" and wmts.identification.version == "1.0.0"
        assert {operation.name for operation in wmts.operations} == {"GetCapabilities", "GetTile", "GetFeatureInfo"}
        assert wmts.provider.name
        assert wmts.serviceMetadataURL == address + "/wmts/1.0.0/WMTSCapabilities.xml"


def layers(address):
    wmts = client(address)
    countries = wmts.contents["countries"]
    assert countries.title == "Countries" and countries.boundingBoxWGS84[0] >= -180.1
    assert list(countries.styles) == ["default"] and countries.styles["default"]["isDefault"]
    assert "application/vnd.mapbox-vector-tile" in countries.formats
    links = countries.tilematrixsetlinks["WebMercatorQuad"].tilematrixlimits
    assert [links["0"].mintilerow, links["0"].maxtilerow, links["0"].mintilecol, links["0"].maxtilecol] == [0, 0, 0, 0]
    mercator = wmts.tilematrixsets["WebMercatorQuad"]
    assert mercator.crs == "urn:ogc:def:crs:EPSG::3857"
    assert round(mercator.tilematrix["0"].topleftcorner[0]) == -20037508
    assert wmts.tilematrixsets["WorldCRS84Quad"].tilematrix["0"].topleftcorner == (-180.0, 90.0)


def tile(address):
    wmts = client(address)
    tile = wmts.gettile(
        layer="countries", style="default", format="application/vnd.mapbox-vector-tile", tilematrixset="WebMercatorQuad", tilematrix="0", row=0, column=0
    ).read()
    assert b"countries" in tile[:100], tile[:100]
    template = next(each["template"] for each in wmts.contents["countries"].resourceURLs if each["format"] == "application/vnd.mapbox-vector-tile")
    link = template.format(style="default", TileMatrixSet="WebMercatorQuad", TileMatrix="0", TileRow="0", TileCol="0")
    assert urllib.request.urlopen(link).read() == tile


def mistake(address):
    try:
        client(address).gettile(layer="countries", format="image/png", tilematrixset="WebMercatorQuad", tilematrix="0", row=5, column=0)
    except ServiceException as error:
        assert "TileRow" in str(error), error
    else:
        raise AssertionError("a row that is out of range was answered")


if __name__ == "__main__":
    globals()[sys.argv[2]](sys.argv[1].rstrip("/"))
