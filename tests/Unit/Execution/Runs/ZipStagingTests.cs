using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Execution.Staging;
using GeoWps.Tests.Unit.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>Data of several files, folders, and files that are to stay zips.</summary>
public sealed class ZipStagingTests : IDisposable
{
    private const string Href = "http://example.org/data.zip";

    private readonly StagingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_zip_is_unpacked_and_its_main_file_is_the_data()
    {
        Put(ZipBuilder.Of([("sub/roads.prj", "a"u8.ToArray(), 0), ("sub/roads.shp", [0, 0, 0x27, 0x0A], 0), ("sub/roads.shx", [0, 0, 0x27, 0x0A], 0)]));

        var data = await _bench.StageAsync(StagingBench.Link(Href));

        (data.Path, data.Name, data.Unpacked).ShouldBe(("inputs/1/data/sub/roads.shp", "roads", "inputs/1/data"));
        data.Kind.ShouldBe(new DataKind("application/vnd.shp", "shp"));
        data.Files.ShouldBe(["sub/roads.prj", "sub/roads.shp", "sub/roads.shx"]);
        _bench.Files.ShouldBe(["inputs/1/data/sub/roads.prj", "inputs/1/data/sub/roads.shp", "inputs/1/data/sub/roads.shx"]);
    }

    [Fact]
    public async Task A_zip_is_known_by_its_content()
    {
        _bench.Web.Put(Href, ZipBuilder.OfOne("a.tif", "II*\0"u8.ToArray()), "image/tiff", "a.tif");

        (await _bench.StageAsync(StagingBench.Link(Href, "image/tiff"), use: DataUse.OtherLayer)).Path.ShouldBe("inputs/1/data/a.tif");
        (await _bench.StageAsync(StagingBench.Bytes(ZipBuilder.OfOne("b.tif", "II*\0"u8.ToArray())), use: DataUse.OtherLayer)).Path.ShouldBe("inputs/2/data/b.tif");
    }

    [Fact]
    public async Task A_zip_without_data_is_no_layer()
    {
        Put(ZipBuilder.Of("roads.prj", "a.abc", "b.abc"));

        (await _bench.RefusalOfAsync(StagingBench.Link(Href))).ShouldBe("holds no data that is known");
        (await _bench.RefusalOfAsync(StagingBench.Link(Href), use: DataUse.File)).ShouldBe("holds no data that is known");
    }

    [Fact]
    public async Task A_zip_in_a_zip_is_no_data()
    {
        Put(ZipBuilder.OfOne("roads.shp.zip", ZipBuilder.Of("roads.shp")));

        (await _bench.RefusalOfAsync(StagingBench.Link(Href))).ShouldBe("holds another zip: its files must lie at its top");
        (await _bench.StageAsync(StagingBench.Link(Href), "FOLDER", DataUse.Folder)).Files.ShouldBe(["roads.shp.zip"]);
    }

    [Theory]
    [InlineData("a.abc", "b.abc")]
    [InlineData("a.shp", "b.abc")]
    public async Task A_folder_is_a_zip_with_anything_in_it(params string[] names)
    {
        Put(ZipBuilder.Of(names));

        var data = await _bench.StageAsync(StagingBench.Link(Href), "FOLDER", DataUse.Folder);

        data.Unpacked.ShouldBe("inputs/1/data");
        data.Files.ShouldBe(names);
    }

    [Fact]
    public async Task A_file_that_is_to_stay_a_zip_stays_one()
    {
        Put(ZipBuilder.Of("a.shp"));

        (await _bench.StageAsync(StagingBench.Link(Href), use: DataUse.ZipFile)).ShouldBe(new StagedData("inputs/1/data.zip", new DataKind("application/zip", "zip"), "data"));
    }

    [Theory]
    [InlineData("../a.shp")]
    [InlineData("/etc/a.shp")]
    [InlineData("a.gpkg|layername=b.gpkg")]
    [InlineData("a.gpkg|subset=1=1/b.shp")]
    public async Task A_zip_with_a_harmful_name_is_refused_as_a_whole(string name)
    {
        Put(ZipBuilder.Of("a.shp", name));

        (await _bench.RefusalOfAsync(StagingBench.Link(Href))).ShouldStartWith("holds a file with");
        _bench.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_zip_that_unpacks_to_too_much_is_refused()
    {
        Put(ZipBuilder.OfOne("a.tif", new byte[(4 << 20) + 1]));

        await _bench.RefusalOfAsync(StagingBench.Link(Href));
        _bench.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_zip_is_refused()
    {
        Put([.. "PK\u0003\u0004"u8, 1, 2, 3]);

        (await _bench.RefusalOfAsync(StagingBench.Link(Href))).ShouldStartWith("is no readable zip file");
    }

    [Fact]
    public async Task The_same_zip_as_a_layer_and_as_a_file_is_two_things()
    {
        Put(ZipBuilder.Of("a.shp"));

        var layer = await _bench.StageAsync(StagingBench.Link(Href));
        var file = await _bench.StageAsync(StagingBench.Link(Href), use: DataUse.ZipFile);

        (layer.Path, file.Path).ShouldBe(("inputs/1/data/a.shp", "inputs/2/data.zip"));
    }

    private void Put(byte[] zip) => _bench.Web.Put(Href, zip, "application/zip", "data.zip");
}
