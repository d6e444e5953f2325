"""Tables as people write them."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import HAS_QGIS, NO_QGIS, shared  # noqa: E402


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Tables(unittest.TestCase):
    def setUp(self):
        self.host, self.worker = shared()
        self.folder = self.host.job()

    def read(self, content, crs=None, algorithm='native:fixgeometries'):
        """The features, as (geometry, attributes), and the EPSG code of their CRS."""
        from osgeo import ogr
        ogr.UseExceptions()
        place = os.path.join(self.folder, 'inputs', '1')
        os.makedirs(place)
        with open(os.path.join(place, 'table.csv'), 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        if crs:
            with open(os.path.join(place, 'table.prj'), 'w') as file:
                file.write(crs)
        layer = {'layer': {'path': 'inputs/1/table.csv', 'name': 'table', 'mediaType': 'text/csv', 'want': 'vector'}}
        answer = self.host.run(self.worker, algorithm, {'INPUT': layer}, {'OUTPUT': 'application/geopackage+sqlite3'}, self.folder)
        self.assertEqual(answer['op'], 'done', answer)
        source = ogr.Open(os.path.join(self.folder, answer['results']['OUTPUT']['path']))
        layer = source.GetLayer(0)
        system = layer.GetSpatialRef()
        code = system.GetAuthorityCode(None) if system else None
        return [(f.GetGeometryRef().ExportToWkt() if f.GetGeometryRef() else None, f.items()) for f in layer], code

    def assertHere(self, content, x=8, y=50, code='4326', **attributes):
        [(geometry, found)], epsg = self.read(content)
        numbers = geometry[geometry.index('(') + 1:-1].strip('()').split(' ')[:2]
        self.assertEqual(([float(n) for n in numbers], epsg), ([x, y], code))
        for name, value in attributes.items():
            self.assertEqual(found[name], value)
        self.folder = self.host.job()
        return found

    def test_columns_of_coordinates(self):
        for text in ('lon,lat,n\n8,50,1\n', 'Longitude;Latitude;n\n8;50;1\n', 'X\tY\tn\r\n8\t50\t1\r\n', '"lng","lat","n"\n"8","50","1"\n',
                     '\ufefflon,lat,n\n8,50,1', 'n,lat,lon\n1,50,8\n'):
            with self.subTest(text):
                self.assertHere(text, n=1)

    def test_a_decimal_comma_where_semicolons_divide(self):
        self.assertHere('Rechtswert;Hochwert;Wert\n8,25;50,5;1,5\n', 8.25, 50.5, Wert=1.5)

    def test_a_column_of_well_known_text_under_its_usual_names(self):
        for text in ('WKT,n\n"POINT (8 50)",1\n', 'n;wkt\n1;POINT(8 50)\n', 'wkt_geom\tn\nPoint (8 50)\t1\n', 'n,geom\n1,POINT Z (8 50 1)\n', 'n,the_geom\n1,Point(8 50)\n',
                     'n,geometry\n1,010100000000000000000020400000000000004940\n', 'n,geom\n1,"{""type"":""Point"",""coordinates"":[8,50]}"\n'):
            with self.subTest(text):
                code = None if '0101' in text else '4326'
                found = self.assertHere(text, n=1, code=code)
                self.assertEqual(set(found) - {'fid'}, {'n'}, 'the geometry is no attribute')

    def test_a_crs_is_not_guessed_from_coordinates_that_are_no_degrees(self):
        self.assertHere('x,y\n428000,5538000\n', 428000, 5538000, None)
        self.assertHere('WKT\nPOINT(428000 5538000)\n', 428000, 5538000, None)

    def test_a_crs_beside_it_is_read(self):
        from osgeo import osr
        system = osr.SpatialReference()
        system.ImportFromEPSG(25832)
        [(geometry, _)], code = self.read('x,y\n42,55\n', crs=system.ExportToWkt())
        self.assertEqual((geometry, code), ('POINT (42 55)', '25832'))

    def test_types_are_those_of_all_values(self):
        text = 'lon,lat,i,big,r,code,date,mixed,none\n8,50,1,3000000000,1.5,01067,2024-01-31,1,\n8,50,-2,1,2,12345,2024-02-01,x,\n'
        [(_, first), _] = self.read(text)[0]
        first.pop('fid', None)
        self.assertEqual(first, {'lon': 8, 'lat': 50, 'i': 1, 'big': 3000000000, 'r': 1.5, 'code': '01067', 'date': '2024/01/31', 'mixed': '1', 'none': None}
                         | {k: first[k] for k in ('date', 'none')})
        self.assertTrue(str(first['date']).startswith('2024'))

    def test_texts_of_spreadsheets_keep_their_letters(self):
        for encoding in ('utf-8', 'cp1252', 'utf-16'):
            with self.subTest(encoding):
                self.assertHere('lon;lat;name\n8;50;Köln\n'.encode(encoding), name='Köln')

    def test_a_table_is_a_table(self):
        features, _ = self.read('code,value\n007,1\n', algorithm='native:dropgeometries')
        self.assertEqual(features, [(None, {'code': '007', 'value': 1} if 'fid' not in features[0][1] else {'fid': 1, 'code': '007', 'value': 1})])

    def test_a_column_of_another_sense_is_no_geometry(self):
        features, _ = self.read('geometry,n\nround,1\n', algorithm='native:dropgeometries')
        self.assertEqual(features[0][1]['geometry'], 'round')

    def test_a_long_polygon_in_one_field(self):
        ring = ','.join(f'{i / 1000} {i % 7 / 10}' for i in range(30_000))
        features, _ = self.read(f'WKT,n\n"LINESTRING ({ring})",1\n')
        self.assertEqual(features[0][0].count(','), 29_999)

    def test_tools_of_gdal_see_the_same(self):
        features, code = self.read('lon,lat,n\n8,50,1\n', algorithm='gdal:convertformat')
        self.assertEqual((len(features), code), (1, '4326'))


if __name__ == '__main__':
    unittest.main()
