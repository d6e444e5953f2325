using GeoWps.Adapters.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Staging;

public sealed class SafeZipTests : IDisposable
{
    private readonly ZipBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_harmless_zip_is_unpacked_in_its_order()
    {
        var zip = ZipBuilder.Of("z.shp", "sub/", "sub/deep/b.tif", "a.dbf", "Straße..ü.txt");

        var outcome = await _bench.ExtractAsync(zip);

        outcome.ShouldBeOfType<UnzipOutcome.Extracted>().Files.ShouldBe(["z.shp", "sub/deep/b.tif", "a.dbf", "Straße..ü.txt"]);
        (await File.ReadAllTextAsync(Path.Combine(_bench.Target, "sub/deep/b.tif"))).ShouldBe("content");
        File.Exists(Path.Combine(_bench.Target, "before.txt")).ShouldBeTrue();
    }

    [Fact]
    public async Task All_files_have_the_same_time_whenever_they_were_packed()
    {
        await _bench.ExtractAsync(ZipBuilder.Of("a.shp", "b/c.shx"));

        File.GetLastWriteTimeUtc(Path.Combine(_bench.Target, "a.shp")).ShouldBe(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.GetLastWriteTimeUtc(Path.Combine(_bench.Target, "b/c.shx")).ShouldBe(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public async Task Of_what_nobody_wants_nothing_is_unpacked()
    {
        IReadOnlyList<string> seen = [];
        var outcome = await _bench.ExtractAsync(ZipBuilder.Of("sub/", "sub/letter.pdf", "photo.jpg"), isWanted: files => (seen = files).Count > 2);

        outcome.ShouldBeOfType<UnzipOutcome.Extracted>().Files.ShouldBeEmpty();
        seen.ShouldBe(["sub/letter.pdf", "photo.jpg"]);
        _bench.NothingIsLeft();
    }

    [Fact]
    public async Task A_large_file_comes_out_as_it_went_in()
    {
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);

        (await _bench.ExtractAsync(ZipBuilder.OfOne("a.tif", content))).ShouldBeOfType<UnzipOutcome.Extracted>();

        (await File.ReadAllBytesAsync(Path.Combine(_bench.Target, "a.tif"))).ShouldBe(content);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../a.shp")]
    [InlineData("a/../../b.shp")]
    [InlineData("a/..")]
    [InlineData("./a.shp")]
    [InlineData("a//b.shp")]
    [InlineData("a//")]
    [InlineData("/")]
    [InlineData("C:/a.shp")]
    [InlineData("c:a.shp")]
    [InlineData("a\\b.shp")]
    [InlineData("..\\a.shp")]
    [InlineData("a\0.shp")]
    [InlineData("a\n.shp")]
    [InlineData("a\u0085.shp")]
    public async Task A_name_that_leads_elsewhere_is_refused_with_the_whole_zip(string name)
    {
        var message = await _bench.RefusalOfAsync(ZipBuilder.Of("good.shp", name));

        message.ShouldStartWith("holds a file with");
        message.Any(char.IsControl).ShouldBeFalse();
    }

    [Fact]
    public async Task Names_are_as_long_as_a_file_system_can_bear()
    {
        (await _bench.RefusalOfAsync(ZipBuilder.Of(new string('a', 201)))).ShouldContain("name is too long");
        (await _bench.RefusalOfAsync(ZipBuilder.Of(new string('漢', 67)))).ShouldContain("name is too long");
        (await _bench.RefusalOfAsync(ZipBuilder.Of(string.Join('/', Enumerable.Repeat("folder", 200))))).ShouldContain("path is too long");
        (await _bench.ExtractAsync(ZipBuilder.Of(new string('a', 200)))).ShouldBeOfType<UnzipOutcome.Extracted>();
    }

    [Theory]
    [InlineData("a.shp", "a.shp")]
    [InlineData("a.shp", "A.SHP")]
    [InlineData("é.shp", "É.shp")]
    [InlineData("\u00e9.shp", "e\u0301.shp")]
    [InlineData("e\u0301.shp", "\u00e9.shp")]
    [InlineData("\u1eb9\u0301.shp", "e\u0323\u0301.shp")]
    [InlineData("\ud55c.shp", "\u1112\u1161\u11ab.shp")]
    [InlineData("a", "a/b.shp")]
    [InlineData("a/b.shp", "A")]
    [InlineData("a", "a/")]
    public async Task Two_files_of_one_name_are_refused(string first, string second) =>
        (await _bench.RefusalOfAsync(ZipBuilder.Of(first, second))).ShouldStartWith("holds two files of the same name");

    [Theory]
    [InlineData("ö.shp", "ü.shp")]
    [InlineData("e\u0301.shp", "e.shp")]
    [InlineData("o\u0308.shp", "o\u0308.dbf")]
    [InlineData("a/b/", "a/")]
    [InlineData("a/b.shp", "a/")]
    public async Task Names_that_only_look_alike_are_no_duplicates(string first, string second) =>
        (await _bench.ExtractAsync(ZipBuilder.Of(first, second))).ShouldBeOfType<UnzipOutcome.Extracted>();

    [Theory]
    [InlineData(0xA1FF)]
    [InlineData(0x1000)]
    [InlineData(0x2000)]
    [InlineData(0x6000)]
    [InlineData(0xC000)]
    [InlineData(0x41ED)]
    public async Task A_link_or_a_special_file_is_refused(int mode) =>
        (await _bench.RefusalOfAsync(ZipBuilder.OfOne("a.shp", "/etc/passwd"u8.ToArray(), mode << 16))).ShouldContain("link");

    [Fact]
    public async Task A_file_that_was_packed_on_Unix_is_none_of_them() =>
        (await _bench.ExtractAsync(ZipBuilder.OfOne("a.shp", [1], 0x81A4 << 16))).ShouldBeOfType<UnzipOutcome.Extracted>();

    [Fact]
    public async Task A_link_that_was_there_before_is_not_written_through()
    {
        File.CreateSymbolicLink(Path.Combine(_bench.Target, "a.shp"), "/dev/null");

        await Should.ThrowAsync<IOException>(() => _bench.ExtractAsync(ZipBuilder.Of("first.shp", "a.shp")));

        _bench.Contents.ShouldBe(["a.zip", "target", "target/a.shp", "target/before.txt"]);
    }
}
