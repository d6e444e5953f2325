using System.Text;
using System.Xml.Linq;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Wps;

/// <summary>Speaks WPS of both versions, and validates every document that comes.</summary>
internal sealed class WpsClient(HttpClient http)
{
    public static readonly XNamespace Wps1 = "http://www.opengis.net/wps/1.0.0";
    public static readonly XNamespace Wps2 = "http://www.opengis.net/wps/2.0";
    public static readonly XNamespace Ows1 = "http://www.opengis.net/ows/1.1";
    public static readonly XNamespace Ows2 = "http://www.opengis.net/ows/2.0";
    public static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";

    private const string Names1 =
        """xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" service="WPS" version="1.0.0" """;

    private const string Names2 =
        """xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" xmlns:xlink="http://www.w3.org/1999/xlink" service="WPS" version="2.0.0" """;

    public Task<Answer> KvpAsync(string query) => SendAsync(HttpMethod.Get, $"wps?{query}", null);

    public Task<Answer> PostAsync(string xml, string query = "") => SendAsync(HttpMethod.Post, $"wps{query}", new StringContent(xml, Encoding.UTF8, "text/xml"));

    public Task<Answer> GetAsync(string address) => SendAsync(HttpMethod.Get, address, null);

    /// <summary>Names without a prefix are those of WPS.</summary>
    public Task<Answer> Post1Async(string operation, string content, string attributes = "") => PostAsync($"<wps:{operation} {Names1}{attributes}>{content}</wps:{operation}>");

    public Task<Answer> Post2Async(string operation, string content, string attributes = "") => PostAsync($"<wps:{operation} {Names2}{attributes}>{content}</wps:{operation}>");

    public Task<Answer> Execute1Async(string process, string inputs, string form = "") => Post1Async(
        "Execute",
        $"<ows:Identifier>{process}</ows:Identifier><wps:DataInputs>{inputs}</wps:DataInputs>{(form.Length == 0 ? "" : $"<wps:ResponseForm>{form}</wps:ResponseForm>")}");

    public Task<Answer> Execute2Async(string process, string inputsAndOutputs, string mode = "sync", string response = "document") =>
        Post2Async("Execute", $"<ows:Identifier>{process}</ows:Identifier>{inputsAndOutputs}", $"mode=\"{mode}\" response=\"{response}\"");

    public static string Literal1(string id, string value) => Input1(id, $"<wps:Data><wps:LiteralData>{value}</wps:LiteralData></wps:Data>");

    public static string Complex1(string id, string value, string attributes = "") => Input1(id, $"<wps:Data><wps:ComplexData {attributes}>{value}</wps:ComplexData></wps:Data>");

    public static string Input1(string id, string form) => $"<wps:Input><ows:Identifier>{id}</ows:Identifier>{form}</wps:Input>";

    public static string Raw1(string output, string attributes = "") => $"<wps:RawDataOutput {attributes}><ows:Identifier>{output}</ows:Identifier></wps:RawDataOutput>";

    public static string Document1(string outputs, string attributes = "") => $"<wps:ResponseDocument {attributes}>{outputs}</wps:ResponseDocument>";

    public static string Output1(string id, string attributes = "") => $"<wps:Output {attributes}><ows:Identifier>{id}</ows:Identifier></wps:Output>";

    public static string Literal2(string id, string value) => Input2(id, $"<wps:LiteralValue>{value}</wps:LiteralValue>");

    public static string Input2(string id, string data, string attributes = "") => $"<wps:Input id=\"{id}\"><wps:Data {attributes}>{data}</wps:Data></wps:Input>";

    public static string Output2(string id, string attributes = "") => $"<wps:Output id=\"{id}\" {attributes}/>";

    private async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.RelativeOrAbsolute)) { Content = content };
        using var response = await http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers.ContentType?.ToString());
    }
}

internal static class WpsAnswerExtensions
{
    /// <summary>A valid document of the status, and its root.</summary>
    public static XElement Document(this Answer answer, int status = 200)
    {
        answer.ShouldBe(status);
        answer.MediaType.ShouldStartWith("text/xml");
        return OgcSchemas.ShouldBeValid(answer.Text);
    }

    /// <summary>A valid report; its codes and locators.</summary>
    public static IReadOnlyList<(string Code, string? Locator)> Exceptions(this Answer answer, int status = 400)
    {
        var root = answer.Document(status);
        root.Name.LocalName.ShouldBe("ExceptionReport");
        return [.. root.Elements().Select(exception => ((string)exception.Attribute("exceptionCode")!, (string?)exception.Attribute("locator")))];
    }
}
