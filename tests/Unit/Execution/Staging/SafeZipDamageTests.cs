using GeoWps.Adapters.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Staging;

public sealed class SafeZipDamageTests : IDisposable
{
    private readonly ZipBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task More_files_than_allowed_are_refused()
    {
        var zip = ZipBuilder.Of("a", "b/", "c", "d");

        (await _bench.RefusalOfAsync(zip, new SafeZipLimits(100, Entries: 3))).ShouldBe("holds more than 3 files");
        (await _bench.ExtractAsync(zip, new SafeZipLimits(100, Entries: 4))).ShouldBeOfType<UnzipOutcome.Extracted>();
    }

    [Fact]
    public async Task A_list_of_files_is_not_read_to_an_end_that_is_far_away()
    {
        var zip = ZipBuilder.Of([.. Enumerable.Range(0, 2000).Select(number => $"file-{number}")]);

        (await _bench.RefusalOfAsync(zip, new SafeZipLimits(1 << 30, Entries: 3))).ShouldContain("list of files is too long");
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_refused_over_all_files()
    {
        var zip = ZipBuilder.Of([("a/b.tif", new byte[60], 0), ("a/c.tif", new byte[60], 0)]);

        (await _bench.RefusalOfAsync(zip, new SafeZipLimits(119))).ShouldBe("holds more than 119 bytes unpacked");
        (await _bench.ExtractAsync(zip, new SafeZipLimits(120))).ShouldBeOfType<UnzipOutcome.Extracted>();
    }

    [Fact]
    public async Task A_bomb_is_refused()
    {
        var bomb = ZipBuilder.OfOne("zeros.tif", new byte[40 << 20]);

        (await _bench.RefusalOfAsync(bomb)).ShouldBe("unpacks to more than 1000 times its size");
        (await _bench.RefusalOfAsync(ZipBuilder.WithField(bomb, 24, 10))).ShouldNotBeEmpty("the size it claims is not trusted");
    }

    [Fact]
    public async Task Data_that_packs_well_is_no_bomb_while_it_is_small() =>
        (await _bench.ExtractAsync(ZipBuilder.OfOne("zeros.tif", new byte[16 << 20]))).ShouldBeOfType<UnzipOutcome.Extracted>();

    [Fact]
    public async Task An_encrypted_file_is_refused() =>
        (await _bench.RefusalOfAsync(ZipBuilder.Encrypted(ZipBuilder.Of("a.shp")))).ShouldStartWith("holds an encrypted file");

    [Theory]
    [InlineData("")]
    [InlineData("PK\u0003\u0004 and nothing more")]
    [InlineData("no zip at all")]
    public async Task What_is_no_zip_is_refused(string text) =>
        (await _bench.RefusalOfAsync(System.Text.Encoding.Latin1.GetBytes(text))).ShouldStartWith("is no readable zip file: ");

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public async Task A_wrong_checksum_or_length_is_found_out(int field)
    {
        var zip = ZipBuilder.WithField(ZipBuilder.Of("a.shp"), field, 3);

        (await _bench.RefusalOfAsync(zip)).ShouldStartWith("is no readable zip file: ");
    }

    [Fact]
    public async Task A_cut_zip_is_refused_wherever_it_is_cut()
    {
        var zip = ZipBuilder.Of("a/b.shp", "c.dbf");

        for (var length = 0; length < zip.Length; length++)
        {
            (await _bench.RefusalOfAsync(zip[..length])).ShouldStartWith("is no readable zip file: ");
        }
    }

    [Fact]
    public async Task No_changed_byte_makes_it_fail_or_leave_anything_behind()
    {
        var zip = ZipBuilder.Of("a/b.shp", "c.dbf");
        for (var at = 0; at < zip.Length; at++)
        {
            foreach (var change in new byte[] { 0x01, 0x80, 0xFF })
            {
                using var bench = new ZipBench();
                var changed = zip.ToArray();
                changed[at] ^= change;

                if (await bench.ExtractAsync(changed) is UnzipOutcome.Refused)
                {
                    bench.NothingIsLeft();
                }
            }
        }
    }

    [Fact]
    public async Task A_folder_that_was_made_for_a_refused_zip_goes_with_it()
    {
        Directory.Delete(_bench.Target, recursive: true);

        await _bench.ExtractAsync(ZipBuilder.Of("a/b/c.shp", "a/d.shp"), new SafeZipLimits(10));

        _bench.Contents.ShouldBe(["a.zip"]);
    }

    [Fact]
    public async Task A_cancelled_extraction_leaves_nothing_behind()
    {
        await Should.ThrowAsync<OperationCanceledException>(() => _bench.ExtractAsync(ZipBuilder.Of("a/b.shp"), null, new CancellationToken(true)));

        _bench.NothingIsLeft();
    }
}
