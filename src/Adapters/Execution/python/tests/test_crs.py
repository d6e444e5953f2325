"""Coordinate reference systems in every usual spelling, and the order of coordinates that goes with it."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, collection, inline, points, shared, stored  # noqa: E402

FORMAL = ('urn:ogc:def:crs:{a}::{c}', 'urn:ogc:def:crs:{a}:8.9:{c}', 'urn:x-ogc:def:crs:{a}:{c}', 'urn:x-ogc:def:crs:{a}:6.9:{c}',
          'http://www.opengis.net/def/crs/{a}/0/{c}', 'https://www.opengis.net/def/crs/{a}/0/{c}', '[{a}:{c}]')
PLAIN = ('{a}:{c}', 'epsg:{c}', '{c}', 'http://www.opengis.net/gml/srs/epsg.xml#{c}')
LONGITUDE_FIRST = ('OGC:CRS84', 'CRS:84', 'urn:ogc:def:crs:OGC:1.3:CRS84', 'urn:ogc:def:crs:OGC::CRS84', 'urn:ogc:def:crs:OGC:2:84',
                   'http://www.opengis.net/def/crs/OGC/1.3/CRS84')
NORTHING_FIRST = {'4326': True, '4258': True, '31467': True, '3035': True, '2193': True, '25832': False, '3857': False, '32633': False}


def spelled(spellings, code):
    return [s.format(a='EPSG', c=code) for s in spellings]


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Systems(unittest.TestCase):
    def setUp(self):
        self.host, self.worker = shared()
        self.folder = self.host.job()

    def features(self, algorithm, parameters):
        from osgeo import ogr
        ogr.UseExceptions()
        answer = self.host.run(self.worker, algorithm, parameters, {'OUTPUT': 'application/flatgeobuf'}, self.folder)
        self.assertEqual(answer['op'], 'done', answer)
        source = ogr.Open(os.path.join(self.folder, answer['results']['OUTPUT']['path']))
        layer = source.GetLayer(0)
        return layer.GetExtent(), layer.GetSpatialRef().GetAuthorityCode(None)

    def box(self, crs, box):
        """Its corners as QGIS sees them: west, east, south, north."""
        value = {'bbox': box} if crs is None else {'bbox': box, 'crs': crs}
        return self.features('native:extenttolayer', {'INPUT': {'place': value}})

    def test_a_box_named_by_uri_or_urn_has_the_axes_of_its_authority(self):
        for code, swapped in NORTHING_FIRST.items():
            for crs in spelled(FORMAL, code):
                with self.subTest(crs):
                    box = [50, 8, 52, 9] if swapped else [8, 50, 9, 52]
                    self.assertEqual(self.box(crs, box), ((8, 9, 50, 52), code))

    def test_a_box_with_a_plain_code_has_x_first(self):
        for code in NORTHING_FIRST:
            for crs in spelled(PLAIN, code):
                with self.subTest(crs):
                    self.assertEqual(self.box(crs, [8, 50, 9, 52]), ((8, 9, 50, 52), code))

    def test_a_box_in_CRS84_or_without_crs_has_the_longitude_first(self):
        for crs in (*LONGITUDE_FIRST, None):
            with self.subTest(crs):
                self.assertEqual(self.box(crs, [8, 50, 9, 52]), ((8, 9, 50, 52), '4326'))

    def test_a_box_with_heights_is_read_in_two_dimensions(self):
        self.assertEqual(self.box('urn:ogc:def:crs:EPSG::4326', [50, 8, -1, 52, 9, 1])[0], (8, 9, 50, 52))
        self.assertEqual(self.box('http://www.opengis.net/def/crs/OGC/0/CRS84h', [8, 50, -1, 9, 52, 1])[0], (8, 9, 50, 52))

    def test_a_box_whose_corners_are_the_wrong_way_round_is_refused(self):
        for crs, box in (('EPSG:4326', [8, 52, 9, 50]), ('urn:ogc:def:crs:EPSG::4326', [52, 8, 50, 9])):
            answer = self.host.run(self.worker, 'native:extenttolayer', {'INPUT': {'place': {'bbox': box, 'crs': crs}}}, {'OUTPUT': None}, self.folder)
            self.assertEqual(answer['op'], 'refused')

    def test_a_box_by_wkt_that_holds_a_code(self):
        from osgeo import osr
        system = osr.SpatialReference()
        system.ImportFromEPSG(25832)
        self.assertEqual(self.box(system.ExportToWkt(), [8, 50, 9, 52]), ((8, 9, 50, 52), '25832'))

    def test_texts_of_qgis_have_x_first_whatever_the_crs_is_called(self):
        for crs in spelled((*FORMAL[:-1], *PLAIN), '4326') + list(LONGITUDE_FIRST):
            with self.subTest(crs):
                self.assertEqual(self.features('native:extenttolayer', {'INPUT': {'v': f'8,9,50,52 [{crs}]'}}), ((8, 9, 50, 52), '4326'))
                self.assertEqual(self.features('native:pointtolayer', {'INPUT': {'v': f'8,50 [{crs}]'}}), ((8, 8, 50, 50), '4326'))

    def test_a_parameter_is_named_in_any_spelling(self):
        target = 'EPSG:25832'
        for crs in spelled((*FORMAL, *PLAIN), '25832'):
            with self.subTest(crs):
                extent, code = self.features('native:reprojectlayer', {'INPUT': inline(points(2)), 'TARGET_CRS': {'v': crs}})
                self.assertEqual(code, target.split(':')[1])
                self.assertLess(extent[0], 0)

    def places(self, code, *at):
        text = collection([{'type': 'Feature', 'properties': {}, 'geometry': {'type': 'Point', 'coordinates': p}} for p in at],
                          crs={'type': 'name', 'properties': {'name': code}})
        return self.features('native:reprojectlayer', {'INPUT': inline(text), 'TARGET_CRS': {'v': 'EPSG:4326'}})[0]

    def test_the_operation_between_datums_is_the_best_one_for_the_place(self):
        from osgeo import osr
        ends = []
        for code in ('EPSG:4267', 'EPSG:4326'):
            ends.append(osr.SpatialReference())
            ends[-1].SetFromUserInput(code)
            ends[-1].SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        proj = osr.CoordinateTransformation(*ends)  # takes the best for each point
        for place in ((-93, 40), (-123, 45), (-66, 46), (-150, 62), (-80, 9)):
            with self.subTest(place):
                east, north, _ = proj.TransformPoint(*map(float, place))
                extent = self.places('EPSG:4267', place)
                self.assertAlmostEqual(extent[0], east, 7)
                self.assertAlmostEqual(extent[2], north, 7)

    def test_how_exact_places_are_is_said(self):
        for code, places, level, said in (('EPSG:4267', ((-93, 40), (-70, 60), (-110, 50)), 'warning', 'EPSG:4267 to EPSG:4326: places are within 20 m'),
                                          ('EPSG:5514', ((-743000, -1043000),), 'info', 'EPSG:5514 to EPSG:4326: places are within 1 m')):
            text = collection([{'type': 'Feature', 'properties': {}, 'geometry': {'type': 'Point', 'coordinates': p}} for p in places],
                              crs={'type': 'name', 'properties': {'name': code}})
            self.worker.connection.send(self.host.frame('native:reprojectlayer', {'INPUT': inline(text), 'TARGET_CRS': {'v': 'EPSG:4326'}}, None, self.folder))
            lines = []
            while (frame := self.worker.connection.receive())['op'] != 'done':
                lines.append(f"{frame.get('level')} {frame.get('text')}")
            self.assertTrue(any(line.startswith(f'{level} {said}') for line in lines), lines)

    def test_a_layer_without_a_crs_has_no_coordinates_in_another(self):
        from osgeo import ogr
        file = os.path.join(self.folder, 'nowhere.fgb')
        ogr.GetDriverByName('FlatGeobuf').CreateDataSource(file).CreateLayer('nowhere', None, ogr.wkbPoint)
        layer = stored(self.folder, 'INPUT', file, 'application/flatgeobuf')
        answer = self.host.run(self.worker, 'native:reprojectlayer', {'INPUT': layer, 'TARGET_CRS': {'v': 'EPSG:4326'}}, {'OUTPUT': None}, self.folder)
        self.assertEqual((answer['op'], answer['mistakes'][0]['input']), ('refused', 'INPUT'), answer)
        self.assertIn('coordinate reference system', answer['mistakes'][0]['message'])

    def test_what_names_no_crs_is_refused(self):
        for crs in ('EPSG:999999', '99', 'urn:ogc:def:crs:EPSG::', 'http://example.org/4326', 'somewhere', '/etc/passwd', '+proj=utm +zone=32'):
            for parameters in ({'INPUT': {'place': {'bbox': [0, 0, 1, 1], 'crs': crs}}}, {'INPUT': {'v': f'0,1,0,1 [{crs}]'}}):
                with self.subTest(crs):
                    answer = self.host.run(self.worker, 'native:extenttolayer', parameters, {'OUTPUT': None}, self.folder)
                    self.assertEqual(answer['op'], 'refused', answer)

    def test_a_crs_member_of_geojson_counts_and_its_coordinates_have_x_first(self):
        for code in ('25832', '31467', '4326'):
            for name in spelled((*FORMAL, *PLAIN), code):
                with self.subTest(name):
                    text = collection(json.loads(points(2))['features'][1:], crs={'type': 'name', 'properties': {'name': name}}).replace('[1, 1]', '[8, 50]')
                    self.assertEqual(self.features('native:centroids', {'INPUT': inline(text)}), ((8, 8, 50, 50), code))

    def test_a_crs_member_that_names_none_is_refused(self):
        for name in ('EPSG:999999', 'somewhere'):
            text = collection(json.loads(points(2))['features'], crs={'type': 'name', 'properties': {'name': name}})
            source = data.geojson(self.host.work, 'named', text)
            file = stored(self.folder, name.replace(':', ''), source, 'application/geo+json')
            for layer in (inline(text), file):
                answer = self.host.run(self.worker, 'native:centroids', {'INPUT': layer}, {'OUTPUT': None}, self.folder)
                self.assertEqual(answer['op'], 'refused')

    def test_a_crs_that_the_host_read_in_geojson_has_to_exist(self):
        file = data.converted(data.geojson(self.host.work, 'read', points(2)), os.path.join(self.folder, 'read.fgb'), 'FlatGeobuf')
        for code, end in (('EPSG:999999', 'refused'), ('EPSG:25832', 'done')):
            layer = stored(self.folder, 'INPUT', file, 'application/flatgeobuf', crs=code)
            answer = self.host.run(self.worker, 'native:centroids', {'INPUT': layer}, {'OUTPUT': None}, self.folder)
            self.assertEqual(answer['op'], end, answer)

    def test_a_geojson_point_has_the_longitude_first(self):
        self.assertEqual(self.features('native:pointtolayer', {'INPUT': {'place': {'type': 'Point', 'coordinates': [8, 50]}}}), ((8, 8, 50, 50), '4326'))
        named = {'type': 'Point', 'coordinates': [428000, 5538000], 'crs': {'type': 'name', 'properties': {'name': 'urn:ogc:def:crs:EPSG::25832'}}}
        self.assertEqual(self.features('native:pointtolayer', {'INPUT': {'place': named}}), ((428000, 428000, 5538000, 5538000), '25832'))


if __name__ == '__main__':
    unittest.main()
