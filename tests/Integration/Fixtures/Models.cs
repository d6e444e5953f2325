using System.Diagnostics;
using System.Globalization;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>Models of QGIS, written by QGIS.</summary>
internal static class Models
{
    private const string Writer = """
        import os, sys
        os.environ['QT_QPA_PLATFORM'] = 'offscreen'
        sys.path[:0] = ['/usr/share/qgis/python/plugins', '/usr/share/qgis/python']
        from qgis.core import (QgsApplication, QgsProcessingModelAlgorithm, QgsProcessingModelChildAlgorithm, QgsProcessingModelChildParameterSource,
                               QgsProcessingModelOutput, QgsProcessingModelParameter, QgsProcessingParameterFeatureSource)
        folder, target, second, distance = sys.argv[1:]
        app = QgsApplication([], False, folder)
        app.initQgis()
        from processing.core.Processing import Processing
        Processing.initialize()
        model = QgsProcessingModelAlgorithm('tested', 'tests')
        model.addModelParameter(QgsProcessingParameterFeatureSource('layer', 'Layer'), QgsProcessingModelParameter('layer'))
        first = QgsProcessingModelChildAlgorithm('native:centroids')
        first.setChildId('first')
        first.addParameterSources('INPUT', [QgsProcessingModelChildParameterSource.fromModelParameter('layer')])
        model.addChildAlgorithm(first)
        last = QgsProcessingModelChildAlgorithm(second)
        last.setChildId('last')
        last.addParameterSources('INPUT', [QgsProcessingModelChildParameterSource.fromChildOutput('first', 'OUTPUT')])
        if second == 'native:buffer':
            last.addParameterSources('DISTANCE', [QgsProcessingModelChildParameterSource.fromStaticValue(float(distance))])
            output = QgsProcessingModelOutput('buffered', 'Buffered')
            output.setChildId('last')
            output.setChildOutputName('OUTPUT')
            last.setModelOutputs({'buffered': output})
        else:
            last.addParameterSources('FIELD', [QgsProcessingModelChildParameterSource.fromStaticValue('name')])
        model.addChildAlgorithm(last)
        assert model.toFile(target + '.new')
        os.replace(target + '.new', target)
        sys.stdout.flush()
        os._exit(0)
        """;

    /// <summary><c>model:tested</c>: centroids of <c>layer</c>, then a second step.</summary>
    public static void Write(string folder, string target, string second, double distance = 1)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Writer, folder, target, second, distance.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true };
        (start.Environment["HOME"], start.Environment["XDG_CONFIG_HOME"], start.Environment["XDG_RUNTIME_DIR"]) = (folder, folder, folder);
        using var python = Process.Start(start)!;
        var errors = python.StandardError.ReadToEnd();
        python.WaitForExit();
        python.ExitCode.ShouldBe(0, errors);
    }
}
