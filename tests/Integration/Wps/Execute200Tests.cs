using System.Text;
using System.Xml.Linq;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Processes;
using static GeoWps.Tests.Integration.Wps.WpsClient;

namespace GeoWps.Tests.Integration.Wps;

/// <summary>Execute, GetStatus, GetResult and Dismiss of WPS 2.0 (14-065, clauses 9.8 to 9.11 and 11) with the echo process.</summary>
public sealed class Execute200Tests(BareServer bare) : IClassFixture<BareServer>
{
    private static readonly string Hello = Literal2("literalInput", "hello");

    private WpsClient Wps => new(bare.Server.Client);

    [Fact]
    public async Task Every_kind_of_input_comes_back_as_it_was()
    {
        var inputs = Hello + Input2("numberInput", "3.50") + Literal2("booleanInput", "false") + Input2("dateInput", "2026-11-28T04:00:00Z")
            + Input2("arrayInput", "[1, 2, 3]", "mimeType=\"application/json\"")
            + Input2("imageInput", "SUkq\nAAgAAAAAAAAA", "mimeType=\"image/tiff\" encoding=\"base64\"")
            + Input2("geometryInput", "{\"type\":\"Point\",\"coordinates\":[1,2]}", "mimeType=\"application/geo+json\"")
            + Input2("complexInput", "<testElement>a</testElement>", "mimeType=\"text/xml\"")
            + Input2("boundingBoxInput", "<ows:BoundingBox crs=\"urn:ogc:def:crs:EPSG::4326\" dimensions=\"2\"><ows:LowerCorner>10 20</ows:LowerCorner><ows:UpperCorner>30 40</ows:UpperCorner></ows:BoundingBox>");
        var root = (await Wps.Execute2Async("echo", inputs)).Document();

        root.Name.ShouldBe(Wps2 + "Result");
        DataOf(root, "literalOutput").Element(Wps2 + "LiteralValue")!.Value.ShouldBe("hello");
        DataOf(root, "literalOutput").Element(Wps2 + "LiteralValue")!.Attribute("dataType")!.Value.ShouldBe("http://www.w3.org/2001/XMLSchema#string");
        DataOf(root, "numberOutput").Value.ShouldBe("3.50");
        DataOf(root, "booleanOutput").Value.ShouldBe("false");
        DataOf(root, "arrayOutput").Value.ShouldBe("[1,2,3]");
        DataOf(root, "imageOutput").Value.ShouldBe("SUkqAAgAAAAAAAAA");
        DataOf(root, "geometryOutput").Value.ShouldContain("Point");
        DataOf(root, "complexOutput").Elements().Single().ToString().ShouldBe("<testElement>a</testElement>");
        DataOf(root, "boundingBoxOutput").Element(Ows2 + "BoundingBox")!.Elements().Select(corner => corner.Value).ShouldBe(["10 20", "30 40"]);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("async")]
    public async Task Raw_is_the_bare_element_at_once_and_later(string mode)
    {
        var complex = Input2("complexInput", "<testElement>a</testElement>");
        foreach (var (output, expected) in ((string, XName)[])[("literalOutput", Wps2 + "LiteralValue"), ("complexOutput", "testElement")])
        {
            var answer = await Wps.Execute2Async("echo", Hello + complex + Output2(output), mode, "raw");
            if (mode == "async")
            {
                answer = await Wps.KvpAsync($"service=WPS&version=2.0.0&request=GetResult&jobId={JobOf(answer.Document())}");
            }

            answer.ShouldBe(200).MediaType.ShouldStartWith("text/xml");
            XDocument.Parse(answer.Text).Root!.Name.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Outputs_come_by_reference_where_wanted()
    {
        var root = (await Wps.Execute2Async("echo", Hello + Output2("literalOutput", "transmission=\"reference\""))).Document();

        var reference = root.Element(Wps2 + "Output")!.Element(Wps2 + "Reference")!;
        reference.Attribute("mimeType")!.Value.ShouldBe("text/plain");
        (await Wps.GetAsync(reference.Attribute(XLink + "href")!.Value)).ShouldBe(200).Text.ShouldBe("hello");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_is_watched_fetched_and_dismissed(bool byXml)
    {
        var job = JobOf((await Wps.Execute2Async("echo", Hello + Literal2("pause", "1"), "async")).Document());
        (await AskAsync("GetStatus")).Document().Element(Wps2 + "Status")!.Value.ShouldBeOneOf("Accepted", "Running");
        (await AskAsync("GetResult")).Exceptions().ShouldBe([("ResultNotReady", job)]);
        await QgisServer.Until(async () => (await AskAsync("GetStatus")).Document().Element(Wps2 + "Status")!.Value == "Succeeded", "the job ends");
        DataOf((await AskAsync("GetResult")).Document(), "literalOutput").Value.ShouldBe("hello");
        (await AskAsync("GetStatus")).Document().Element(Wps2 + "ExpirationDate").ShouldNotBeNull();

        (await AskAsync("Dismiss")).Document().Element(Wps2 + "Status")!.Value.ShouldBe("Dismissed");
        (await AskAsync("GetStatus")).Exceptions(404).ShouldBe([("NoSuchJob", job)]);
        (await AskAsync("GetResult")).Exceptions(404).ShouldBe([("NoSuchJob", job)]);
        (await AskAsync("Dismiss")).Exceptions(404).ShouldBe([("NoSuchJob", job)]);

        Task<Answer> AskAsync(string operation) => byXml
            ? Wps.Post2Async(operation, $"<wps:JobID>{job}</wps:JobID>")
            : Wps.KvpAsync($"SERVICE=WPS&VERSION=2.0.0&REQUEST={operation}&JOBID={job}");
    }

    [Fact]
    public async Task A_running_job_is_dismissed()
    {
        var job = JobOf((await Wps.Execute2Async("echo", Hello + Literal2("pause", "30"), "async")).Document());
        (await Wps.Post2Async("Dismiss", $"<wps:JobID>{job}</wps:JobID>")).Document().Element(Wps2 + "Status")!.Value.ShouldBe("Dismissed");
        (await Wps.KvpAsync($"service=WPS&version=2.0.0&request=GetStatus&jobId={job}")).Document().Element(Wps2 + "Status")!.Value.ShouldBe("Dismissed");
        (await Wps.GetAsync($"jobs/{job}")).ShouldBe(200).Json.GetProperty("status").GetString().ShouldBe("dismissed");
    }

    [Fact]
    public async Task Auto_answers_with_the_results_of_what_is_quick_and_with_the_job_of_what_is_not()
    {
        (await Wps.Execute2Async("echo", Hello, "auto")).Document().Name.ShouldBe(Wps2 + "Result");
        (await Wps.Execute2Async("echo", Hello + Literal2("pause", "20"), "auto")).Document().Name.ShouldBe(Wps2 + "StatusInfo");
        (await Wps.Execute2Async("echo", Hello + Input2("complexInput", "<a>", "mimeType=\"text/xml\"").Replace("<a>", "&lt;a&gt;", StringComparison.Ordinal), "auto")).Exceptions().Single().Locator.ShouldBe("complexInput");
    }

    [Fact]
    public async Task Mistakes_have_the_codes_of_the_standard()
    {
        (await Wps.Execute2Async("echo", Hello + Literal2("nope", "x"))).Exceptions().ShouldBe([("NoSuchInput", "nope")]);
        (await Wps.Execute2Async("echo", Hello + Output2("nope"))).Exceptions().ShouldBe([("NoSuchOutput", "nope")]);
        (await Wps.Execute2Async("echo", Hello, "now")).Exceptions().ShouldBe([("NoSuchMode", "now")]);
        (await Wps.Execute2Async("echo", "")).Exceptions().ShouldBe([("MissingParameterValue", "literalInput")]);
        (await Wps.Execute2Async("echo", Hello + Hello)).Exceptions().ShouldBe([("TooManyInputs", "literalInput")]);
        (await Wps.Execute2Async("echo", Hello, response: "raw")).Exceptions().ShouldBe([("InvalidParameterValue", "response")]);
        (await Wps.Execute2Async("echo", Hello + "<wps:Input id=\"complexInput\"><wps:Input id=\"x\"><wps:Data>y</wps:Data></wps:Input></wps:Input>")).Exceptions().ShouldBe([("NoSuchInput", "complexInput")]);
        (await Wps.Execute2Async("echo", Hello + $"<wps:Input id=\"complexInput\"><wps:Reference xlink:href=\"{bare.Files.AddressOf("none")}\"/></wps:Input>")).Exceptions()
            .ShouldBe([("DataNotAccessible", "complexInput")]);
        (await Wps.Execute2Async("echo", Hello + "<wps:Input id=\"complexInput\"><wps:Reference xlink:href=\"http://10.0.0.1/x\"/></wps:Input>")).Exceptions().Single().Locator.ShouldBe("complexInput");
    }

    [Fact]
    public async Task A_wrong_schema_location_does_not_matter() =>
        (await Wps.Post2Async("Execute", $"<ows:Identifier>echo</ows:Identifier>{Hello}", "mode=\"sync\" response=\"document\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://nowhere ../x.xsd\""))
        .Document().Name.ShouldBe(Wps2 + "Result");

    [Fact]
    public async Task The_example_of_the_standard_is_executed_too()
    {
        const string Point = "{\"type\":\"Point\",\"coordinates\":[1,2]}";
        var inputs = Literal2("stringInput", "Value2") + Input2("measureInput", "{\"measurement\": 10.3, \"uom\": \"m\"}", "mimeType=\"application/json\"")
            + Literal2("dateInput", "2026-11-28T04:00:00Z") + Input2("arrayInput", "[1,2,3]", "mimeType=\"application/json\"")
            + Input2("complexObjectInput", "{\"property1\": \"a\", \"property5\": true}", "mimeType=\"application/json\"")
            + Input2("geometryInput", Point, "mimeType=\"application/geo+json\"") + Input2("geometryInput", Point, "mimeType=\"application/geo+json\"")
            + Input2("boundingBoxInput", "<ows:BoundingBox crs=\"urn:ogc:def:crs:OGC:1.3:CRS84\"><ows:LowerCorner>1 2</ows:LowerCorner><ows:UpperCorner>3 4</ows:UpperCorner></ows:BoundingBox>")
            + Input2("imagesInput", "SUkqAAgAAAAAAAAA", "mimeType=\"image/tiff; application=geotiff\" encoding=\"base64\"")
            + Input2("featureCollectionInput", "{\"type\":\"FeatureCollection\",\"features\":[]}", "mimeType=\"application/geo+json\"");
        var root = (await Wps.Execute2Async("EchoProcess", inputs)).Document();

        DataOf(root, "doubleOutput").Value.ShouldBe("5");
        DataOf(root, "measureOutput").Value.ShouldContain("10.3");
        root.Elements(Wps2 + "Output").Count(output => output.Attribute("id")!.Value == "geometryOutput").ShouldBe(2);
    }

    [Fact]
    public async Task Large_data_streams_through()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 60_000; i++)
        {
            text.Append("<member n=\"").Append(i).Append("\">some text &amp; more</member>");
        }

        var xml = $"<all>{text}</all>";
        var root = (await Wps.Execute2Async("echo", Hello + Input2("complexInput", xml, "mimeType=\"text/xml\""))).Document();
        DataOf(root, "complexOutput").Descendants("member").Count().ShouldBe(60_000);

        var json = $"{{\"type\":\"GeometryCollection\",\"geometries\":[{string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"{{\"type\":\"Point\",\"coordinates\":[{i % 180},1]}}"))}]}}";
        root = (await Wps.Execute2Async("echo", Hello + Input2("geometryInput", json, "mimeType=\"application/geo+json\""))).Document();
        DataOf(root, "geometryOutput").Value.Length.ShouldBe(json.Length);
    }

    private static string JobOf(XElement status) => status.Element(Wps2 + "JobID")!.Value;

    private static XElement DataOf(XElement root, string output) =>
        root.Elements(Wps2 + "Output").First(each => each.Attribute("id")!.Value == output).Element(Wps2 + "Data")!;
}
