import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, inline, points, shared, stored  # noqa: E402

OGR_VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
GDAL_VRT = ('<VRTDataset rasterXSize="2" rasterYSize="2"><VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">'
            '<SourceFilename relativetoVRT="0">/etc/passwd</SourceFilename></VRTRasterBand></VRTDataset>')


class Case(unittest.TestCase):
    def setUp(self):
        self.host, self.worker = shared()
        self.folder = self.host.job()
        self.source = tempfile.mkdtemp(prefix='geowps-data-')
        self.addCleanup(shutil.rmtree, self.source)

    def run_(self, algorithm, parameters, outputs=None, **more):
        return self.host.run(self.worker, algorithm, parameters, outputs, self.folder, **more)

    def assert_refused(self, answer, name):
        self.assertEqual(answer['op'], 'refused', answer)
        self.assertEqual(answer['mistakes'][0]['input'], name)
        self.assert_no_paths(answer)

    def assert_no_paths(self, answer):
        text = json.dumps(answer)
        for path in (self.host.work, '/usr/', '/etc/', '.py', 'Traceback'):
            self.assertNotIn(path, text)


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Sources(Case):
    def disguised(self, name, text, media_type, want):
        path = os.path.join(self.source, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return stored(self.folder, 'INPUT', path, media_type, want)

    def test_a_virtual_layer_named_geojson_is_refused(self):
        for media_type in ('application/geo+json', 'application/octet-stream', 'application/gml+xml', 'application/x-unknown'):
            with self.subTest(media_type):
                layer = self.disguised('x.geojson', OGR_VRT, media_type, 'vector')
                self.assert_refused(self.run_('native:buffer', {'INPUT': layer, 'DISTANCE': {'v': 1}}), 'INPUT')

    def test_a_virtual_raster_named_tif_is_refused(self):
        for want, algorithm in (('raster', 'native:slope'), ('any', 'native:slope')):
            layer = self.disguised('x.tif', GDAL_VRT, 'image/tiff; application=geotiff', want)
            self.assert_refused(self.run_(algorithm, {'INPUT': layer}), 'INPUT')

    def test_where_nothing_says_what_it_is_the_content_does(self):
        path = os.path.join(self.source, 'upload')
        shutil.copy(data.geojson(self.source, 'a', points()), path)
        layer = stored(self.folder, 'INPUT', path, 'application/octet-stream')
        self.assertEqual(self.run_('native:buffer', {'INPUT': layer, 'DISTANCE': {'v': 1}})['op'], 'done')
        for text, want, algorithm in ((OGR_VRT, 'vector', 'native:buffer'), (GDAL_VRT, 'raster', 'native:slope')):
            layer = self.disguised('upload', text, 'application/octet-stream', want)
            self.assert_refused(self.run_(algorithm, {'INPUT': layer}), 'INPUT')

    def test_the_declared_type_decides_not_the_content(self):
        gpkg = data.converted(data.geojson(self.source, 'towns', points()), os.path.join(self.source, 'towns.gpkg'), 'GPKG')
        layer = stored(self.folder, 'INPUT', gpkg, 'application/geo+json')
        self.assert_refused(self.run_('native:buffer', {'INPUT': layer, 'DISTANCE': {'v': 1}}), 'INPUT')

    def test_a_file_outside_the_job_is_refused(self):
        os.symlink('/etc/passwd', os.path.join(self.folder, 'inputs', 'link.csv'))
        for path in ('/etc/passwd', '../../../../etc/passwd', 'inputs/link.csv', 'inputs/none.csv'):
            layer = {'layer': {'path': path, 'name': 'x', 'mediaType': 'text/csv', 'want': 'vector'}}
            self.assert_refused(self.run_('native:buffer', {'INPUT': layer, 'DISTANCE': {'v': 1}}), 'INPUT')

    def test_a_text_is_no_layer_and_no_destination(self):
        self.assert_refused(self.run_('native:buffer', {'INPUT': {'v': 'delimitedtext://file:///etc/passwd?delimiter=:'}}), 'INPUT')
        self.assert_refused(self.run_('native:buffer', {'INPUT': inline(points()), 'OUTPUT': {'v': '/tmp/x.gpkg'}}), 'OUTPUT')
        structure = {'structure': [{'layer': '/etc/passwd'}]}
        self.assert_refused(self.run_('native:writevectortiles_mbtiles', {'LAYERS': structure}), 'LAYERS')

    def test_options_of_a_layer_are_from_a_list(self):
        for more in ({'layername': 'a|subset=1'}, {'geometrytype': 'Point|option:X=Y'}):
            layer = stored(self.folder, 'INPUT', data.geojson(self.source, 'a', points()), 'application/geo+json', **more)
            self.assert_refused(self.run_('native:buffer', {'INPUT': layer, 'DISTANCE': {'v': 1}}), 'INPUT')

    def test_virtual_files_stay_closed_after_all_drivers_were_registered(self):
        dem = data.raster(os.path.join(self.source, 'dem.tif'))
        self.assertEqual(self.run_('native:slope', {'INPUT': stored(self.folder, 'DEM', dem, 'image/tiff', 'raster')})['op'], 'done')
        self.test_a_virtual_raster_named_tif_is_refused()

    def test_a_linked_table_is_refused(self):
        path = os.path.join(self.source, 'x.tab')
        with open(path, 'w', encoding='ascii') as file:
            file.write('!table\n!version 300\nDefinition Table\n  File "/etc/passwd"\n  Type LINKED\n')
        layer = stored(self.folder, 'INPUT', path, 'application/zip')
        self.assert_refused(self.run_('native:buffer', {'INPUT': layer, 'DISTANCE': {'v': 1}}), 'INPUT')


PROJECT = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.16" projectname=""><projectlayers><maplayer type="vector" geometry="Point"><id>a1</id><datasource>%s</datasource>
<layername>a</layername><provider encoding="UTF-8">%s</provider></maplayer></projectlayers></qgis>"""


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Projects(Case):
    def with_project(self, source, provider='ogr', trusted=True):
        place = os.path.join(self.folder, 'inputs', 'project')
        os.makedirs(place, exist_ok=True)
        data.geojson(place, 'beside', points())
        with open(os.path.join(place, 'p.qgs'), 'w', encoding='utf-8') as file:
            file.write(PROJECT % (source, provider))
        return self.run_('native:buffer', {'INPUT': inline(points()), 'DISTANCE': {'v': 1}}, trusted=trusted,
                         context={'project': 'inputs/project/p.qgs'})

    def test_only_trusted_callers_may_send_one(self):
        self.assert_refused(self.with_project('./beside.geojson', trusted=False), 'qgis:project')

    def test_layers_must_lie_beside_it(self):
        self.assertEqual(self.with_project('./beside.geojson')['op'], 'done')
        for source, provider in (('/etc/passwd', 'ogr'), ('../../../../x.geojson', 'ogr'), ("dbname='x' host=localhost table=a", 'postgres'),
                                 ('file:///etc/passwd?delimiter=:', 'delimitedtext'), ('/vsicurl/http://localhost/x.geojson', 'ogr')):
            with self.subTest(source):
                self.assert_refused(self.with_project(source, provider), 'qgis:project')


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Expressions(Case):
    FORBIDDEN = ("env('HOME')", "eval('1')", "aggregate('x','sum',env('HOME'))", "array_foreach(array(1), file_exists('/etc/passwd'))",
                 '@user_account_name', "var('user_full_name')", "var('user' || '_full_name')", '@project_path', '@qgis_os_name',
                 "with_variable('user_full_name', 1, @user_full_name)", "case when true then exif('x') end", "layer_property(@layer,'source')",
                 "parameter('OUTPUT')", '(' * 101 + '1' + ')' * 101, '-' * 300 + '1', 'not ' * 300 + 'true', '1' + '+1' * 6000, '1 +')
    ALLOWED = ('"pop" > 5', "with_variable('a', 1, @a + 1)", 'array_foreach(array(1,2), @element * 2)', '@row_number', "'env(1)'", '')

    def check(self, kind, text, trusted=False, **more):
        frame = {'op': 'check', 'id': 1, 'trusted': trusted, 'items': [{'input': 'X', 'kind': kind, 'text': text, **more}]}
        answer = self.worker.ask(frame)
        self.assertEqual(answer['op'], 'checked')
        return answer['mistakes']

    def test_what_is_off(self):
        for text in self.FORBIDDEN:
            with self.subTest(text[:60]):
                self.assertEqual([m['input'] for m in self.check('expression', text)], ['X'])

    def test_what_is_on(self):
        for text in self.ALLOWED:
            with self.subTest(text):
                self.assertEqual(self.check('expression', text), [])

    def test_the_longest_chain_that_is_let_through_does_not_end_the_worker(self):
        chain = '1' + '+1' * 4999
        self.assertEqual(self.check('expression', chain), [])
        answer = self.run_('native:extractbyexpression', {'INPUT': inline(points()), 'EXPRESSION': {'v': chain}})
        self.assertEqual(answer['op'], 'done')

    def test_a_run_looks_again(self):
        bad = "env('HOME')"
        layer = inline(points())
        self.assert_refused(self.run_('native:extractbyexpression', {'INPUT': layer, 'EXPRESSION': {'v': bad}}), 'EXPRESSION')
        mapping = [{'name': 'a', 'type': 10, 'length': 0, 'precision': 0, 'expression': bad}]
        self.assert_refused(self.run_('native:refactorfields', {'INPUT': layer, 'FIELDS_MAPPING': {'v': mapping}}), 'FIELDS_MAPPING')
        aggregates = [{'name': 'a', 'type': 10, 'length': 0, 'precision': 0, 'input': bad, 'aggregate': 'first_value', 'delimiter': ','}]
        self.assert_refused(self.run_('native:aggregate', {'INPUT': layer, 'GROUP_BY': {'v': 'NULL'}, 'AGGREGATES': {'v': aggregates}}), 'AGGREGATES')
        tiles = [{'layer': {'$layer': layer['layer']}, 'filterExpression': bad}]
        self.assert_refused(self.run_('native:writevectortiles_mbtiles', {'LAYERS': {'structure': tiles}}), 'LAYERS')

    def test_data_defined_values_are_refused(self):
        value = {'v': {'type': 'data-defined', 'expression': "env('HOME')"}}
        self.assert_refused(self.run_('native:buffer', {'INPUT': inline(points()), 'DISTANCE': value}), 'DISTANCE')

    def test_trusted_callers_may(self):
        self.assertEqual(self.check('expression', "env('HOME')", trusted=True), [])

    def test_coordinate_reference_systems(self):
        for text in ('EPSG:3857', 'http://www.opengis.net/def/crs/EPSG/0/3857', 'urn:ogc:def:crs:EPSG::3857', '[EPSG:3857]',
                     'http://www.opengis.net/def/crs/OGC/1.3/CRS84', 'CRS:84'):
            with self.subTest(text):
                self.assertEqual(self.check('crs', text), [])
        for text in ('EPSG:999999', 'nonsense', '/etc/passwd', '+proj=longlat +nadgrids=/etc/passwd', '', 3857, 'PROJCS["x"' * 2000):
            with self.subTest(text):
                self.assertEqual(len(self.check('crs', text)), 1)

    def test_operations_are_those_that_proj_lists(self):
        ends = {'source': 'EPSG:4326', 'target': 'EPSG:3857'}
        self.assertEqual(len(self.check('operation', '+proj=hgridshift +grids=/etc/passwd', **ends)), 1)
        known = '+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=webmerc +lat_0=0 +lon_0=0 +x_0=0 +y_0=0 +ellps=WGS84'
        self.assertEqual(self.check('operation', known, **ends), [])


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Messages(Case):
    def test_a_failure_is_in_qgis_words_without_paths(self):
        path = os.path.join(self.source, 'broken.tif')
        data.raster(path)
        answer = self.run_('gdal:warpreproject', {'INPUT': stored(self.folder, 'INPUT', path, 'image/tiff', 'raster'), 'NODATA': {'v': 1},
                                                  'TARGET_EXTENT': {'v': '0,0,0,0'}})
        self.assert_no_paths(answer)
        self.assert_no_paths(self.worker.said)

    def test_a_wrong_value_is_refused_by_name(self):
        answer = self.run_('native:buffer', {'INPUT': inline(points()), 'DISTANCE': {'v': 'abc'}})
        self.assert_refused(answer, 'DISTANCE')
        self.assert_refused(self.run_('native:buffer', {'NONSENSE': {'v': 1}}), 'NONSENSE')

    def test_unknown_algorithms_and_outputs(self):
        self.assertEqual(self.run_('native:nonsense', {})['op'], 'failed')
        self.assert_refused(self.run_('native:buffer', {'INPUT': inline(points())}, {'NONSENSE': None}), 'NONSENSE')

    def test_paths_and_tracebacks_go(self):
        from geowps_worker.sanitise import Sanitiser
        sanitise = Sanitiser('/srv/jobs/J/1', '/srv')
        for text, expected in (
                ('can not open /srv/jobs/J/1/inputs/INPUT/lines.gml!', 'can not open lines.gml!'),
                ('Could not create "/srv/jobs/J/1/outputs/OUTPUT.gpkg".', 'Could not create "OUTPUT.gpkg".'),
                ('/srv/jobs/J/1', ''), ('ratio km/h and a/b', 'ratio km/h and a/b'), ('http://a.b/c/d', 'http://a.b/c/d'),
                ('see /usr/lib/python3/x.py', 'see x.py'),
                ('Traceback (most recent call last):\n  File "/usr/x.py", line 1, in f\n    g()\nKeyError: \'a\'\n', "KeyError: 'a'"),
                ('Traceback (most recent call last):\n  File "/x"\nqgis._core.QgsProcessingException: too small\n', 'too small')):
            with self.subTest(text):
                self.assertEqual(sanitise(text), expected)


if __name__ == '__main__':
    unittest.main()
