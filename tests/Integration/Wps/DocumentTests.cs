using System.Xml.Linq;
using GeoWps.Tests.Integration.Processes;

namespace GeoWps.Tests.Integration.Wps;

/// <summary>Capabilities and descriptions of both versions, by parameters and by XML.</summary>
public sealed class DocumentTests(BareServer bare) : IClassFixture<BareServer>
{
    /// <summary>What is there without QGIS.</summary>
    private static readonly string[] _all = ["EchoProcess", "echo", "geowps:export", "geowps:harvest", "geowps:publish", "geowps:reseed", "geowps:seed", "geowps:truncate"];

    private WpsClient Wps => new(bare.Server.Client);

    [Theory]
    [InlineData("service=WPS&request=GetCapabilities", "2.0.0")]
    [InlineData("SERVICE=wps&REQUEST=getcapabilities", "2.0.0")]
    [InlineData("service=WPS&request=GetCapabilities&version=1.0.0", "1.0.0")]
    [InlineData("service=WPS&request=GetCapabilities&AcceptVersions=1.0.0", "1.0.0")]
    [InlineData("service=WPS&request=GetCapabilities&acceptversions=9.9.9,1.0.0,2.0.0", "1.0.0")]
    [InlineData("service=WPS&request=GetCapabilities&AcceptVersions=2.0.0,1.0.0&AcceptFormats=application/x-bxml", "2.0.0")]
    [InlineData("service=WPS&request=GetCapabilities&AcceptVersions=1.0.0&language=en-US", "1.0.0")]
    public async Task Capabilities_come_in_the_version_negotiated(string query, string version)
    {
        var root = (await Wps.KvpAsync(query)).Document();

        root.Name.LocalName.ShouldBe("Capabilities");
        root.Attribute("version")!.Value.ShouldBe(version);
        Identifiers(root).ShouldBe(_all);
        root.Descendants().Where(element => element.Name.LocalName == "Operation").Select(element => element.Attribute("name")!.Value)
            .ShouldBe(version == "1.0.0" ? ["GetCapabilities", "DescribeProcess", "Execute"] : ["GetCapabilities", "DescribeProcess", "Execute", "GetStatus", "GetResult", "Dismiss"]);
    }

    [Fact]
    public async Task Posted_capabilities_are_those_of_the_namespace()
    {
        (await Wps.Post1Async("GetCapabilities", "")).Document().Name.ShouldBe(WpsClient.Wps1 + "Capabilities");
        (await Wps.Post2Async("GetCapabilities", "")).Document().Name.ShouldBe(WpsClient.Wps2 + "Capabilities");
        (await Wps.PostAsync("<GetCapabilities service=\"WPS\" xmlns=\"http://www.opengis.net/wps/2.0\"><AcceptVersions xmlns=\"http://www.opengis.net/ows/2.0\"><Version>1.0.0</Version></AcceptVersions></GetCapabilities>"))
            .Document().Name.ShouldBe(WpsClient.Wps1 + "Capabilities");
    }

    [Theory]
    [InlineData("service=WPS&request=GetCapabilities&AcceptVersions=3.0.0", "VersionNegotiationFailed", null)]
    [InlineData("service=WPS&version=3.0.0&request=GetCapabilities", "VersionNegotiationFailed", null)]
    [InlineData("request=GetCapabilities", "MissingParameterValue", "service")]
    [InlineData("service=WMS&request=GetCapabilities", "InvalidParameterValue", "service")]
    [InlineData("service=WPS", "MissingParameterValue", "request")]
    [InlineData("service=WPS&request=GetMap", "OperationNotSupported", "GetMap")]
    [InlineData("service=WPS&version=1.0.0&request=GetStatus&jobId=1", "OperationNotSupported", "GetStatus")]
    [InlineData("service=WPS&request=GetCapabilities&Sections=Layers", "InvalidParameterValue", "sections")]
    [InlineData("service=WPS&request=GetCapabilities&language=xx-XX", "InvalidParameterValue", "language")]
    [InlineData("service=WPS&version=1.0.0&request=GetCapabilities&updateSequence=9999", "InvalidUpdateSequence", null)]
    [InlineData("service=WPS&request=DescribeProcess&identifier=echo", "MissingParameterValue", "version")]
    [InlineData("service=WPS&version=5.5.5&request=DescribeProcess&identifier=echo", "InvalidParameterValue", "version")]
    [InlineData("service=WPS&version=2.0.0&request=DescribeProcess", "MissingParameterValue", "identifier")]
    [InlineData("service=WPS&version=1.0.0&request=Execute", "MissingParameterValue", "identifier")]
    [InlineData("service=WPS&version=2.0.0&request=GetStatus", "MissingParameterValue", "jobId")]
    public async Task A_wrong_request_is_refused_with_its_code_and_place(string query, string code, string? locator) =>
        (await Wps.KvpAsync(query)).Exceptions().ShouldBe([(code, locator)]);

