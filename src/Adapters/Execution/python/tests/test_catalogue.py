import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import HAS_QGIS, NO_QGIS, Host, inline, points, shared  # noqa: E402

SCRIPT = textwrap.dedent('''
    from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterNumber, QgsProcessingOutputNumber

    class Double(QgsProcessingAlgorithm):
        def initAlgorithm(self, config=None):
            self.addParameter(QgsProcessingParameterNumber('N', 'N'))
            self.addOutput(QgsProcessingOutputNumber('OUT', 'Out'))
        def name(self): return '%s'
        def displayName(self): return 'Double'
        def createInstance(self): return Double()
        def processAlgorithm(self, parameters, context, feedback):
            n = self.parameterAsDouble(parameters, 'N', context)
            if n < 0:
                raise ValueError('negative')
            return {'OUT': n * 2}
    ''')
DECORATED = '''
from qgis.processing import alg

@alg(name='thrice', label='Thrice', group='tests', group_label='Tests')
@alg.input(type=alg.NUMBER, name='NUMBER', label='Number')
@alg.output(type=alg.NUMBER, name='RESULT', label='Result')
def thrice(instance, parameters, context, feedback, inputs):
    """Three times a number."""
    return {'RESULT': 3 * instance.parameterAsDouble(parameters, 'NUMBER', context)}
'''
MODEL = '''
import sys
sys.path[:0] = ['/usr/share/qgis/python/plugins', '/usr/share/qgis/python']
from qgis.core import (QgsApplication, QgsProcessingModelAlgorithm, QgsProcessingModelChildAlgorithm, QgsProcessingModelChildParameterSource,
                       QgsProcessingModelOutput, QgsProcessingModelParameter, QgsProcessingParameterFeatureSource)
application = QgsApplication([], False)
application.initQgis()
from processing.core.Processing import Processing
Processing.initialize()
model = QgsProcessingModelAlgorithm('Around', 'ours')
model.addModelParameter(QgsProcessingParameterFeatureSource('input', 'Input'), QgsProcessingModelParameter('input'))
step = QgsProcessingModelChildAlgorithm('native:buffer')
step.setChildId('buffer')
step.addParameterSources('INPUT', [QgsProcessingModelChildParameterSource.fromModelParameter('input')])
step.addParameterSources('DISTANCE', [QgsProcessingModelChildParameterSource.fromStaticValue(2)])
step.setModelOutputs({'Ring': QgsProcessingModelOutput('Ring', 'Ring')})
step.modelOutput('Ring').setChildOutputName('OUTPUT')
step.modelOutput('Ring').setChildId('buffer')
model.addChildAlgorithm(step)
model.toFile(sys.argv[1])
import os
os._exit(0)
'''


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Catalogue(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        _, worker = shared()
        cls.answer = worker.ask({'op': 'catalogue', 'id': 1})
        cls.algorithms = {a['id']: a for a in cls.answer['algorithms']}

    def test_all_algorithms_with_type_and_map_of_every_parameter(self):
        self.assertGreater(len(self.algorithms), 350)
        for algorithm in self.algorithms.values():
            self.assertTrue(algorithm['title'] and isinstance(algorithm['help'], str), algorithm['id'])
            for parameter in algorithm['parameters']:
                self.assertTrue(parameter['type'], (algorithm['id'], parameter['name']))
                self.assertIsInstance(parameter['map'], dict)
                self.assertNotIn('1.797', json.dumps(parameter['map']))
                if parameter['destination']:
                    self.assertIn('extensions', parameter)

    def test_a_known_one(self):
        segments = {p['name']: p for p in self.algorithms['native:buffer']['parameters']}['SEGMENTS']
        self.assertEqual((segments['type'], segments['default'], segments['map']['min'], segments['map']['data_type']), ('number', 5, 1, 0))

    def test_integers_are_integers_and_colours_are_texts(self):
        for algorithm in self.algorithms.values():
            for parameter in algorithm['parameters']:
                if parameter['type'] == 'number' and parameter['map'].get('data_type') == 0:
                    self.assertNotIsInstance(parameter['default'], float, (algorithm['id'], parameter['name']))
        colour = {p['name']: p for p in self.algorithms['qgis:tilesxyzdirectory']['parameters']}['BACKGROUND_COLOR']
        self.assertRegex(colour['default'], r'^#[0-9a-f]{6,8}$')

    def test_aliases(self):
        aliases = self.answer['aliases']
        self.assertEqual((aliases['qgis:aggregate'], aliases['qgis:buildvirtualvector']), ('native:aggregate', 'gdal:buildvirtualvector'))
        self.assertFalse(aliases.keys() & self.algorithms.keys())
        self.assertLessEqual(set(aliases.values()), self.algorithms.keys())


@unittest.skipUnless(HAS_QGIS, NO_QGIS)
class Folders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix='geowps-folders-')
        cls.addClassCleanup(shutil.rmtree, cls.root)
        cls.models, cls.scripts = (os.path.join(cls.root, n) for n in ('models', 'scripts'))
        os.mkdir(cls.models)
        os.mkdir(cls.scripts)
        cls.host = Host(cls.models, cls.scripts)
        cls.addClassCleanup(cls.host.close)
        cls.worker = cls.host.fork()

    def catalogue(self):
        answer = self.worker.ask({'op': 'catalogue', 'id': 1})
        return {a['id']: a for a in answer['algorithms']}, {b['file']: b['reason'] for b in answer['broken']}

    def write(self, folder, name, text):
        path = os.path.join(folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        self.addCleanup(lambda: os.path.exists(path) and os.remove(path))
        return path

    def model(self, path):
        self.addCleanup(lambda: os.path.exists(path) and os.remove(path))
        environment = dict(os.environ, QT_QPA_PLATFORM='offscreen', XDG_CONFIG_HOME=self.root, XDG_RUNTIME_DIR=self.root)
        subprocess.run([sys.executable, '-c', MODEL, path], env=environment, check=True, capture_output=True, timeout=30)
        return path

    def tried(self, kind, path):
        answer = self.worker.ask({'op': 'try', 'id': 7, 'kind': kind, 'file': path})
        self.assertEqual((answer['op'], answer['id']), ('tried', 7))
        return answer['algorithm'], answer['reason']

    def test_a_script_is_picked_up_changed_and_dropped(self):
        path = self.write(self.scripts, 'double.py', SCRIPT % 'double')
        algorithms, broken = self.catalogue()
        self.assertEqual(broken, {})
        with open(path, 'rb') as file:
            self.assertEqual(algorithms['script:double']['digest'], hashlib.sha256(file.read()).hexdigest())
        answer = self.host.run(self.worker, 'script:double', {'N': {'v': 21}}, {'OUT': None})
        self.assertEqual(answer['results'], {'OUT': {'value': 42}})
        answer = self.host.run(self.worker, 'script:double', {'N': {'v': -1}}, {'OUT': None})
        self.assertEqual((answer['op'], answer['kind']), ('failed', 'algorithm'))
        self.assertIn('negative', answer['message'])
        self.assertNotIn('/', answer['message'])
        self.write(self.scripts, 'double.py', SCRIPT.replace('n * 2', 'n * 20') % 'double')  # without a catalogue in between
        answer = self.host.run(self.worker, 'script:double', {'N': {'v': 21}}, {'OUT': None})
        self.assertEqual(answer['results'], {'OUT': {'value': 420}})
        os.remove(path)
        self.assertNotIn('script:double', self.catalogue()[0])

    def test_broken_files_are_named_with_the_reason(self):
        self.write(self.scripts, 'wrong.py', 'def f(:\n')
        self.write(self.scripts, 'empty.py', 'x = 1\n')
        self.write(self.models, 'broken.model3', '<x/>')
        _, broken = self.catalogue()
        self.assertEqual(set(broken), {'wrong.py', 'empty.py', 'broken.model3'})
        self.assertIn('yntax', broken['wrong.py'])
        self.assertNotIn(self.root, json.dumps(broken))

    def test_a_model_is_listed_with_its_steps_and_runs(self):
        path = self.model(os.path.join(self.models, 'around.model3'))
        algorithms, broken = self.catalogue()
        self.assertEqual(broken, {})
        model = algorithms['model:Around']
        self.assertEqual(model['steps'], ['native:buffer'])
        output = next(p['name'] for p in model['parameters'] if p['destination'])
        answer = self.host.run(self.worker, 'model:Around', {'input': inline(points(), 'input')}, {output: None})
        self.assertEqual(answer['op'], 'done', answer)
        self.assertNotIn(':', answer['results'][output]['path'])

    def test_what_is_tried_is_described_as_it_would_be_and_is_not_there(self):
        model, _ = self.tried('model', self.model(os.path.join(self.root, 'aside.model3')))
        self.assertEqual((model['id'], model['provider'], model['steps']), ('model:Around', 'model', ['native:buffer']))
        path = self.write(self.root, 'aside.py', SCRIPT % 'aside')
        script, reason = self.tried('script', path)
        self.assertEqual((script['id'], script['provider'], script['file'], reason), ('script:aside', 'script', path, None))
        self.assertEqual([p['name'] for p in script['parameters']], ['N'])
        decorated, reason = self.tried('script', self.write(self.root, 'decorated.py', DECORATED))
        self.assertEqual((decorated and decorated['id'], reason), ('script:thrice', None))
        algorithms, broken = self.catalogue()
        self.assertFalse({'model:Around', 'script:aside'} & algorithms.keys())
        self.assertEqual(broken, {})

    def test_trying_another_version_leaves_the_one_that_is_there(self):
        there = self.write(self.scripts, 'double.py', SCRIPT % 'double')
        self.catalogue()
        other = self.write(self.root, 'aside.py', SCRIPT.replace('n * 2', 'n * 20') % 'double')
        self.assertEqual(self.tried('script', other)[0]['id'], 'script:double')
        self.assertEqual(self.host.run(self.worker, 'script:double', {'N': {'v': 21}}, {'OUT': None})['results'], {'OUT': {'value': 42}})
        self.assertEqual(self.catalogue()[0]['script:double']['file'], there)

    def test_what_can_not_be_loaded_is_told_why(self):
        for text, said in (('def f(:\n', 'SyntaxError: .*line 1'), ('import nonsense_of_ours\n', 'nonsense_of_ours'), ('x = 1\n', 'no algorithm'),
                           ('import sys\nsys.exit(3)\n', 'SystemExit'), ('1 / 0\n', 'ZeroDivisionError'),
                           ('from qgis.core import *\n', 'one by one'), (SCRIPT % '', 'no name')):
            algorithm, reason = self.tried('script', self.write(self.root, 'aside.py', text))
            self.assertIsNone(algorithm, text)
            self.assertRegex(reason, said)
            self.assertNotIn(self.root, reason)
        path = self.model(os.path.join(self.root, 'aside.model3'))
        with open(path, encoding='utf-8') as file:
            text = file.read()
        self.write(self.root, 'aside.model3', text.replace('native:buffer', 'native:nonsense'))
        self.assertEqual(self.tried('model', path)[1], 'unknown algorithm native:nonsense')
        self.write(self.root, 'aside.model3', '<x/>')
        self.assertRegex(self.tried('model', path)[1], 'not a readable model')


if __name__ == '__main__':
    unittest.main()
