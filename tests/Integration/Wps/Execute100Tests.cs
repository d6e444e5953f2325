using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Processes;
using static GeoWps.Tests.Integration.Wps.WpsClient;

namespace GeoWps.Tests.Integration.Wps;

/// <summary>Execute of WPS 1.0.0 (05-007r7, clause 10) with the echo process.</summary>
public sealed class Execute100Tests(BareServer bare) : IClassFixture<BareServer>
{
    private const string Box = "<wps:Data><wps:BoundingBoxData crs=\"urn:ogc:def:crs:EPSG::4326\" dimensions=\"2\"><ows:LowerCorner>10 20</ows:LowerCorner><ows:UpperCorner>30.50 40</ows:UpperCorner></wps:BoundingBoxData></wps:Data>";

    private static readonly string Everything =
        Literal1("literalInput", "hello &lt;you&gt;") + Literal1("numberInput", "3.50") + Literal1("booleanInput", "1") + Literal1("dateInput", "2026-11-28T04:00:00Z")
        + Complex1("arrayInput", "[1, 2, 3]", "mimeType=\"application/json\"")
        + Complex1("imageInput", "SUkq\nAAgAAAAAAAAA", "mimeType=\"image/tiff\" encoding=\"base64\"")
        + Complex1("geometryInput", "<![CDATA[{\"type\":\"Point\",\"coordinates\":[1,2]}]]>", "mimeType=\"application/geo+json\"")
        + Complex1("geometryInput", "<gml:Point xmlns:gml=\"http://www.opengis.net/gml/3.2\" gml:id=\"p\"><gml:pos>1 2</gml:pos></gml:Point>", "mimeType=\"application/gml+xml; version=3.2\"")
        + Complex1("complexInput", "<testElement a=\"&lt;&amp;\"><b/>x&#13;y</testElement>")
        + Input1("boundingBoxInput", Box);

    private WpsClient Wps => new(bare.Server.Client);

    [Fact]
    public async Task Every_kind_of_input_comes_back_as_it_was()
    {
        var root = (await Wps.Execute1Async("echo", Everything)).Document();

        root.Name.ShouldBe(Wps1 + "ExecuteResponse");
        root.Element(Wps1 + "Status")!.Elements().Single().Name.ShouldBe(Wps1 + "ProcessSucceeded");
        root.Attribute("statusLocation").ShouldBeNull();
        root.Element(Wps1 + "DataInputs").ShouldBeNull();
        OutputsOf(root).Select(output => output.Id).ShouldBe(
            ["literalOutput", "numberOutput", "booleanOutput", "dateOutput", "arrayOutput", "imageOutput", "geometryOutput", "geometryOutput", "complexOutput", "boundingBoxOutput"]);
        DataOf(root, "literalOutput").Value.ShouldBe("hello <you>");
        DataOf(root, "literalOutput").Attribute("dataType")!.Value.ShouldBe("xs:string");
        DataOf(root, "numberOutput").Value.ShouldBe("3.50");
        DataOf(root, "booleanOutput").Value.ShouldBe("true");
        DataOf(root, "arrayOutput").Value.ShouldBe("[1,2,3]");
        DataOf(root, "imageOutput").Value.ShouldBe("SUkqAAgAAAAAAAAA");
        DataOf(root, "imageOutput").Attribute("encoding")!.Value.ShouldBe("base64");
        var element = DataOf(root, "complexOutput").Elements().Single();
        element.Attribute("a")!.Value.ShouldBe("<&");
        element.Value.ShouldBe("x\ry");
        element.Elements().Single().Name.ShouldBe("b");
        DataOf(root, "boundingBoxOutput").Name.ShouldBe(Wps1 + "BoundingBoxData");
        DataOf(root, "boundingBoxOutput").Attribute("crs")!.Value.ShouldBe("urn:ogc:def:crs:EPSG::4326");
        DataOf(root, "boundingBoxOutput").Elements().Select(corner => corner.Value).ShouldBe(["10 20", "30.50 40"]);
        var geometries = OutputsOf(root).Where(output => output.Id == "geometryOutput").Select(output => output.Data).ToArray();
        JsonNode.Parse(geometries[0].Value)!["coordinates"]!.ToJsonString().ShouldBe("[1,2]");
        geometries[1].Elements().Single().Name.LocalName.ShouldBe("Point");
        geometries[1].Attribute("mimeType")!.Value.ShouldBe("application/gml+xml; version=3.2");
    }