    [Theory]
    [InlineData("1.0.0", "http://www.opengis.net/ows/1.1", "InvalidParameterValue", "identifier")]
    [InlineData("2.0.0", "http://www.opengis.net/ows/2.0", "NoSuchProcess", "no.such")]
    public async Task An_unknown_process_is_told_in_the_words_of_the_version(string version, string ows, string code, string locator)
    {
        foreach (var request in (string[])["DescribeProcess", "Execute"])
        {
            var answer = await Wps.KvpAsync($"service=WPS&version={version}&request={request}&identifier=no.such");
            answer.Exceptions(404).ShouldBe([(code, locator)]);
            answer.Document(404).Name.NamespaceName.ShouldBe(ows);
        }
    }

    [Fact]
    public async Task What_is_no_XML_is_refused_in_the_words_of_its_version()
    {
        var broken = await Wps.PostAsync("<wps:GetCapabilities xmlns:wps=\"http://www.opengis.net/wps/1.0.0\" service=\"WPS\"></wps:Capabilities>");
        broken.Exceptions().ShouldBe([("NoApplicableCode", null)]);
        broken.Document(400).Name.ShouldBe(WpsClient.Ows1 + "ExceptionReport");
        (await Wps.PostAsync("")).Exceptions().Count.ShouldBe(1);
        (await Wps.PostAsync("service=WPS&request=GetCapabilities")).Exceptions().Count.ShouldBe(1);
        (await Wps.PostAsync("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>")).Exceptions().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sections_asked_for_come_alone()
    {
        var root = OgcPart((await Wps.KvpAsync("service=WPS&request=GetCapabilities&Sections=ServiceProvider,Contents")).Text);
        root.Elements().Select(element => element.Name.LocalName).ShouldBe(["ServiceProvider", "Contents"]);
    }

    [Fact]
    public async Task Who_has_the_current_capabilities_gets_an_empty_document()
    {
        var sequence = (await Wps.KvpAsync("service=WPS&request=GetCapabilities&AcceptVersions=1.0.0")).Document().Attribute("updateSequence")!.Value;

        var again = OgcPart((await Wps.KvpAsync($"service=WPS&request=GetCapabilities&updateSequence={Uri.EscapeDataString(sequence)}")).ShouldBe(200).Text);
        again.HasElements.ShouldBeFalse();
        again.Attribute("version")!.Value.ShouldBe("1.0.0");
    }

    [Theory]
    [InlineData("1.0.0", "ProcessDescriptions")]
    [InlineData("2.0.0", "ProcessOfferings")]
    public async Task Processes_are_described_one_several_and_all(string version, string root)
    {
        foreach (var (ids, expected) in (IEnumerable<(string, string[])>)[("echo", ["echo"]), ("EchoProcess,echo", ["EchoProcess", "echo"]), ("ALL", _all), ("all", _all)])
        {
            var document = (await Wps.KvpAsync($"service=WPS&version={version}&request=DescribeProcess&identifier={ids}")).Document();
            document.Name.LocalName.ShouldBe(root);
            Identifiers(document).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Processes_are_described_by_XML_in_the_order_asked()
    {
        const string Both = "<ows:Identifier>echo</ows:Identifier><ows:Identifier>EchoProcess</ows:Identifier>";
        Identifiers((await Wps.Post1Async("DescribeProcess", Both, "language=\"en-US\"")).Document()).ShouldBe(["echo", "EchoProcess"]);
        Identifiers((await Wps.Post2Async("DescribeProcess", Both)).Document()).ShouldBe(["echo", "EchoProcess"]);
        (await Wps.Post1Async("DescribeProcess", "")).Exceptions().ShouldBe([("MissingParameterValue", "identifier")]);
        (await Wps.Post1Async("DescribeProcess", Both, "language=\"xx-XX\"")).Exceptions().ShouldBe([("InvalidParameterValue", "language")]);
    }

    [Fact]
    public async Task The_other_name_of_echo_is_known_and_in_no_list()
    {
        const string Other = "org.n52.javaps.test.EchoProcess";
        Identifiers((await Wps.KvpAsync($"service=WPS&version=2.0.0&request=DescribeProcess&identifier={Other}")).Document()).ShouldBe(["echo"]);
        (await Wps.Execute2Async(Other, WpsClient.Literal2("literalInput", "hello") + WpsClient.Output2("literalOutput"))).Document().Name.ShouldBe(WpsClient.Wps2 + "Result");
        (await Wps.KvpAsync("service=WPS&request=GetCapabilities")).Text.ShouldNotContain("n52");
        (await bare.Server.Client.GetAsync(new Uri($"processes/{Other}", UriKind.Relative))).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Echo_is_described_as_its_contract_says()
    {
        var process = (await Wps.KvpAsync("service=WPS&version=2.0.0&request=DescribeProcess&identifier=echo")).Document().Descendants(WpsClient.Wps2 + "Process").Single();
        var inputs = process.Elements(WpsClient.Wps2 + "Input").ToDictionary(input => input.Element(WpsClient.Ows2 + "Identifier")!.Value);

        inputs.Keys.ShouldBe(["literalInput", "numberInput", "booleanInput", "dateInput", "arrayInput", "imageInput", "geometryInput", "complexInput", "boundingBoxInput", "pause"]);
        TypeOf("literalInput").ShouldBe(("string", "http://www.w3.org/2001/XMLSchema#string"));
        TypeOf("numberInput").ShouldBe(("double", "http://www.w3.org/2001/XMLSchema#double"));
        TypeOf("booleanInput").ShouldBe(("boolean", "http://www.w3.org/2001/XMLSchema#boolean"));
        TypeOf("dateInput").ShouldBe(("dateTime", "http://www.w3.org/2001/XMLSchema#dateTime"));
        inputs["numberInput"].Descendants(WpsClient.Ows2 + "Range").Single().Attribute(WpsClient.Ows2 + "rangeClosure")!.Value.ShouldBe("open-closed");
        inputs["geometryInput"].Attribute("maxOccurs")!.Value.ShouldBe("5");
        FormatsOf("arrayInput").ShouldBe([("application/json", null, true)]);
        FormatsOf("imageInput").ShouldBe([("image/tiff", "base64", true)]);
        FormatsOf("geometryInput").ShouldBe([("application/geo+json", null, true), ("application/gml+xml; version=3.2", null, false)]);
        FormatsOf("complexInput").ShouldBe([("text/xml", null, true), ("application/xml", null, false), ("application/json", null, false)]);
        inputs["boundingBoxInput"].Descendants(WpsClient.Wps2 + "SupportedCRS").Select(crs => crs.Value)
            .ShouldBe(["urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:OGC:1.3:CRS84"]);

        (string, string) TypeOf(string id) => inputs[id].Descendants(WpsClient.Ows2 + "DataType").Select(type => (type.Value, type.Attribute(WpsClient.Ows2 + "reference")!.Value)).Single();
        IEnumerable<(string?, string?, bool)> FormatsOf(string id) => inputs[id].Descendants(WpsClient.Wps2 + "Format")
            .Select(format => ((string?)format.Attribute("mimeType"), (string?)format.Attribute("encoding"), (bool?)format.Attribute("default") ?? false));
    }

    [Theory]
    [InlineData("service=WPS&request=GetCapabilities")]
    [InlineData("service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL")]
    [InlineData("service=WPS&version=2.0.0&request=DescribeProcess&identifier=echo")]
    public async Task Documents_are_sent_once_to_who_keeps_them(string query)
    {
        var tag = (await Wps.KvpAsync(query)).ShouldBe(200).Headers.ETag!;

        using var request = new HttpRequestMessage(HttpMethod.Get, $"wps?{query}");
        request.Headers.IfNoneMatch.Add(tag);
        (await bare.Server.Client.SendAsync(request)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotModified);
    }

    private static XElement OgcPart(string xml) => XDocument.Parse(xml).Root!;

    /// <summary>Of the processes, not of their inputs and outputs.</summary>
    private static IEnumerable<string> Identifiers(XElement root) => root.Descendants()
        .Where(element => element.Name.LocalName is "Process" or "ProcessSummary" or "ProcessDescription")
        .Select(element => element.Elements().Single(child => child.Name.LocalName == "Identifier").Value);
}
