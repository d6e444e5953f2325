"""MapLibre styles: what is seen in tiles that QGIS draws of them."""
import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
from host import HAS_QGIS, NO_QGIS, collection, shared  # noqa: E402
import test_drawing  # noqa: E402

RED, GREEN, BLUE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)
WEST = {'type': 'Polygon', 'coordinates': [[[-80, -80], [-10, -80], [-10, 80], [-80, 80], [-80, -80]]]}
EAST = {'type': 'Polygon', 'coordinates': [[[10, -80], [80, -80], [80, 80], [10, 80], [10, -80]]]}
ALL = (-90, -90, 90, 90)
ZOOM = 0.0
"""Of a tile of 256 pixels that is 180 degrees wide."""


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class MapLibre(unittest.TestCase):
    render, pixels, style, assert_refused = (getattr(test_drawing.Drawing, name) for name in ('render', 'pixels', 'style', 'assert_refused'))

    def setUp(self):
        self.host, self.worker = shared()
        self.folder = tempfile.mkdtemp(prefix='geowps-layer-')
        self.addCleanup(shutil.rmtree, self.folder)
        self.count = 0

    def drawn(self, *layers, geometries=(WEST, EAST), properties=({'n': 1, 'kind': 'a', 'c': '#00ff00'}, {'n': 3, 'kind': 'b', 'c': '#0000ff'}), extent=ALL):
        self.count += 1
        name = f't{self.count}'
        text = collection([{'type': 'Feature', 'properties': p, 'geometry': g} for p, g in zip(properties, geometries)])
        data.converted(data.geojson(self.folder, name, text), os.path.join(self.folder, f'{name}.gpkg'), 'GPKG')
        source = {'kind': 'vector', 'path': os.path.join(self.folder, f'{name}.gpkg'), 'folder': self.folder, 'table': name, 'style': self.style(*layers)}
        tiles = self.render(source, extent, crs='EPSG:4326')
        self.assertIsInstance(tiles, list, tiles)
        if not tiles[0]:
            return [[(0, 0, 0, 0)] * 256] * 256
        return [list(zip(*rows)) for rows in zip(*self.pixels(tiles[0]))]

    def sides(self, *layers, **more):
        """What is in the middle of the western and of the eastern polygon."""
        picture = self.drawn(*layers, **more)
        return picture[128][64], picture[128][192]

    def fill(self, colour, **paint):
        return self.sides({'id': 'f', 'type': 'fill', 'paint': {'fill-color': colour, **paint}})

    def close(self, seen, wanted, by=3):
        for one, other in zip(seen, wanted):
            self.assertLessEqual(abs(one - other), by, (seen, wanted))

    def test_colours_by_fields(self):
        for colour in (['match', ['get', 'kind'], 'a', '#f00', ['b', 'c'], 'rgb(0, 0, 255)', 'black'],
                       ['case', ['==', ['get', 'n'], 1], 'red', ['>', ['get', 'n'], 2], 'blue', 'black'],
                       ['case', ['all', ['has', 'n'], ['!', ['in', ['get', 'kind'], ['literal', ['b', 'x']]]]], 'red', ['any', False, ['<=', 3, ['get', 'n']]], 'blue', 'black'],
                       ['step', ['get', 'n'], 'red', 2, 'blue', 5, 'black'],
                       ['interpolate', ['linear'], ['get', 'n'], 1, 'red', 3, 'blue'],
                       ['let', 'k', ['get', 'kind'], ['match', ['var', 'k'], 'a', 'red', 'blue']],
                       ['match', ['upcase', ['concat', ['get', 'kind'], '-']], 'A-', 'red', 'blue'],
                       ['rgba', ['*', 255, ['-', 1, ['min', 1, ['-', ['get', 'n'], 1]]]], 0, ['*', 255, ['min', 1, ['-', ['get', 'n'], 1]]], 1],
                       {'property': 'kind', 'type': 'categorical', 'stops': [['a', 'red'], ['b', 'blue']]},
                       {'property': 'n', 'type': 'interval', 'stops': [[0, 'red'], [2, 'blue']]},
                       {'property': 'n', 'stops': [[1, 'red'], [3, 'blue']]}):
            with self.subTest(colour):
                self.assertEqual(self.fill(colour), (RED, BLUE))
        self.assertEqual(self.fill(['get', 'c']), (GREEN, BLUE))
        self.assertEqual(self.fill(['coalesce', ['get', 'none'], ['get', 'c']]), (GREEN, BLUE))
        self.assertEqual(self.fill({'property': 'c', 'type': 'identity'}), (GREEN, BLUE))

    def test_what_lies_between_stops(self):
        west, east = self.fill(['interpolate', ['linear'], ['get', 'n'], 0, 'rgb(0,0,0)', 4, 'rgb(200,100,0)'])
        self.close(west, (50, 25, 0, 255))
        self.close(east, (150, 75, 0, 255))
        self.close(self.fill(['interpolate', ['exponential', 2], ['get', 'n'], 0, 'rgb(0,0,0)', 4, 'rgb(150,0,0)'])[1], (70, 0, 0, 255))

    def test_looks_by_the_zoom(self):
        for colour in (['step', ['zoom'], 'blue', ZOOM - 0.1, 'red', ZOOM + 0.1, 'blue'], {'stops': [[ZOOM, 'red'], [ZOOM + 1, 'blue']]},
                       ['interpolate', ['linear'], ['zoom'], ZOOM, 'red', ZOOM + 1, 'blue']):
            with self.subTest(colour):
                self.assertEqual(self.fill(colour)[0], RED)
        self.close(self.fill({'stops': [[ZOOM - 1, '#000'], [ZOOM + 1, '#c80000']]})[0], (100, 0, 0, 255))

    def test_opacity(self):
        self.close([c[3] for c in self.fill('red', **{'fill-opacity': ['/', ['get', 'n'], 4]})], (64, 191))
        self.close([c[3] for c in self.fill(['get', 'c'], **{'fill-opacity': 0.5})], (128, 128))
        self.close([c[3] for c in self.fill(['case', True, 'rgba(255,0,0,0.5)', 'blue'], **{'fill-opacity': 0.5})], (64, 64))

    def test_filters_of_both_spellings(self):
        for test in (['==', 'kind', 'a'], ['==', ['get', 'kind'], 'a'], ['!=', 'kind', 'b'], ['in', 'kind', 'a', 'x'], ['in', ['get', 'kind'], ['literal', ['a']]],
                     ['all', ['<', 'n', 2], ['has', 'kind']], ['all', ['<', ['get', 'n'], 2], ['has', 'kind']], ['none', ['==', 'n', 3]], ['!in', 'n', 3],
                     ['any', ['==', 'none', 1], ['==', ['get', 'n'], 1]], ['!', ['>', ['get', 'n'], 1]], ['==', ['to-string', ['get', 'n']], '1'],
                     ['all', ['==', '$type', 'Polygon'], ['==', 'n', 1]], ['match', ['get', 'kind'], ['a'], True, False], ['case', ['==', ['get', 'n'], 1], True, False]):
            with self.subTest(test):
                self.assertEqual(self.sides({'id': 'f', 'type': 'fill', 'filter': test, 'paint': {'fill-color': 'red'}}), (RED, (0, 0, 0, 0)))

    def test_zooms_at_which_a_layer_is_drawn(self):
        for limits, seen in (({'minzoom': ZOOM}, True), ({'minzoom': ZOOM + 0.01}, False), ({'maxzoom': ZOOM}, False), ({'maxzoom': ZOOM + 0.01}, True)):
            with self.subTest(limits):
                self.assertEqual(self.sides({'id': 'f', 'type': 'fill', 'paint': {'fill-color': 'red'}, **limits})[0] == RED, seen)

    def test_lines(self):
        line = {'type': 'LineString', 'coordinates': [[-80, 0], [80, 0]]}

        def painted(**paint):
            return [sum(1 for y in range(256) if picture[y][x][3] > 128) for picture in [self.drawn({'id': 'l', 'type': 'line', 'paint': {'line-color': 'red', **paint}},
                    geometries=(line,), properties=({'w': 10, 'c': 'blue'},))] for x in range(20, 236)]

        self.assertEqual(set(painted(**{'line-width': ['get', 'w']})), {10})
        self.assertEqual(set(painted(**{'line-width': {'base': 1, 'stops': [[ZOOM - 1, 2], [ZOOM + 1, 10]]}})), {6})
        for width in (10, ['get', 'w']):
            dashed = painted(**{'line-width': width, 'line-dasharray': [2, 1]})
            self.assertAlmostEqual(sum(1 for n in dashed if n > 5) / len(dashed), 2 / 3, delta=0.06)
        picture = self.drawn({'id': 'l', 'type': 'line', 'paint': {'line-color': ['get', 'c'], 'line-width': 8}}, geometries=(line,), properties=({'c': 'blue'},))
        self.assertEqual(picture[128][128], BLUE)
        ends = [sum(1 for x in range(256) if self.drawn({'id': 'l', 'type': 'line', 'layout': {'line-cap': cap}, 'paint': {'line-width': 20}}, geometries=(line,), properties=({},))[128][x][3])
                for cap in ('butt', 'round')]
        self.assertGreater(ends[1], ends[0] + 15)

    def test_circles(self):
        points = ({'type': 'Point', 'coordinates': [-45, 0]}, {'type': 'Point', 'coordinates': [45, 0]})
        picture = self.drawn({'id': 'c', 'type': 'circle', 'paint': {
            'circle-radius': ['*', 10, ['get', 'n']], 'circle-color': ['get', 'c'], 'circle-stroke-width': ['case', ['==', ['get', 'kind'], 'b'], 6, 0],
            'circle-stroke-color': ['match', ['get', 'kind'], 'b', 'red', 'black']}}, geometries=points)
        self.assertEqual((picture[128][64], picture[128][192]), (GREEN, BLUE))
        wide = [sum(1 for x in side if picture[128][x][3] > 128) for side in (range(128), range(128, 256))]
        self.assertAlmostEqual(wide[0], 20, delta=2)
        self.assertAlmostEqual(wide[1], 66, delta=4)
        self.assertEqual(picture[128][192 + 30], RED)

    def test_names(self):
        points = ({'type': 'Point', 'coordinates': [-45, 0]}, {'type': 'Point', 'coordinates': [45, 0]})

        def letters(properties=({'n': 1, 'kind': 'HHH'}, {'n': 3, 'kind': 'HHH'}), layout=None, **paint):
            picture = self.drawn({'id': 'n', 'type': 'symbol', 'layout': {'text-field': ['get', 'kind'], 'text-size': 20, **(layout or {})}, 'paint': paint},
                                 geometries=points, properties=properties)
            return [[p for row in picture for p in row[side] if p[3] > 200] for side in (slice(0, 128), slice(128, 256))]

        west, east = letters(**{'text-color': ['match', ['get', 'n'], 1, 'red', 'blue']})
        self.assertIn(RED, west)
        self.assertIn(BLUE, east)
        west, east = letters(layout={'text-size': ['*', 10, ['get', 'n']]})
        self.assertGreater(len(east), 3 * len(west))
        west, east = letters(**{'text-color': 'red', 'text-halo-color': 'blue', 'text-halo-width': ['-', ['get', 'n'], 1]})
        self.assertNotIn(BLUE, west)
        self.assertIn(BLUE, east)
        narrow, wide = letters(properties=({'kind': 'iii'}, {'kind': 'iii'})), letters(properties=({'kind': 'iii'}, {'kind': 'iii'}), layout={'text-transform': 'uppercase', 'text-field': '{kind}{kind}'})
        self.assertGreater(len(wide[0]), len(narrow[0]))
        picture = self.drawn({'id': 'a', 'type': 'symbol', 'filter': ['==', 'n', 1], 'layout': {'text-field': 'HHH'}, 'paint': {'text-color': 'red'}},
                             {'id': 'b', 'type': 'symbol', 'filter': ['==', 'n', 3], 'layout': {'text-field': 'HHH'}, 'paint': {'text-color': 'blue'}}, geometries=points)
        self.assertIn(RED, [p for row in picture for p in row[:128]])
        self.assertIn(BLUE, [p for row in picture for p in row[128:]])

    def test_what_can_not_be_read_is_refused_with_its_place(self):
        for paint in ({'fill-color': ['collator', {}]}, {'fill-color': ['interpolate', ['cubic-bezier', 0, 0, 1, 1], ['zoom'], 0, 'red', 1, 'blue']}, {'fill-color': ['get']},
                      {'fill-opacity': 'much'}, {'fill-color': ['match', ['get', 'a'], {}, 'red', 'blue']}, {'fill-color': ['get', 'a', {}]}):
            with self.subTest(paint):
                shutil.copy(os.path.join(os.path.dirname(os.path.abspath(data.__file__)), *['..'] * 5, 'samples', 'world.gpkg'), self.folder)
                source = {'kind': 'vector', 'path': os.path.join(self.folder, 'world.gpkg'), 'folder': self.folder, 'table': 'countries',
                          'style': self.style({'id': 'x', 'type': 'fill', 'paint': paint})}
                self.assert_refused(self.render(source), 'layers[0] (x)')

    def test_names_of_fields_and_texts_are_no_expressions(self):
        odd = '" OR env(\'HOME\') --'
        self.assertEqual(self.fill(['case', ['==', ['get', odd], 'x'], 'blue', 'red'])[0], RED)
        self.assertEqual(self.fill(['match', ['get', 'kind'], "' || env('HOME') || '", 'blue', 'red'])[0], RED)


if __name__ == '__main__':
    unittest.main()
