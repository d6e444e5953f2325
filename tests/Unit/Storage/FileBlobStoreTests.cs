using GeoWps.Adapters.Storage.Files;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

public sealed class FileBlobStoreTests : BlobStoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override IBlobStore Open(TimeProvider clock) => new FileBlobStore(_folder["blobs"], clock);

    protected override void CleanUp() => _folder.Dispose();

    [Fact]
    public async Task A_blob_outlives_a_restart_and_what_was_half_done_does_not()
    {
        var put = await PutAsync("a/b", "kept", "image/png");
        await File.WriteAllTextAsync(_folder["blobs/.tmp/half"], "half");
        Directory.CreateDirectory(_folder["blobs/.tmp/removed/folder"]);

        var after = Open(Clock);

        (await after.FindAsync("a/b", None)).ShouldBe(put);
        Directory.GetFileSystemEntries(_folder["blobs/.tmp"]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("to")]
    [InlineData("to/deep")]
    public async Task A_folder_that_was_made_for_one_that_did_not_move_is_gone_after_a_restart(string made)
    {
        var put = await PutAsync("from/b", "kept");
        Directory.CreateDirectory(_folder[$"blobs/{made}"]);
        await File.WriteAllTextAsync(_folder["blobs/.tmp/one.doubt"], """{"key": "from", "eTags": [], "into": "to/deep"}""");

        var after = Open(Clock);

        (await after.FindAsync("from/b", None)).ShouldBe(put);
        Directory.GetDirectories(_folder["blobs"]).ShouldBe([_folder["blobs/.tmp"], _folder["blobs/from"]], ignoreOrder: true);
    }

    [Fact]
    public async Task An_opened_blob_names_its_file_which_has_the_content_and_the_extension()
    {
        await PutAsync("jobs/1/out.gpkg", "content");

        await using var blob = (await Store.OpenAsync("jobs/1/out.gpkg", 2, 3, None)).ShouldNotBeNull();

        (await File.ReadAllTextAsync(blob.LocalPath.ShouldNotBeNull())).ShouldBe("content");
        Path.GetExtension(blob.LocalPath).ShouldBe(".gpkg");
    }

    [Fact]
    public async Task Nothing_is_left_behind_by_replacing_moving_and_deleting()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => PutAsync("a/b", $"{i}"))));
        Files().Length.ShouldBe(2);
        await Store.MoveAsync("a/b", "c/d", None);
        Files().Length.ShouldBe(2);
        Directory.Exists(_folder["blobs/a"]).ShouldBeFalse();
        await Store.DeleteAsync("c/d", None);
        await PutAsync("e/f/g", "x");
        await Store.DeleteAllAsync("e/f/", None);
        await Should.ThrowAsync<IOException>(() => Store.PutAsync("h/i", "x/y", (_, _) => throw new IOException("full"), None));

        Files().ShouldBeEmpty();
        Directory.GetDirectories(_folder["blobs"]).ShouldBe([_folder["blobs/.tmp"]]);
    }

    [Fact]
    public async Task A_record_that_a_power_cut_left_empty_is_no_blob_and_can_be_replaced()
    {
        await PutAsync("a", "x");
        await File.WriteAllTextAsync(_folder["blobs/a~"], "");

        (await Store.FindAsync("a", None)).ShouldBeNull();
        (await KeysAsync("")).ShouldBeEmpty();
        await PutAsync("a", "again");
        (await ReadAsync("a")).ShouldBe("again");
    }

    [Fact]
    public async Task A_blob_whose_content_somebody_took_away_is_not_there()
    {
        await PutAsync("a/b", "x");
        File.Delete(Files().Single(file => !file.EndsWith('~')));

        (await Store.OpenAsync("a/b", 0, null, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_of_another_device_can_be_taken()
    {
        // Shared memory is another device on Linux; elsewhere this takes from the same one.
        var elsewhere = Directory.Exists("/dev/shm") ? $"/dev/shm/geowps-{Guid.NewGuid():N}" : _folder["file"];
        await File.WriteAllTextAsync(elsewhere, "content");

        await Store.TakeAsync("a", "text/plain", elsewhere, None);

        (await ReadAsync("a")).ShouldBe("content");
        File.Exists(elsewhere).ShouldBeFalse();
    }

    [Fact]
    public async Task Files_can_be_looked_at_under_their_own_names_in_any_script()
    {
        string[] names = ["江河/長江.gpkg", "خرائط/مدينة.tif", "🌍/🗺️.geojson", "straße/Müller & Söhne.txt", ".hidden/a", "100%.csv"];
        foreach (var name in names)
        {
            await PutAsync($"files/{name}", "before");
            await PutAsync($"files/{name}", name);
        }

        await Store.CopyAllAsync("files/江河/", "files/copy/", None);
        await Store.MoveAllAsync("files/🌍/", "files/moved/", None);

        string[] shown = ["江河/長江.gpkg", "خرائط/مدينة.tif", "moved/🗺️.geojson", "straße/Müller & Söhne.txt", "%2Ehidden/a", "100%25.csv", "copy/長江.gpkg"];
        foreach (var (name, content) in shown.Zip([names[0], names[1], names[2], names[3], names[4], names[5], names[0]]))
        {
            (await File.ReadAllTextAsync(_folder[$"blobs/files/{name}"])).ShouldBe(content);
        }

        foreach (var name in new[] { "江河/長江.gpkg", "copy/長江.gpkg", "خرائط/مدينة.tif", "moved/🗺️.geojson", "straße/Müller & Söhne.txt", ".hidden/a", "100%.csv" })
        {
            (await Store.DeleteAsync($"files/{name}", None)).ShouldBeTrue();
        }

        Files().ShouldBeEmpty();
        Directory.GetDirectories(_folder["blobs"]).ShouldBe([_folder["blobs/.tmp"]]);
    }

    [Fact]
    public async Task A_sparse_file_of_5_gigabytes_is_taken_and_read_at_its_end()
    {
        const long length = 5L << 30;
        await using (var sparse = new FileStream(_folder["sparse"], FileMode.CreateNew))
        {
            sparse.SetLength(length);
            sparse.Position = length - 4;
            sparse.Write("tail"u8);
        }

        (await Store.TakeAsync("files/large.tif", "image/tiff", _folder["sparse"], None)).Length.ShouldBe(length);

        (await ReadAsync("files/large.tif", length - 4)).ShouldBe("tail");
        (await Store.MoveAllAsync("files/", "elsewhere/", None)).ShouldBe(TreeOutcome.Done);
        (await ReadAsync("elsewhere/large.tif", length - 4, 2)).ShouldBe("ta");
    }

    [Fact]
    public void Whether_the_file_system_keeps_the_case_of_names_is_found_out() =>
        Store.KeepsCase.ShouldBe(!File.Exists(_folder.Root.ToUpperInvariant()) || _folder.Root == _folder.Root.ToUpperInvariant());

    /// <summary>But for notes of changes that are over: they are empty, and taken for the next ones.</summary>
    private string[] Files() =>
        [.. Directory.GetFiles(_folder["blobs"], "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Where(file => !file.EndsWith(".doubt", StringComparison.Ordinal) || new FileInfo(file).Length > 0)];
}
