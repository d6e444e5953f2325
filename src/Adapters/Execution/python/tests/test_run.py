import json
import os
import shutil
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, collection, inline, points, shared, stored  # noqa: E402

GEOJSON, GML, ZIP = 'application/geo+json', 'application/gml+xml', 'application/zip'
GEOTIFF = 'image/tiff; application=geotiff'


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Runs(unittest.TestCase):
    def setUp(self):
        self.host, self.worker = shared()
        self.folder = self.host.job()
        self.source = tempfile.mkdtemp(prefix='geowps-data-')
        self.addCleanup(shutil.rmtree, self.source)

    def done(self, algorithm, parameters, outputs=None, **more):
        answer = self.host.run(self.worker, algorithm, parameters, outputs, self.folder, **more)
        self.assertEqual(answer['op'], 'done', answer)
        return answer['results']

    def path(self, result):
        path = os.path.join(self.folder, result['path'])
        self.assertTrue(path.startswith(os.path.join(self.folder, 'outputs') + os.sep))
        return path

    def features(self, result):
        from osgeo import ogr
        ogr.UseExceptions()
        source = ogr.Open(self.path(result))
        return [json.loads(f.ExportToJson()) for f in source.GetLayer(0)]

    def buffered(self, media_type, parameters=None):
        return self.done('native:buffer', parameters or {'INPUT': inline(points()), 'DISTANCE': {'v': 1}}, {'OUTPUT': media_type})['OUTPUT']

    def test_small_geojson_becomes_a_memory_layer_and_a_flatgeobuf(self):
        result = self.buffered(GEOJSON)
        self.assertEqual((result['mediaType'], result['name']), ('application/flatgeobuf', 'Buffered'))
        features = self.features(result)
        self.assertEqual([f['properties'] for f in features][:2], [{'n': 0, 'name': 'p0', 'half': 0}, {'n': 1, 'name': 'p1', 'half': 0.5}])
        self.assertEqual([f['properties']['n'] for f in features], list(range(10)))
        self.assertEqual(os.listdir(os.path.join(self.folder, 'inputs')), [])

    def test_every_vector_format(self):
        for media_type, extension in (('application/geopackage+sqlite3', '.gpkg'), ('application/flatgeobuf', '.fgb'), ('text/csv', '.csv'),
                                      ('application/vnd.google-earth.kml+xml', '.kml'), ('application/vnd.dbf', '.dbf'),
                                      (GML, '.gml'), (ZIP, '.zip')):
            with self.subTest(media_type):
                result = self.buffered(media_type)
                self.assertEqual((result['mediaType'], os.path.splitext(result['path'])[1]), (media_type, extension))
                self.assertGreater(os.path.getsize(self.path(result)), 100)

    def test_a_shapefile_is_zipped_with_its_parts(self):
        with zipfile.ZipFile(self.path(self.buffered(ZIP))) as archive:
            self.assertEqual(sorted(os.path.splitext(n)[1] for n in archive.namelist()), ['.cpg', '.dbf', '.prj', '.shp', '.shx'])

    def test_gml_in_and_out_with_its_schema_beside_it(self):
        gml = data.converted(data.geojson(self.source, 'towns', points()), os.path.join(self.source, 'towns.gml'), 'GML')
        layer = stored(self.folder, 'INPUT', gml, GML)
        result = self.buffered(GML, {'INPUT': layer, 'DISTANCE': {'v': 1}})
        self.assertEqual(result['sidecars'], [result['path'][:-4] + '.xsd'])
        with open(self.path(result), encoding='utf-8') as file:
            text = file.read()
        self.assertIn(f'schemaLocation="http://ogr.maptools.org/ {os.path.basename(result["sidecars"][0])}"', text)
        self.assertNotIn(self.host.work, text)
        self.assertEqual(len(self.features(result)), 10)

    def test_geopackage_layers_are_chosen_by_name(self):
        path = os.path.join(self.source, 'both.gpkg')
        from osgeo import gdal
        gdal.UseExceptions()
        for name, count in (('few', 2), ('many', 7)):
            gdal.VectorTranslate(path, data.geojson(self.source, name, points(count)), format='GPKG', layerName=name,
                                 accessMode='append' if os.path.exists(path) else None)
        layer = stored(self.folder, 'INPUT', path, 'application/geopackage+sqlite3', layername='many')
        self.assertEqual(len(self.features(self.buffered(GEOJSON, {'INPUT': layer, 'DISTANCE': {'v': 1}}))), 7)

    def test_features_without_geometry_stay(self):
        text = collection([{'type': 'Feature', 'properties': {'n': 1}, 'geometry': None},
                           {'type': 'Feature', 'properties': {'n': 2}, 'geometry': {'type': 'Point', 'coordinates': [1, 2]}}])
        result = self.buffered(GEOJSON, {'INPUT': inline(text), 'DISTANCE': {'v': 1}})
        self.assertEqual([f['geometry'] is None for f in self.features(result)], [True, False])

    def test_what_no_memory_layer_holds_goes_through_a_file(self):
        text = collection([{'type': 'Feature', 'properties': {'deep': {'a': [1]}}, 'geometry': {'type': 'Point', 'coordinates': [1, 2, 3]}},
                           {'type': 'Feature', 'properties': {'deep': None}, 'geometry': {'type': 'MultiPoint', 'coordinates': [[1, 2]]}}])
        result = self.done('native:centroids', {'INPUT': inline(text)})['OUTPUT']
        with open(self.path(result), encoding='utf-8') as file:
            features = json.load(file)['features']
        self.assertEqual([f['properties']['deep'] for f in features], [{'a': [1]}, None])
        stored_layer = stored(self.folder, 'INPUT', data.geojson(self.source, 'deep', text), GEOJSON)
        with open(self.path(self.done('native:centroids', {'INPUT': stored_layer})['OUTPUT']), encoding='utf-8') as file:
            self.assertEqual(json.load(file)['features'][0]['properties']['deep'], {'a': [1]})

    def test_slope_of_a_raster(self):
        from osgeo import gdal
        dem = data.raster(os.path.join(self.source, 'dem.tif'))
        for media_type, driver in ((GEOTIFF, 'GTiff'), (GEOTIFF + '; profile=cloud-optimized', 'GTiff'), ('image/png', 'PNG')):
            with self.subTest(media_type):
                result = self.done('native:slope', {'INPUT': stored(self.folder, 'INPUT', dem, GEOTIFF, 'raster'), 'Z_FACTOR': {'v': 1}},
                                   {'OUTPUT': media_type})['OUTPUT']
                dataset = gdal.Open(self.path(result))
                self.assertEqual(dataset.GetDriver().ShortName, driver)
                if driver == 'GTiff':
                    self.assertAlmostEqual(dataset.ReadAsArray(20, 20, 1, 1)[0][0], 45, 3)
                layout = dataset.GetMetadataItem('LAYOUT', 'IMAGE_STRUCTURE')
                self.assertEqual(layout, 'COG' if 'profile' in media_type else None)

    def test_what_is_missing_has_its_default(self):
        dem = stored(self.folder, 'INPUT', data.raster(os.path.join(self.source, 'dem.tif')), GEOTIFF, 'raster')
        self.done('gdal:hillshade', {'INPUT': dem, 'BAND': {'v': None}}, {'OUTPUT': GEOTIFF})

    def test_an_interpolated_grid_is_a_real_geotiff_with_a_crs(self):
        from osgeo import gdal
        structure = [{'layer': {'$layer': inline(points())['layer']}, 'valueSource': 0, 'attributeIndex': 0, 'type': 0}]
        result = self.done('qgis:idwinterpolation', {
            'INTERPOLATION_DATA': {'structure': structure}, 'DISTANCE_COEFFICIENT': {'v': 2}, 'EXTENT': {'v': '0,9,0,9 [EPSG:4326]'},
            'PIXEL_SIZE': {'v': 1}}, {'OUTPUT': GEOTIFF})['OUTPUT']
        dataset = gdal.Open(self.path(result))
        self.assertEqual(dataset.GetDriver().ShortName, 'GTiff')
        self.assertEqual(dataset.GetSpatialRef().GetAuthorityCode(None), '4326')

    def test_numbers_stand_bare_and_nan_is_null(self):
        outputs = {'COUNT': None, 'MEAN': None}
        results = self.done('qgis:basicstatisticsforfields', {'INPUT_LAYER': inline(points()), 'FIELD_NAME': {'v': 'half'}}, outputs)
        self.assertEqual(results['COUNT'], {'value': 10})
        self.assertEqual(results['MEAN'], {'value': 2.25})
        nothing = points(1).replace('0.0', 'null')
        results = self.done('qgis:basicstatisticsforfields', {'INPUT_LAYER': inline(nothing.replace('"half": null', '"half": 1e999')),
                                                              'FIELD_NAME': {'v': 'half'}}, {'MEAN': None})
        self.assertIsNone(results['MEAN']['value'])

    def test_html_is_a_file(self):
        results = self.done('qgis:basicstatisticsforfields', {'INPUT_LAYER': inline(points()), 'FIELD_NAME': {'v': 'n'}},
                            {'OUTPUT_HTML_FILE': 'text/html'})
        self.assertEqual(results['OUTPUT_HTML_FILE']['mediaType'], 'text/html')
        self.assertTrue(results['OUTPUT_HTML_FILE']['path'].endswith('.html'))

    def test_a_changed_input_is_the_output(self):
        path = data.converted(data.geojson(self.source, 'towns', points()), os.path.join(self.source, 'towns.gpkg'), 'GPKG')
        result = self.done('native:truncatetable', {'INPUT': stored(self.folder, 'INPUT', path, 'application/geopackage+sqlite3')})['OUTPUT']
        self.assertEqual(self.features(result), [])

    def test_tools_of_gdal_get_files(self):
        result = self.done('gdal:buffervectors', {'INPUT': inline(points()), 'DISTANCE': {'v': 1}})['OUTPUT']
        self.assertEqual(result['mediaType'], GEOJSON)
        self.assertEqual(len(self.features(result)), 10)
        commands = [s['text'] for s in self.worker.said if s['op'] == 'log' and s['level'] == 'command']
        self.assertTrue(any('ogr2ogr' in c for c in commands))
        self.assertFalse(any(self.host.work in c for c in commands))

    def test_a_folder_is_zipped(self):
        structure = [{'layer': {'$layer': inline(points())['layer']}}]
        result = self.done('native:writevectortiles_xyz', {'LAYERS': {'structure': structure}, 'MAX_ZOOM': {'v': 1}, 'MIN_ZOOM': {'v': 0}},
                           {'OUTPUT_DIRECTORY': ZIP})['OUTPUT_DIRECTORY']
        with zipfile.ZipFile(self.path(result)) as archive:
            self.assertIn('0/0/0.pbf', archive.namelist())

    def test_equal_layers_are_one_layer(self):
        result = self.done('native:snapgeometries', {'INPUT': inline(points()), 'REFERENCE_LAYER': inline(points()),
                                                     'TOLERANCE': {'v': 2}, 'BEHAVIOR': {'v': 7}})['OUTPUT']
        self.assertEqual(len(self.features(result)), 10)

    def test_ellipsoid_and_crs_of_the_project(self):
        for ellipsoid, area in ((None, 1), ('GRS80', 1.2e10)):
            text = collection([{'type': 'Feature', 'properties': {}, 'geometry': {
                'type': 'Polygon', 'coordinates': [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}}])
            result = self.done('qgis:exportaddgeometrycolumns', {'INPUT': inline(text), 'CALC_METHOD': {'v': 2 if ellipsoid else 0}},
                               context={'ellipsoid': ellipsoid})['OUTPUT']
            self.assertAlmostEqual(self.features(result)[0]['properties']['area'] / area, 1, 1)

    def test_invalid_features_are_an_error_or_left_out_or_ignored(self):
        text = collection([{'type': 'Feature', 'properties': {}, 'geometry': {
            'type': 'Polygon', 'coordinates': [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}}])
        for wish, op in (('error', 'failed'), ('skip', 'done'), ('ignore', 'done')):
            answer = self.host.run(self.worker, 'native:centroids', {'INPUT': inline(text), 'ALL_PARTS': {'v': False}},
                                   folder=self.folder, context={'invalidFeatures': wish})
            self.assertEqual(answer['op'], op, answer)
            if op == 'failed':
                self.assertIn('INPUT', answer['message'])


if __name__ == '__main__':
    unittest.main()