    [Theory]
    [InlineData("literalOutput", "text/plain; charset=utf-8", "hello <you>")]
    [InlineData("numberOutput", "text/plain; charset=utf-8", "3.50")]
    [InlineData("arrayOutput", "application/json", "[1,2,3]")]
    [InlineData("complexOutput", "text/xml", "<testElement a=\"&lt;&amp;\"><b />x&#xD;y</testElement>")]
    [InlineData("imageOutput", "image/tiff", "II*\0\b\0\0\0\0\0\0\0")]
    public async Task A_raw_output_is_the_bare_value_in_its_own_type(string output, string mediaType, string value)
    {
        var answer = (await Wps.Execute1Async("echo", Everything, Raw1(output))).ShouldBe(200);
        answer.MediaType.ShouldBe(mediaType);
        answer.Text.ShouldBe(value);
    }

    [Fact]
    public async Task Outputs_asked_for_come_alone_and_by_reference_where_wanted()
    {
        var root = (await Wps.Execute1Async("echo", Everything, Document1(Output1("complexOutput", "asReference=\"true\"") + Output1("literalOutput")))).Document();

        OutputsOf(root).Select(output => output.Id).ShouldBe(["complexOutput", "literalOutput"]);
        var reference = OutputsOf(root).First().Data;
        reference.Name.ShouldBe(Wps1 + "Reference");
        (await Wps.GetAsync(reference.Attribute("href")!.Value)).ShouldBe(200).Text.ShouldContain("<testElement");
    }

    [Fact]
    public async Task Lineage_repeats_inputs_and_output_definitions()
    {
        bare.Files.Put("lineage.xml", "<far/>"u8.ToArray(), "text/xml");
        var large = new string('x', 200_000);
        var inputs = Everything.Replace("hello &lt;you&gt;", large, StringComparison.Ordinal).Replace(Complex1("complexInput", "<testElement a=\"&lt;&amp;\"><b/>x&#13;y</testElement>"), "", StringComparison.Ordinal)
            + Input1("complexInput", $"<wps:Reference xlink:href=\"{bare.Files.AddressOf("lineage.xml")}\" mimeType=\"text/xml\"/>");
        var root = (await Wps.Execute1Async("echo", inputs, Document1(Output1("literalOutput"), "lineage=\"true\" storeExecuteResponse=\"true\""))).Document();
        root = await EndOfAsync(root);

        var repeated = root.Element(Wps1 + "DataInputs")!.Elements().ToLookup(input => input.Element(Ows1 + "Identifier")!.Value);
        repeated["literalInput"].Single().Value.ShouldEndWith(large);
        repeated["numberInput"].Single().Descendants(Wps1 + "LiteralData").Single().Value.ShouldBe("3.50");
        repeated["geometryInput"].Count().ShouldBe(2);
        repeated["geometryInput"].Last().Descendants(Wps1 + "ComplexData").Single().Elements().Single().Name.LocalName.ShouldBe("Point");
        repeated["imageInput"].Single().Descendants(Wps1 + "ComplexData").Single().Value.ShouldBe("SUkqAAgAAAAAAAAA");
        repeated["complexInput"].Single().Element(Wps1 + "Reference")!.Attribute(XLink + "href")!.Value.ShouldBe(bare.Files.AddressOf("lineage.xml"));
        repeated["boundingBoxInput"].Single().Descendants(Wps1 + "BoundingBoxData").Count().ShouldBe(1);
        root.Element(Wps1 + "OutputDefinitions")!.Elements().Single().Element(Ows1 + "Identifier")!.Value.ShouldBe("literalOutput");
    }

