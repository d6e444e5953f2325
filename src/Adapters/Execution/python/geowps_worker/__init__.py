"""The QGIS half of GeoWps: processes that run algorithms for a host, by the frames of PROTOCOL.md."""

PROTOCOL_VERSION = 1
