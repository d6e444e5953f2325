"""Results in each format: what other programs read in them."""
import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, collection, inline, shared, stored  # noqa: E402

GML = 'application/gml+xml; version='
PLACES = {'EPSG:4326': (8, 50), 'EPSG:3857': (890555, 6446275), 'EPSG:25832': (428000, 5538000), 'EPSG:31467': (3428000, 5540000),
          'EPSG:3035': (4180000, 2990000), 'OGC:CRS84': (8, 50)}
NORTHING_FIRST = ('EPSG:4326', 'EPSG:31467', 'EPSG:3035')


def point(crs):
    authority, code = crs.split(':')
    name = f'urn:ogc:def:crs:{authority}:{"1.3" if authority == "OGC" else ""}:{code}'
    return collection([{'type': 'Feature', 'properties': {'n': 1}, 'geometry': {'type': 'Point', 'coordinates': PLACES[crs]}}],
                      crs={'type': 'name', 'properties': {'name': name}})


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Formats(unittest.TestCase):
    def setUp(self):
        self.host, self.worker = shared()
        self.folder = self.host.job()
        self.source = tempfile.mkdtemp(prefix='geowps-data-')
        self.addCleanup(shutil.rmtree, self.source)

    def result(self, algorithm, parameters, media_type):
        answer = self.host.run(self.worker, algorithm, parameters, {'OUTPUT': media_type}, self.folder)
        self.assertEqual(answer['op'], 'done', answer)
        return answer['results']['OUTPUT']

    def path(self, result):
        return os.path.join(self.folder, result['path'])

    def text(self, result):
        with open(self.path(result), encoding='utf-8') as file:
            return file.read()

    def test_gml_is_of_the_version_asked_for_with_the_axes_that_it_demands(self):
        for crs, (x, y) in PLACES.items():
            for version, namespace in (('3.2', 'http://www.opengis.net/gml/3.2'), ('3.1', 'http://www.opengis.net/gml'), ('2.1', 'http://www.opengis.net/gml')):
                with self.subTest(crs=crs, version=version):
                    result = self.result('native:centroids', {'INPUT': inline(point(crs))}, GML + version)
                    text = self.text(result)
                    self.assertIn(f'xmlns:gml="{namespace}"', text)
                    code = {'OGC:CRS84': '4326'}.get(crs, crs.split(':')[1])
                    if version == '2.1':
                        self.assertIn(f'srsName="EPSG:{code}"', text)
                        self.assertIn(f'<gml:coordinates>{x},{y}</gml:coordinates>', text)
                    else:
                        self.assertIn(f'srsName="urn:ogc:def:crs:EPSG::{code}"', text)
                        first, second = (y, x) if f'EPSG:{code}' in NORTHING_FIRST else (x, y)
                        self.assertIn(f'<gml:pos>{first} {second}</gml:pos>', text)
                    self.assertEqual(result['sidecars'], [result['path'][:-4] + '.xsd'])

    def test_a_tool_of_gdal_delivers_older_gml_and_csv_too(self):
        lines = collection([{'type': 'Feature', 'properties': {'n': 1}, 'geometry': {'type': 'LineString', 'coordinates': [[0, 0], [10, 0]]}}])
        parameters = {'INPUT': inline(lines), 'DISTANCE': {'v': 0.5}}
        old = self.text(self.result('gdal:pointsalonglines', parameters, GML + '2.1'))
        self.assertIn('<gml:coordinates>5,0</gml:coordinates>', old)
        self.assertIn('POINT (5 0)', self.text(self.result('gdal:pointsalonglines', parameters, 'text/csv')))

    def test_csv_holds_the_geometry_and_has_types_and_crs_beside_it(self):
        result = self.result('native:centroids', {'INPUT': inline(point('EPSG:25832'))}, 'text/csv')
        header, row = self.text(result).splitlines()
        self.assertEqual(header, 'WKT,n')
        self.assertTrue(row.startswith('"POINT (428000 5538000)",'), row)
        self.assertEqual([os.path.splitext(s)[1] for s in result['sidecars']], ['.csvt', '.prj'])

    def test_a_table_without_geometry_has_no_column_for_it(self):
        result = self.result('native:dropgeometries', {'INPUT': inline(point('EPSG:4326'))}, 'text/csv')
        self.assertEqual(self.text(result).splitlines()[0].rstrip(','), 'n')

    def test_a_cloud_optimized_geotiff_passes_gdals_own_check(self):
        from osgeo_utils.samples import validate_cloud_optimized_geotiff
        dem = stored(self.folder, 'INPUT', data.raster(os.path.join(self.source, 'dem.tif'), 1500), 'image/tiff', want='raster')
        for algorithm in ('native:slope', 'gdal:hillshade'):
            with self.subTest(algorithm):
                path = self.path(self.result(algorithm, {'INPUT': dem}, 'image/tiff; application=geotiff; profile=cloud-optimized'))
                warnings, errors, details = validate_cloud_optimized_geotiff.validate(path, full_check=True)
                self.assertEqual((warnings, errors), ([], []))
                self.assertGreater(len(details['ifd_offsets']), 1, 'has overviews')

    def test_an_ascii_grid_has_its_crs_beside_it(self):
        dem = stored(self.folder, 'INPUT', data.raster(os.path.join(self.source, 'dem.tif')), 'image/tiff', want='raster')
        result = self.result('native:slope', {'INPUT': dem}, 'application/arcgrid')
        self.assertRegex(self.text(result), r'\Ancols\s+\d+\s+nrows\s+\d+')
        self.assertEqual(result['sidecars'], [result['path'][:-4] + '.prj'])


if __name__ == '__main__':
    unittest.main()
