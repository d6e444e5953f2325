using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A server whose administrator's token the tests know. Two QGIS processes, packages of up to 100 kB.</summary>
public class AdminServer : QgisServer
{
    public const string Token = "token-of-the-tests-0";

    public const string Package = "application/ogcapppkg+json";

    public const string Script = "text/x-python";

    public const string Model = "application/qgis-model+xml";

    /// <summary>What a script looks like that gives <c>RESULT</c>: an expression of <c>n</c>.</summary>
    public static string ScriptText(string name, string expression) =>
        $$"""
        import time
        from qgis.core import QgsProcessingAlgorithm, QgsProcessingOutputNumber, QgsProcessingParameterNumber


        class Algorithm(QgsProcessingAlgorithm):
            def initAlgorithm(self, configuration=None):
                self.addParameter(QgsProcessingParameterNumber('n', 'Number', QgsProcessingParameterNumber.Double))
                self.addOutput(QgsProcessingOutputNumber('RESULT', 'Result'))

            def name(self):
                return '{{name}}'

            def displayName(self):
                return 'A number from a number'

            def createInstance(self):
                return Algorithm()

            def processAlgorithm(self, parameters, context, feedback):
                n = self.parameterAsDouble(parameters, 'n', context)
                return {'RESULT': {{expression}}}
        """;

    public static string PackageOf(object unit, string? id = null) => JsonSerializer.Serialize(
        id is null ? new Dictionary<string, object> { ["executionUnit"] = unit } : new() { ["processDescription"] = new { id }, ["executionUnit"] = unit });

    /// <summary>As the administrator.</summary>
    public Task<Answer> AdministerAsync(HttpMethod method, string path, string? body = null, string? type = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body is null ? null : Content(body, type), [("Authorization", $"Bearer {Token}"), .. headers]);

    public Task<Answer> DeployAsync(string body, string type, string query = "") => AdministerAsync(HttpMethod.Post, "processes" + query, body, type);

    public Task<Answer> ReplaceAsync(string id, string body, string type) => AdministerAsync(HttpMethod.Put, $"processes/{id}", body, type);

    public Task<Answer> UndeployAsync(string id) => AdministerAsync(HttpMethod.Delete, $"processes/{id}");

    /// <summary>The number that a script gives for a number.</summary>
    public async Task<double> NumberAsync(string id, double n) =>
        (await ExecuteAsync(id, new { inputs = new { n }, response = "document" })).ShouldBe(200).Json.GetProperty("RESULT").GetDouble();

    public static HttpContent Content(string body, string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }

    protected override string[] Settings() => ["--Python:Workers", "2", "--Security:AdminToken", Token, "--Limits:MaxPackageBytes", "100000"];
}

[CollectionDefinition(Name)]
public sealed class AdminServerTests : ICollectionFixture<AdminServer>
{
    public const string Name = "administration";
}
