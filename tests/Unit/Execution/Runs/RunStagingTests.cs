using System.Text.Json;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>A request as a worker gets it.</summary>
public sealed class RunStagingTests : IDisposable
{
    private const string Collection = """{"type":"FeatureCollection","features":[]}""";
    private const string Href = "http://example.org/a.gml";

    private readonly StagingBench _bench = new();

    public RunStagingTests() => _bench.Web.Put(Href, "<gml:FeatureCollection xmlns:gml=\"http://www.opengis.net/gml\"/>"u8.ToArray(), null, "a.gml");

    public static TheoryData<string> Sources => [.. SourceTexts.All];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Literals_are_in_QGISs_form()
    {
        (await ParameterAsync(Described.Parameter("A", "enum", """{"options": ["a", "b"]}"""), StagingBench.Text("b"))).ShouldBe("""{"v":1}""");
        (await ParameterAsync(Described.Parameter("A", "extent"), StagingBench.Inline("""{"bbox":[1,2,3,4]}"""))).ShouldBe("""{"place":{"bbox":[1,2,3,4]}}""");
    }

    [Fact]
    public async Task A_small_collection_goes_along_as_it_is()
    {
        (await ParameterAsync(Described.Parameter("A", "source"), StagingBench.Inline(Collection))).ShouldBe(Layer("""{"geojson":"COLLECTION","name":"A","want":"vector"}"""));
        (await ParameterAsync(Described.Parameter("A", "layer"), StagingBench.Inline(Collection))).ShouldBe(Layer("""{"geojson":"COLLECTION","name":"A","want":"any"}"""));
        _bench.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_collection_with_parts_put_aside_becomes_a_file()
    {
        await _bench.AttachAsync(0, "[]", JsonValueKind.Array);

        await ParameterAsync(Described.Parameter("A", "source"), StagingBench.Inline("""{"type":"FeatureCollection","features":{"$attachment":0}}"""));

        _bench.Files.ShouldBe(["inputs/1/A.geojson"]);
        _bench.Read("inputs/1/A.geojson").ShouldBe(Collection);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_text_in_place_of_data_is_the_content_of_a_file(string text)
    {
        foreach (var (type, map) in new[] { ("source", "{}"), ("raster", "{}"), ("layer", "{}"), ("mesh", "{}"), ("file", "{}"), ("multilayer", "{}"), ("multilayer", """{"layer_type": 4}""") })
        {
            var staged = await _bench.StageAsync([Described.Parameter("A", type, map)], ("A", [StagingBench.Text(text)]));

            staged.Mistakes.ShouldBeEmpty();
            Paths(JsonElement.Parse(staged.Parameters.ToJsonString())).ShouldHaveSingleItem().ShouldMatch(@"^inputs/\d+/A\.\w+$");
            Directory.Delete(Path.Combine(_bench.Folder, "inputs"), recursive: true);
        }
    }

    [Fact]
    public async Task The_fragment_chooses_the_layer_and_the_data_is_fetched_once()
    {
        var staged = await _bench.StageAsync(
            [Described.Parameter("A", "source"), Described.Parameter("B", "source")],
            ("A", [StagingBench.Link(Href + "#layername=x&geometrytype=Point")]),
            ("B", [StagingBench.Link(Href + "#layername=y")]));

        staged.Mistakes.ShouldBeEmpty();
        var (a, b) = (staged.Parameters["A"]!["layer"]!, staged.Parameters["B"]!["layer"]!);
        ((string)a["layername"]!, (string)a["geometrytype"]!, (string)b["layername"]!).ShouldBe(("x", "Point", "y"));
        ((string)b["path"]!).ShouldBe((string)a["path"]!);
        _bench.Web.Fetched.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("#subset=1", "fragment")]
    [InlineData("/gone", "is not to be had")]
    public async Task What_can_not_be_used_is_a_mistake_of_its_input(string more, string message)
    {
        var staged = await _bench.StageAsync([Described.Parameter("A", "source")], ("A", [StagingBench.Link(Href + more)]));

        staged.Mistakes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            mistake => mistake.Place.ShouldBe("A"),
            mistake => mistake.Message.ShouldContain(message));
        staged.Parameters.ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_layers_have_names_and_places_of_their_own()
    {
        var parameter = Described.Parameter("A", "multilayer");

        (await ParameterAsync(parameter, StagingBench.Inline(Collection))).ShouldContain("\"name\":\"A\"");
        var staged = await _bench.StageAsync([parameter], ("A", [StagingBench.Inline(Collection), StagingBench.Link("http://example.org/gone"), StagingBench.Inline(Collection)]));

        staged.Mistakes.ShouldHaveSingleItem().Place.ShouldBe("A[1]");
        staged.Parameters["A"]!["layers"]!.AsArray().Where(layer => layer is not null).Select(layer => (string)layer!["name"]!).ShouldBe(["A_1", "A_3"]);
    }

    [Fact]
    public async Task Files_and_folders_lie_in_the_jobs_folder()
    {
        _bench.Web.Put("http://example.org/z", ZipBuilder.Of("a.txt", "b.txt"), null, "z.zip");

        (await ParameterAsync(Described.Parameter("A", "file", """{"extension": "qml"}"""), StagingBench.Text("a style", "text/plain"))).ShouldBe("""{"file":"inputs/1/A.txt"}""");
        (await ParameterAsync(Described.Parameter("A", "multilayer", """{"layer_type": 4}"""), StagingBench.Text("x", "text/plain"), StagingBench.Text("y", "text/plain")))
            .ShouldBe("""{"files":["inputs/1/A.txt","inputs/2/A.txt"]}""");
        (await ParameterAsync(Described.Parameter("A", "file", """{"behavior": 1}"""), StagingBench.Link("http://example.org/z"))).ShouldBe("""{"folder":"inputs/1/data"}""");
        (await ParameterAsync(Described.Parameter("A", "file", """{"extension": "zip"}"""), StagingBench.Link("http://example.org/z"))).ShouldBe("""{"file":"inputs/1/z.zip"}""");
    }

    [Fact]
    public async Task A_folder_that_is_no_zip_is_a_mistake() =>
        (await _bench.StageAsync([Described.Parameter("A", "file", """{"behavior": 1}""")], ("A", [StagingBench.Text("/etc")])))
            .Mistakes.ShouldHaveSingleItem().ShouldBe(new Mistake("A", "must be a zip with the folder's files"));

    [Fact]
    public async Task A_value_that_came_by_reference_is_judged_like_one_inline()
    {
        _bench.Web.Put("http://example.org/t", "/etc/passwd"u8.ToArray());

        var staged = await _bench.StageAsync([Described.Parameter("A", "extent")], ("A", [StagingBench.Link("http://example.org/t", "text/plain")]));

        staged.Mistakes.ShouldHaveSingleItem().Place.ShouldBe("A");
        staged.Parameters.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_surroundings_are_told_apart_from_the_parameters()
    {
        var staged = await _bench.StageAsync(
            [Described.Parameter("A", "string")],
            ("qgis:ellipsoid", [StagingBench.Text("GRS80")]), ("qgis:projectCrs", [StagingBench.Text("EPSG:3857")]), ("qgis:invalidFeatures", [StagingBench.Text("skip")]));

        staged.Context.ToJsonString().ShouldBe("""{"ellipsoid":"GRS80","projectCrs":"EPSG:3857","invalidFeatures":"skip","project":null}""");
        staged.Parameters.ShouldBeEmpty();
        (await _bench.StageAsync([])).Context.ToJsonString().ShouldBe("""{"ellipsoid":null,"projectCrs":null,"invalidFeatures":"error","project":null}""");
    }

    [Theory]
    [InlineData("deep/a.qgz", "inputs/1/data/deep/a.qgz")]
    [InlineData("a.txt", null)]
    public async Task A_project_is_a_zip_with_one(string name, string? path)
    {
        var staged = await _bench.StageAsync([], ("qgis:project", [StagingBench.Bytes(ZipBuilder.Of("roads.gpkg", name))]));

        ((string?)staged.Context["project"]).ShouldBe(path);
        staged.Mistakes.Select(mistake => mistake.Place).ShouldBe(path is null ? ["qgis:project"] : []);
    }

    private static string Layer(string json) =>
        JsonSerializer.Serialize(new { layer = JsonElement.Parse(json.Replace("COLLECTION", JsonEncodedText.Encode(Collection).ToString(), StringComparison.Ordinal)) });

    private static IEnumerable<string> Paths(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member =>
            member.Value.ValueKind == JsonValueKind.String && member.Name is "path" or "file" ? [member.Value.GetString()!] : Paths(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(item => item.ValueKind == JsonValueKind.String ? [item.GetString()!] : Paths(item)),
        _ => [],
    };

    /// <summary>In a job of its own.</summary>
    private async Task<string> ParameterAsync(ParameterDescriptor parameter, params InputValue[] values)
    {
        foreach (var folder in Directory.EnumerateDirectories(_bench.Folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var staged = await _bench.StageAsync([parameter], (parameter.Name, values));
        staged.Mistakes.ShouldBeEmpty();
        return staged.Parameters[parameter.Name].ShouldNotBeNull().ToJsonString();
    }
}
