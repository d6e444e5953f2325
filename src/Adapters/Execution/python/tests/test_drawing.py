import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, PACKAGE, collection, shared  # noqa: E402

WORLD = os.path.join(os.path.abspath(PACKAGE), *['..'] * 4, 'samples', 'world.gpkg')
HALF = 20037508.342789244
LABELLED = json.dumps({'version': 8, 'layers': [
    {'id': 'names', 'type': 'symbol', 'layout': {'text-field': ['get', 'name'], 'text-size': 40}, 'paint': {'text-color': '#000'}}]})


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Drawing(unittest.TestCase):
    def setUp(self):
        self.host, self.worker = shared()
        self.folder = tempfile.mkdtemp(prefix='geowps-layer-')
        self.addCleanup(shutil.rmtree, self.folder)

    def world(self, table='countries', **more):
        shutil.copy(WORLD, self.folder)
        return {'kind': 'vector', 'path': os.path.join(self.folder, 'world.gpkg'), 'folder': self.folder, 'table': table, **more}

    def style(self, *layers):
        return {'kind': 'maplibre', 'text': json.dumps({'version': 8, 'layers': list(layers)})}

    def render(self, source, extent=(-HALF, -HALF, HALF, HALF), columns=1, rows=1, gutter=(0, 0, 0, 0), image='png', crs='EPSG:3857', **more):
        path = os.path.join(self.host.work, 'tiles')
        with open(path, 'wb'):
            pass
        answer = self.worker.ask({
            'op': 'render', 'id': 1, 'source': source, 'crs': crs, 'extent': list(extent), 'gutter': list(gutter), 'format': image, 'file': path, 'memoryMb': 2048,
            'tiles': {'columns': columns, 'rows': rows, 'width': 256, 'height': 256, 'drawnWidth': 256, **more}})
        with open(path, 'rb') as file:
            content = file.read()
        os.remove(path)
        if answer['op'] != 'rendered':
            return answer
        self.assertEqual(sum(answer['lengths']), len(content))
        ends = [sum(answer['lengths'][:i + 1]) for i in range(len(answer['lengths']))]
        return [content[end - length:end] for end, length in zip(ends, answer['lengths'])]

    def compose(self, *pictures, image='png'):
        path = os.path.join(self.host.work, 'composed')
        with open(path, 'wb') as file:
            file.write(b''.join(pictures))
        answer = self.worker.ask({'op': 'compose', 'id': 2, 'lengths': [len(p) for p in pictures], 'width': 256, 'height': 256, 'format': image, 'file': path,
                                  'memoryMb': 2048})
        with open(path, 'rb') as file:
            content = file.read()
        os.remove(path)
        if answer['op'] != 'rendered':
            return answer
        self.assertEqual(answer['lengths'], [len(content)])
        return content

    def plain(self, colour, opacity=1.0, extent=(-HALF, -HALF, HALF, HALF)):
        """Countries in one colour."""
        return self.render(self.world(style=self.style({'id': 'a', 'type': 'fill', 'paint': {'fill-color': colour, 'fill-opacity': opacity, 'fill-outline-color': colour}})),
                           extent)[0]

    def test_the_last_picture_lies_uppermost_and_lets_through_what_it_does_not_cover(self):
        red, half_blue = self.plain('#ff0000'), self.plain('#0000ff', 0.5)
        over, under = self.pixels(self.compose(red, half_blue)), self.pixels(self.compose(half_blue, red))
        land, sea = (140, 150), (128, 20)  # row and column
        self.assertEqual([band[land[0]][land[1]] for band in under], [255, 0, 0, 255])
        mixed = [band[land[0]][land[1]] for band in over]
        self.assertTrue(mixed[0] > 50 and mixed[1] == 0 and mixed[2] > 50 and abs(mixed[0] + mixed[2] - 255) <= 2 and mixed[3] == 255, mixed)
        self.assertEqual(over[3][sea[0]][sea[1]], 0)

    def test_pictures_of_other_formats_and_sizes_fill_the_tile(self):
        from osgeo import gdal
        jpeg = self.render(self.world(), image='jpeg')[0]
        self.assertEqual(self.compose(jpeg, self.plain('#ff0000'), image='jpeg')[:3], b'\xff\xd8\xff')
        small = gdal.GetDriverByName('MEM').Create('', 8, 8, 4)
        for number, value in enumerate((0, 255, 0, 255)):
            small.GetRasterBand(number + 1).Fill(value)
        gdal.GetDriverByName('PNG').CreateCopy('/vsimem/small.png', small)
        tile = self.pixels(self.compose(self.plain('#ff0000'), self._bytes('/vsimem/small.png')))
        self.assertEqual({band[row][column] for row, column in ((0, 0), (255, 255), (140, 150)) for band in tile[1:2]}, {255})

    def _bytes(self, path):
        from osgeo import gdal
        file = gdal.VSIFOpenL(path, 'rb')
        try:
            return bytes(gdal.VSIFReadL(1, 1 << 20, file))
        finally:
            gdal.VSIFCloseL(file)
            gdal.Unlink(path)

    def test_what_is_no_picture_is_refused(self):
        red = self.plain('#ff0000')
        self.assert_refused(self.compose(red, b'<svg xmlns="http://www.w3.org/2000/svg"/>'), 'neither PNG')
        self.assert_refused(self.compose(red, red[:200]), 'can not be read')
        self.assert_refused(self.compose(red, red, image='tiff'), 'can not be written')

    def pixels(self, tile):
        """Bands of rows of values."""
        from osgeo import gdal
        gdal.UseExceptions()
        gdal.FileFromMemBuffer('/vsimem/tile', tile)
        dataset = gdal.Open('/vsimem/tile')
        size = dataset.RasterXSize
        bands = [[row for row in zip(*[iter(dataset.GetRasterBand(i + 1).ReadRaster())] * size)] for i in range(dataset.RasterCount)]
        dataset = None
        gdal.Unlink('/vsimem/tile')
        return bands

    def assert_refused(self, answer, *words):
        self.assertEqual(answer['op'], 'refused', answer)
        text = json.dumps(answer)
        for word in words:
            self.assertIn(word, text)
        self.assertNotIn(self.folder, text)

    def test_a_tile_of_nothing_has_no_bytes(self):
        tiles = self.render(self.world(), (-HALF, -HALF / 2, 0, HALF / 2), 8, 8)
        self.assertEqual(len(tiles), 64)
        self.assertTrue(any(not tile for tile in tiles))
        self.assertTrue(all(tile.startswith(b'\x89PNG') for tile in tiles if tile))

    def test_tables_of_mixed_geometries_are_drawn_whole(self):
        geometries = ({'type': 'MultiPoint', 'coordinates': [[-60, 45]]}, {'type': 'LineString', 'coordinates': [[10, 45], [80, 45]]},
                      {'type': 'Polygon', 'coordinates': [[[10, -60], [80, -60], [80, -10], [10, -10], [10, -60]]]})
        text = collection([{'type': 'Feature', 'properties': {}, 'geometry': g} for g in geometries])
        data.converted(data.geojson(self.folder, 'mixed', text), os.path.join(self.folder, 'mixed.gpkg'), 'GPKG')
        source = {'kind': 'vector', 'path': os.path.join(self.folder, 'mixed.gpkg'), 'folder': self.folder, 'table': 'mixed'}
        tiles = self.render(source, (-180, -90, 180, 90), 4, 2, crs='EPSG:4326')
        self.assertEqual([bool(tile) for tile in tiles], [False, True, True, False, False, False, True, False], [len(t) for t in tiles])

    def test_labels_end_where_the_metatile_does(self):
        source = self.world('places', style={'kind': 'maplibre', 'text': LABELLED})
        middle = (0, HALF / 4, HALF / 4, HALF / 2)
        tile = self.pixels(self.render(source, middle, gutter=(64, 64, 64, 64))[0])
        self.assertGreater(sum(1 for row in tile[3] for alpha in row if alpha), 1000)
        alone = self.style({'id': 'dots', 'type': 'circle', 'paint': {'circle-radius': 3}})
        self.assertNotEqual(tile, self.pixels(self.render({**source, 'style': alone}, middle)[0]))
        edges = [row[i] for row in tile[3] for i in (0, -1)] + list(tile[3][0]) + list(tile[3][-1])
        self.assertLess(sum(1 for alpha in edges if alpha) / len(edges), 0.02)

    def test_signs_reach_over_the_edge(self):
        text = collection([{'type': 'Feature', 'properties': {}, 'geometry': {'type': 'Point', 'coordinates': [-0.5, 10]}}])
        data.converted(data.geojson(self.folder, 'p', text), os.path.join(self.folder, 'p.gpkg'), 'GPKG')
        source = {'kind': 'vector', 'path': os.path.join(self.folder, 'p.gpkg'), 'folder': self.folder, 'table': 'p',
                  'style': self.style({'id': 'a', 'type': 'circle', 'paint': {'circle-radius': 10}})}
        self.assertEqual(self.render(source, (0, 0, 90, 90), crs='EPSG:4326', gutter=(0, 0, 0, 0)), [b''])
        self.assertEqual(self.render(source, (0, 0, 90, 90), crs='EPSG:4326', gutter=(32, 32, 32, 32))[0][:4], b'\x89PNG')

    def test_wide_tiles_are_squeezed(self):
        tile = self.render(self.world(), (-180, 0, 180, 90), crs='OGC:CRS84', width=256, height=256, drawnWidth=1024)[0]
        self.assertEqual((len(self.pixels(tile)[0]), len(self.pixels(tile)[0][0])), (256, 256))

    def test_what_changes_is_read_again(self):
        source = self.world()
        before = self.render(source)
        shutil.copy(data.converted(data.geojson(self.folder, 'countries', collection([])), os.path.join(self.folder, 'new.gpkg'), 'GPKG'), source['path'])
        os.utime(source['path'], (1, 1))
        self.assertTrue(before[0])
        self.assertEqual(self.render(source), [b''])

    def test_a_raster_of_bytes_is_grey_and_clear_outside(self):
        from osgeo import gdal
        gdal.UseExceptions()
        slope = data.raster(os.path.join(self.folder, 'slope.tif'))
        gdal.Translate(os.path.join(self.folder, 'grey.tif'), slope, outputType=gdal.GDT_Byte)
        source = {'kind': 'raster', 'path': os.path.join(self.folder, 'grey.tif'), 'folder': self.folder}
        red, green, blue, alpha = self.pixels(self.render(source, (500_000, 4_999_960, 500_080, 5_000_040), crs='EPSG:32632')[0])
        self.assertEqual((alpha[10][10], alpha[200][10], alpha[200][250]), (0, 255, 0))
        self.assertEqual(red, green)
        self.assertLess(red[200][10], red[200][110])

    def test_a_raster_of_small_numbers_is_no_relief(self):
        path = data.raster(os.path.join(self.folder, 'slope.tif'))
        red, green, blue, alpha = self.pixels(self.render({'kind': 'raster', 'path': path, 'folder': self.folder}, (500_000, 4_999_960, 500_040, 5_000_000), crs='EPSG:32632')[0])
        self.assertEqual((red[100][1], green[100][1], blue[100][1]), (68, 1, 84))
        self.assertEqual([name for name in os.listdir(self.folder) if name != 'slope.tif'], [])

    def test_styles_name_nothing_outside(self):
        with open('/usr/share/qgis/svg/arrows/Arrow_01.svg', encoding='utf-8') as file:
            svg = file.read()
        for value, remains in (('http://127.0.0.1:9/x.svg', False), ('/etc/x.svg', False), ('../x.svg', False), ('sign.svg', True), ('base64:PHN2Zy8+', True)):
            with self.subTest(value):
                with open(os.path.join(self.folder, 'sign.svg'), 'w', encoding='utf-8') as file:
                    file.write(svg)
                self.assertEqual(bool(self.purified(f'<qgis><layer class="SvgMarker"><prop k="name" v="{value}"/></layer></qgis>')), remains)
        self.assertIsNone(self.purified('<qgis><Option type="Map" name="name"><Option name="active" value="true"/></Option></qgis>', 'Option'))

    def purified(self, text, wanted='layer/prop'):
        """Done in a process of its own: this one has no QGIS."""
        import subprocess
        code = ('import sys\nsys.path.insert(0, sys.argv[1])\nfrom geowps_worker import drawn_styles\nroot = drawn_styles.parse(sys.argv[2])\n'
                'assert drawn_styles.purify(root, sys.argv[3]) is None\nfound = root.find(sys.argv[4])\nprint("gone" if found is None else found.get("v"))\n')
        done = subprocess.run([sys.executable, '-c', code, PACKAGE, text, self.folder, wanted], stdout=subprocess.PIPE, check=True, text=True,
                              env={**os.environ, 'QT_QPA_PLATFORM': 'offscreen'})
        answer = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ''
        return None if answer == 'gone' else answer

    def test_mistakes_are_told(self):
        source = self.world()
        self.assert_refused(self.render({**source, 'table': 'none'}), 'no table none')
        self.assert_refused(self.render({**source, 'path': os.path.join(self.folder, 'x.gpkg')}), 'x.gpkg')
        self.assert_refused(self.render({**source, 'path': '/etc/passwd'}), 'passwd')
        self.assert_refused(self.render(source, crs='EPSG:1'), 'EPSG:1')
        self.assert_refused(self.render(source, columns=100, rows=100), 'pixels')
        self.assert_refused(self.render(source, image='gif'), 'gif')
        for text, word in (('{', 'JSON'), ('{}', 'layers'), ('{"layers": [{"id": "a", "type": "fill", "filter": ["within"]}]}', 'within'),
                           ('{"layers": [{"id": "a", "type": "fill", "paint": {"fill-color": "reddish"}}]}', 'reddish')):
            self.assert_refused(self.render({**source, 'style': {'kind': 'maplibre', 'text': text}}), word)
        for text, word in (('<qgis', 'XML'), ('<!DOCTYPE q [<!ENTITY a "b">]><qgis/>', 'entities'), ('<qgis><x y="env(\'HOME\')"/></qgis>', 'env')):
            self.assert_refused(self.render({**source, 'style': {'kind': 'qml', 'text': text}}), word)

    def test_virtual_files_are_refused(self):
        for name, text in (('x.tif', '<VRTDataset rasterXSize="1" rasterYSize="1"/>'), ('x.gpkg', '<OGRVRTDataSource/>')):
            with open(os.path.join(self.folder, name), 'w', encoding='ascii') as file:
                file.write(text)
            kind = 'raster' if name.endswith('tif') else 'vector'
            self.assert_refused(self.render({'kind': kind, 'path': os.path.join(self.folder, name), 'folder': self.folder, 'table': 'x'}), name)

    def test_links_that_lead_out_are_refused(self):
        os.symlink('/etc/passwd', os.path.join(self.folder, 'x.tif'))
        self.assert_refused(self.render({'kind': 'raster', 'path': os.path.join(self.folder, 'x.tif'), 'folder': self.folder}), 'folder')


if __name__ == '__main__':
    unittest.main()
