using System.Text;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Execution.Staging;
using GeoWps.Application.Ports;
using GeoWps.Tests.Unit.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>Large GeoJSON becomes FlatGeobuf before QGIS sees it.</summary>
public sealed class GeoJsonStagingTests : IDisposable
{
    private const int Large = 64 * 1024;

    private readonly StagingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Large_GeoJSON_becomes_FlatGeobuf()
    {
        Put("http://example.org/a", "roads.geojson", Large);

        var data = await _bench.StageAsync(StagingBench.Link("http://example.org/a"));

        data.ShouldBe(new StagedData("inputs/1/roads.fgb", new DataKind("application/flatgeobuf", "fgb"), "roads"));
        _bench.Read(data.Path).ShouldStartWith("flat:{");
        _bench.Files.ShouldBe(["inputs/1/roads.fgb"]);
        _bench.Formats.Layers.ShouldBe(["roads"]);
    }

    [Fact]
    public async Task The_CRS_that_it_names_goes_to_the_worker_who_knows_whether_there_is_such_a_one()
    {
        _bench.Formats.Outcome = new FeatureOutcome.Written(3, "EPSG:999999");
        Put("http://example.org/a", "roads.geojson", Large);

        var data = await _bench.StageAsync(StagingBench.Link("http://example.org/a"));

        ((string)data.Layer("vector", LayerOptions.None)["crs"]!).ShouldBe("EPSG:999999");
    }

    [Fact]
    public async Task A_name_with_dots_stays_whole()
    {
        Put("http://example.org/a", "roads.v2.geojson", Large);

        (await _bench.StageAsync(StagingBench.Link("http://example.org/a"))).ShouldBe(
            new StagedData("inputs/1/roads.v2.fgb", new DataKind("application/flatgeobuf", "fgb"), "roads.v2"));
    }

    [Theory]
    [InlineData(Large - 1, nameof(DataUse.Vector))]
    [InlineData(Large, nameof(DataUse.OtherLayer))]
    [InlineData(Large, nameof(DataUse.File))]
    public async Task Small_GeoJSON_and_what_is_no_vector_layer_stay_as_they_are(int length, string use)
    {
        Put("http://example.org/a", "roads.geojson", length);

        var data = await _bench.StageAsync(StagingBench.Link("http://example.org/a"), use: Enum.Parse<DataUse>(use));

        data.ShouldBe(new StagedData("inputs/1/roads.geojson", new DataKind("application/geo+json", "geojson"), "roads"));
        _bench.Formats.Layers.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_FlatGeobuf_can_not_hold_is_left_to_GDAL()
    {
        foreach (var outcome in new FeatureOutcome[] { new FeatureOutcome.NotRepresentable("nested"), new FeatureOutcome.Written(0) })
        {
            using var bench = new StagingBench();
            bench.Formats.Outcome = outcome;
            bench.Web.Put("http://example.org/a", Collection(Large), null, "roads.geojson");

            var data = await bench.StageAsync(StagingBench.Link("http://example.org/a"));

            data.Path.ShouldBe("inputs/1/roads.geojson");
            bench.Files.ShouldBe(["inputs/1/roads.geojson"]);
        }
    }

    [Fact]
    public async Task What_is_no_GeoJSON_is_refused_with_the_place()
    {
        _bench.Formats.Outcome = new FeatureOutcome.Invalid("byte 5: a number is missing");
        Put("http://example.org/a", "roads.geojson", Large);

        (await _bench.RefusalOfAsync(StagingBench.Link("http://example.org/a"))).ShouldBe("must be GeoJSON: byte 5: a number is missing");
    }

    [Fact]
    public async Task GeoJSON_in_a_zip_becomes_FlatGeobuf_too()
    {
        _bench.Web.Put("http://example.org/a.zip", ZipBuilder.OfOne("roads.geojson", Collection(Large)), "application/zip", "a.zip");

        var data = await _bench.StageAsync(StagingBench.Link("http://example.org/a.zip"));

        (data.Kind.MediaType, data.Name).ShouldBe(("application/flatgeobuf", "roads"));
        _bench.Read(data.Path).ShouldStartWith("flat:{");
    }

    [Theory]
    [InlineData("roads.geojson", "roads.fgb")]
    [InlineData("roads.fgb")]
    [InlineData("deep/roads.geojson", "roads.fgb")]
    [InlineData("roads.v2.geojson", "roads.v2.fgb")]
    public async Task What_lies_beside_GeoJSON_in_a_zip_is_in_nobodys_way(params string[] names)
    {
        _bench.Web.Put("http://example.org/a.zip", ZipBuilder.Of(names.Select(name => (name, Collection(Large), 0))), "application/zip", "a.zip");

        var data = await _bench.StageAsync(StagingBench.Link("http://example.org/a.zip"));

        data.Kind.MediaType.ShouldBe("application/flatgeobuf");
        _bench.Read(data.Path).ShouldStartWith("flat:{");
    }

    private void Put(string href, string name, int length) => _bench.Web.Put(href, Collection(length), "application/geo+json", name);

    private static byte[] Collection(int length) => Encoding.UTF8.GetBytes(FakeFormats.Collection.PadRight(length));
}