    [Fact]
    public async Task A_stored_answer_tells_how_far_it_is_and_stays_at_its_address()
    {
        var inputs = Literal1("literalInput", "hello") + Literal1("pause", "1.5");
        var first = (await Wps.Execute1Async("echo", inputs, Document1(Output1("literalOutput"), "storeExecuteResponse=\"true\" status=\"true\""))).Document();

        StatusOf(first).ShouldBeOneOf("ProcessAccepted", "ProcessStarted");
        var seen = new HashSet<string>();
        var last = await EndOfAsync(first, seen);
        seen.ShouldContain("ProcessStarted");
        DataOf(last, "literalOutput").Value.ShouldBe("hello");
        (await Wps.GetAsync(last.Attribute("statusLocation")!.Value)).Document().ToString().ShouldBe(last.ToString());
    }

    [Fact]
    public async Task Without_status_the_stored_answer_says_no_more_until_the_end()
    {
        var inputs = Literal1("literalInput", "hello") + Literal1("pause", "1");
        var seen = new HashSet<string>();
        await EndOfAsync((await Wps.Execute1Async("echo", inputs, Document1(Output1("literalOutput"), "storeExecuteResponse=\"true\""))).Document(), seen);
        seen.ShouldBe(["ProcessAccepted", "ProcessSucceeded"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_stored_job_that_fails_says_why()
    {
        var inputs = Literal1("literalInput", "hello") + Input1("complexInput", $"<wps:Reference xlink:href=\"{bare.Files.AddressOf("nowhere.xml")}\"/>");
        var root = await EndOfAsync((await Wps.Execute1Async("echo", inputs, Document1(Output1("literalOutput"), "storeExecuteResponse=\"true\" status=\"true\""))).Document());
        root.Descendants(Ows1 + "Exception").Single().Attribute("locator")!.Value.ShouldBe("complexInput");

        (await Wps.Execute1Async("echo", inputs)).Exceptions().ShouldBe([("InvalidParameterValue", "complexInput")]);
    }

    [Fact]
    public async Task A_reference_is_fetched_with_its_headers_and_body()
    {
        bare.Files.Echo("service");
        var body = "<ask xmlns=\"http://example.org/q\"><me/></ask>";
        var reference = $"<wps:Reference mimeType=\"text/xml\" method=\"POST\" xlink:href=\"{bare.Files.AddressOf("service")}\"><wps:Header key=\"X-Key\" value=\"secret\"/><wps:Body>{body}</wps:Body></wps:Reference>";
        var answer = (await Wps.Execute1Async("echo", Literal1("literalInput", "a") + Input1("complexInput", reference), Raw1("complexOutput"))).ShouldBe(200);
        answer.Text.ShouldBe($"<got method=\"POST\" key=\"secret\">{body.Replace("<me/>", "<me />", StringComparison.Ordinal)}</got>");

        bare.Files.Put("body.xml", Encoding.UTF8.GetBytes("<from>far</from>"), "text/xml");
        reference = $"<wps:Reference mimeType=\"text/xml\" method=\"POST\" xlink:href=\"{bare.Files.AddressOf("service")}\"><wps:BodyReference xlink:href=\"{bare.Files.AddressOf("body.xml")}\"/></wps:Reference>";
        (await Wps.Execute1Async("echo", Literal1("literalInput", "a") + Input1("complexInput", reference), Raw1("complexOutput"))).ShouldBe(200).Text.ShouldContain("<from>far</from>");
    }

    [Theory]
    [InlineData("Host", "elsewhere")]
    [InlineData("Content-Length", "5")]
    [InlineData("X Y", "z")]
    public async Task A_header_that_is_ours_is_refused(string name, string value)
    {
        var reference = $"<wps:Reference xlink:href=\"{bare.Files.AddressOf("x")}\"><wps:Header key=\"{name}\" value=\"{value}\"/></wps:Reference>";
        (await Wps.Execute1Async("echo", Literal1("literalInput", "a") + Input1("complexInput", reference))).Exceptions().ShouldBe([("InvalidParameterValue", "complexInput")]);
    }

    [Theory]
    [InlineData("<wps:LiteralData></wps:LiteralData>", "")]
    [InlineData("<wps:LiteralData/>", "")]
    [InlineData("<wps:LiteralData>  </wps:LiteralData>", "  ")]
    [InlineData("<wps:LiteralData>a<![CDATA[<b>]]>&amp;c</wps:LiteralData>", "a<b>&c")]
    [InlineData("<wps:LiteralData><!-- nothing -->x</wps:LiteralData>", "x")]
    public async Task A_text_is_what_its_element_holds(string literal, string text)
    {
        var answer = await Wps.Execute1Async("echo", Input1("literalInput", $"<wps:Data>{literal}</wps:Data>") + Literal1("numberInput", "5"), Document1(Output1("literalOutput") + Output1("numberOutput")));
        var root = answer.Document();
        DataOf(root, "literalOutput").Value.ShouldBe(text);
        DataOf(root, "numberOutput").Value.ShouldBe("5");
    }

    [Fact]
    public async Task Mistakes_come_all_at_once_with_their_codes()
    {
        (await Wps.Execute1Async("echo", Literal1("numberInput", "abc") + Literal1("nope", "x"), Document1(Output1("literalOutput") + Output1("nothing")))).Exceptions()
            .ShouldBe([("InvalidParameterValue", "numberInput"), ("InvalidParameterValue", "nope"), ("MissingParameterValue", "literalInput"), ("InvalidParameterValue", "nothing")], ignoreOrder: true);
        (await Wps.Execute1Async("echo", Literal1("literalInput", "a"), Document1(Output1("literalOutput"), "status=\"true\""))).Exceptions().ShouldBe([("InvalidParameterValue", "status")]);
        (await Wps.Execute1Async("echo", Complex1("arrayInput", "[1, 2", "mimeType=\"application/json\""))).Exceptions().Single().Locator.ShouldBe("arrayInput");
        (await Wps.Execute1Async("echo", "<wps:Nonsense/>")).Exceptions().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_job_of_WPS_is_a_job_of_OGC_API_and_the_other_way_round()
    {
        var stored = (await Wps.Execute1Async("echo", Literal1("literalInput", "hello") + Literal1("pause", "30"), Document1(Output1("literalOutput"), "storeExecuteResponse=\"true\" status=\"true\""))).Document();
        var location = stored.Attribute("statusLocation")!.Value;
        var job = location.Split('/')[^1];
        (await Wps.GetAsync($"jobs/{job}")).ShouldBe(200).Json.GetProperty("processID").GetString().ShouldBe("echo");
        (await bare.Server.Client.DeleteAsync(new Uri($"jobs/{job}", UriKind.Relative))).EnsureSuccessStatusCode();
        StatusOf((await Wps.GetAsync(location)).Document()).ShouldBe("ProcessFailed");

        using var content = new StringContent("""{"inputs": {"literalInput": "rest"}, "outputs": {"literalOutput": {}}}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "processes/echo/execution") { Content = content };
        request.Headers.Add("Prefer", "respond-async");
        var other = (await bare.Server.Client.SendAsync(request)).EnsureSuccessStatusCode().Headers.Location!.ToString().Split('/')[^1];
        DataOf((await Wps.GetAsync($"wps/status/{other}")).Document(), "literalOutput").Value.ShouldBe("rest");
        (await Wps.KvpAsync($"service=WPS&version=2.0.0&request=GetStatus&jobId={other}")).Document().Element(Wps2 + "Status")!.Value.ShouldBe("Succeeded");
    }

    [Fact]
    public async Task An_unknown_stored_answer_is_told_as_a_report() =>
        (await Wps.GetAsync("wps/status/00000000000000000000000000000000")).Exceptions(404).ShouldBe([("InvalidParameterValue", "jobID")]);

    [Theory]
    [InlineData("a;b=c@d & e+f%g é")]
    [InlineData("literalInput=5;numberInput=7")]
    [InlineData("[x]")]
    public async Task By_parameters_a_value_survives_whatever_it_holds(string value)
    {
        var query = $"service=WPS&version=1.0.0&request=Execute&identifier=echo&RawDataOutput=literalOutput&DataInputs=";
        (await Wps.KvpAsync($"{query}literalInput={Uri.EscapeDataString(value)}")).ShouldBe(200).Text.ShouldBe(value);
        (await Wps.KvpAsync($"{query}literalInput={Uri.EscapeDataString(value)}@datatype=xs:string")).ShouldBe(200).Text.ShouldBe(value);
        (await Wps.KvpAsync(query + Uri.EscapeDataString($"literalInput={Uri.EscapeDataString(value)}"))).ShouldBe(200).Text.ShouldBe(value);
    }

    [Fact]
    public async Task By_parameters_every_form_of_an_input_is_understood()
    {
        bare.Files.Put("kvp.xml", "<far/>"u8.ToArray(), "text/xml");
        var inputs = "literalInput=a@b.org;numberInput=2.5;arrayInput=[1,2];boundingBoxInput=10,20,30,40,urn:ogc:def:crs:EPSG::4326;"
            + $"geometryInput={Uri.EscapeDataString("""{"type":"Point","coordinates":[1,2]}""")}@mimeType=application/geo%2Bjson;complexInput=@xlink:href={Uri.EscapeDataString(bare.Files.AddressOf("kvp.xml"))}@mimeType=text/xml";
        var root = (await Wps.KvpAsync($"service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs={inputs}&ResponseDocument=literalOutput;numberOutput;arrayOutput;boundingBoxOutput;geometryOutput;complexOutput@asReference=true&lineage=true")).Document();

        DataOf(root, "literalOutput").Value.ShouldBe("a@b.org");
        DataOf(root, "numberOutput").Value.ShouldBe("2.5");
        DataOf(root, "arrayOutput").Value.ShouldBe("[1,2]");
        DataOf(root, "boundingBoxOutput").Elements().First().Value.ShouldBe("10 20");
        DataOf(root, "geometryOutput").Value.ShouldContain("Point");
        DataOf(root, "complexOutput").Name.ShouldBe(Wps1 + "Reference");
        root.Element(Wps1 + "DataInputs")!.Elements().Count().ShouldBe(6);
    }

    [Fact]
    public async Task A_key_gives_the_same_job_twice()
    {
        async Task<string> SendAsync(string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "wps")
            {
                Content = new StringContent($"""<wps:Execute xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1" service="WPS" version="1.0.0"><ows:Identifier>echo</ows:Identifier><wps:DataInputs>{Literal1("literalInput", value)}</wps:DataInputs><wps:ResponseForm><wps:ResponseDocument storeExecuteResponse="true">{Output1("literalOutput")}</wps:ResponseDocument></wps:ResponseForm></wps:Execute>""", Encoding.UTF8, "text/xml"),
            };
            request.Headers.Add("Idempotency-Key", "wps-once");
            using var response = await bare.Server.Client.SendAsync(request);
            return response.IsSuccessStatusCode ? (string)XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!.Attribute("statusLocation")! : $"{(int)response.StatusCode}";
        }

        var first = await SendAsync("a");
        (await SendAsync("a")).ShouldBe(first);
        (await SendAsync("b")).ShouldBe("422");
    }

    [Fact]
    public void A_document_that_is_not_valid_does_not_pass() =>
        Should.Throw<ShouldAssertException>(() => OgcSchemas.ShouldBeValid("<wps:ExecuteResponse xmlns:wps=\"http://www.opengis.net/wps/1.0.0\" service=\"WPS\"/>"));

    private static string StatusOf(XElement root) => root.Element(Wps1 + "Status")!.Elements().Single().Name.LocalName;

    private static IEnumerable<(string Id, XElement Data)> OutputsOf(XElement root) => root.Element(Wps1 + "ProcessOutputs")!.Elements()
        .Select(output => (output.Element(Ows1 + "Identifier")!.Value, output.Elements().Last() is var data && data.Name.LocalName == "Data" ? data.Elements().Single() : data));

    private static XElement DataOf(XElement root, string output) => OutputsOf(root).First(each => each.Id == output).Data;

    private async Task<XElement> EndOfAsync(XElement root, HashSet<string>? seen = null)
    {
        var location = root.Attribute("statusLocation")!.Value;
        seen?.Add(StatusOf(root));
        await QgisServer.Until(
            async () =>
            {
                root = (await Wps.GetAsync(location)).Document();
                seen?.Add(StatusOf(root));
                return StatusOf(root) is "ProcessSucceeded" or "ProcessFailed";
            },
            "the stored answer ends");
        return root;
    }
}
