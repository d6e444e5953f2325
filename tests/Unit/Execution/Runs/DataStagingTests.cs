using System.Text.Json;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Execution.Staging;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class DataStagingTests : IDisposable
{
    private const string Gml = "<?xml version=\"1.0\"?><gml:FeatureCollection xmlns:gml=\"http://www.opengis.net/gml\"/>";

    private static readonly byte[] _tiff = [(byte)'I', (byte)'I', (byte)'*', 0, 8, 0, 0, 0];

    private readonly StagingBench _bench = new();

    public static TheoryData<string> Sources => [.. SourceTexts.All];

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_text_that_looks_like_a_source_is_only_ever_the_content_of_a_file(string text)
    {
        foreach (var use in Enum.GetValues<DataUse>())
        {
            var (data, _) = await _bench.Data.StageAsync(StagingBench.Text(text), "INPUT", use, CancellationToken.None);

            data.ShouldNotBeNull().Path.ShouldMatch(@"^inputs/\d+/INPUT\.\w+$");
            _bench.Read(data.Path).ShouldBe(text);
        }

        _bench.Web.Fetched.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_layer_lies_in_a_folder_of_its_own_under_the_name_of_its_file()
    {
        _bench.Web.Put("http://example.org/dem.tif", _tiff, "image/tiff", "dem.tif");
        _bench.Web.Put("http://example.org/lines.gml", System.Text.Encoding.UTF8.GetBytes(Gml), null, "lines.gml");

        (await _bench.StageAsync(StagingBench.Link("http://example.org/dem.tif"), use: DataUse.OtherLayer))
            .ShouldBe(new StagedData("inputs/1/dem.tif", new DataKind("image/tiff; application=geotiff", "tif"), "dem"));
        (await _bench.StageAsync(StagingBench.Link("http://example.org/lines.gml")))
            .ShouldBe(new StagedData("inputs/2/lines.gml", new DataKind("application/gml+xml", "gml"), "lines"));
        _bench.Files.ShouldBe(["inputs/1/dem.tif", "inputs/2/lines.gml"]);
    }

    [Fact]
    public async Task Base64_becomes_bytes_and_the_input_names_them()
    {
        var data = await _bench.StageAsync(StagingBench.Bytes(_tiff, "image/tiff"), "DEM", DataUse.OtherLayer);

        (data.Path, data.Name).ShouldBe(("inputs/1/DEM.tif", "DEM"));
        File.ReadAllBytes(Path.Combine(_bench.Folder, data.Path)).ShouldBe(_tiff);
    }

    [Theory]
    [InlineData("a.tif", "a")]
    [InlineData("a b|layername=c.tif", "a_b_layername_c")]
    [InlineData("GPKG:a:b.tif", "GPKG_a_b")]
    [InlineData("..tif", "INPUT")]
    [InlineData("...a.tif", "a")]
    [InlineData("../../etc/passwd.tif", "passwd")]
    [InlineData("Straße_ü-1.2.tif", "Straße_ü-1.2")]
    [InlineData("$(id).tif", "id")]
    [InlineData("|.tif", "INPUT")]
    [InlineData("", "INPUT")]
    public async Task The_names_of_files_are_cleaned(string fileName, string stem)
    {
        _bench.Web.Put("http://example.org/", _tiff, null, fileName);

        var data = await _bench.StageAsync(StagingBench.Link("http://example.org/"), use: DataUse.OtherLayer);

        (data.Path, data.Name).ShouldBe(($"inputs/1/{stem}.tif", stem));
    }

    [Theory]
    [InlineData("native:filter_1:IN", "native_filter_1_IN")]
    [InlineData("-a", "-a")]
    [InlineData("::", "data")]
    public async Task The_names_of_inputs_are_cleaned(string input, string stem) =>
        (await _bench.StageAsync(StagingBench.Bytes(_tiff), input, DataUse.OtherLayer)).Path.ShouldBe($"inputs/1/{stem}.tif");

    [Fact]
    public async Task A_long_name_is_cut()
    {
        _bench.Web.Put("http://example.org/", _tiff, null, new string('a', 300) + ".tif");

        (await _bench.StageAsync(StagingBench.Link("http://example.org/"))).Name.ShouldBe(new string('a', 60));
    }

    [Fact]
    public async Task The_same_reference_is_fetched_once_and_is_the_same_layer()
    {
        _bench.Web.Put("http://example.org/a.gml", System.Text.Encoding.UTF8.GetBytes(Gml), null, "a.gml");

        var first = await _bench.StageAsync(StagingBench.Link("http://example.org/a.gml#layername=x"), "A");
        var again = await _bench.StageAsync(StagingBench.Link("http://example.org/a.gml#layername=y"), "B");
        var other = await _bench.StageAsync(StagingBench.Link("http://example.org/a.gml", "text/plain"), "C");

        again.ShouldBeSameAs(first);
        other.Path.ShouldNotBe(first.Path);
        _bench.Web.Fetched.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_reference_that_is_refused_is_not_tried_again()
    {
        (await _bench.RefusalOfAsync(StagingBench.Link("http://example.org/gone"))).ShouldBe("is not to be had");
        (await _bench.RefusalOfAsync(StagingBench.Link("http://example.org/gone"))).ShouldBe("is not to be had");

        _bench.Web.Fetched.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_result_of_another_job_is_read_from_the_store()
    {
        var other = Some.Done("{}", new OutputValue.Content("OUTPUT", "jobs/other/1/Buffered.gpkg", "application/geopackage+sqlite3", "Buffered.gpkg", 16, []));
        _bench.Jobs.Put(other);
        await _bench.Blobs.PutAsync("jobs/other/1/Buffered.gpkg", "a/b", (stream, token) => stream.WriteAsync("SQLite format 3\0"u8.ToArray(), token).AsTask(), default);

        var data = await _bench.StageAsync(StagingBench.Link($"http://example.org/jobs/{other.Id}/results/OUTPUT"));

        data.ShouldBe(new StagedData("inputs/1/Buffered.gpkg", new DataKind("application/geopackage+sqlite3", "gpkg"), "Buffered"));
        _bench.Web.Fetched.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_large_text_comes_from_where_it_was_put_aside()
    {
        var marker = await _bench.AttachAsync(0, Gml, JsonValueKind.String);

        var data = await _bench.StageAsync(new InputValue.Inline(marker) { MediaType = "application/gml+xml" });

        _bench.Read(data.Path).ShouldBe(Gml);
        data.Kind.Extension.ShouldBe("gml");
    }

    [Fact]
    public async Task Nothing_is_no_data() => (await _bench.RefusalOfAsync(StagingBench.Text(""))).ShouldBe("is empty");

    [Fact]
    public async Task What_is_too_large_is_refused() => (await _bench.RefusalOfAsync(StagingBench.Text(new string('a', (1 << 20) + 1)))).ShouldContain("larger");

    [Fact]
    public async Task Base64_that_is_none_is_refused() =>
        (await _bench.RefusalOfAsync(new InputValue.Inline(Described.Text("*")) { Encoding = "base64" })).ShouldContain("base64");

    [Fact]
    public async Task A_text_file_keeps_the_extension_that_algorithms_go_by()
    {
        _bench.Web.Put("http://example.org/", "ncols 4\nnrows 4"u8.ToArray(), null, "grid.txt");

        (await _bench.StageAsync(StagingBench.Link("http://example.org/"), use: DataUse.File)).Path.ShouldBe("inputs/1/grid.txt");
        (await _bench.StageAsync(StagingBench.Link("http://example.org/"), use: DataUse.OtherLayer)).Path.ShouldBe("inputs/2/grid.asc");
    }
}
