using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="IBlobStore"/> does. An adapter derives from it, gives the one method, and overrides nothing else.</summary>
public abstract partial class BlobStoreContract : IDisposable
{
    protected static readonly CancellationToken None = CancellationToken.None;

    // Tests begin with many uses at once: one store for all of them.
    private readonly Lazy<IBlobStore> _store;

    protected BlobStoreContract() => _store = new Lazy<IBlobStore>(() => Open(Clock));

    protected TestClock Clock { get; } = new();

    protected IBlobStore Store => _store.Value;

    protected abstract IBlobStore Open(TimeProvider clock);

    public void Dispose()
    {
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    protected Task<BlobInfo> PutAsync(string key, string text, string contentType = "text/plain") =>
        Store.PutAsync(key, contentType, async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), token), None);

    protected async Task<string?> ReadAsync(string key, long offset = 0, long? length = null)
    {
        await using var blob = await Store.OpenAsync(key, offset, length, None);
        return blob is null ? null : await ReadAsync(blob);
    }

    protected static async Task<string> ReadAsync(Blob blob)
    {
        using var reader = new StreamReader(blob.Content, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }

    protected async Task<List<string>> KeysAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var info in Store.ListAsync(prefix, None))
        {
            keys.Add(info.Key);
        }

        return keys;
    }

    [Fact]
    public async Task A_blob_is_read_as_it_was_written()
    {
        var put = await PutAsync("jobs/1/out.json", "grün", "application/geo+json; charset=utf-8");

        put.Key.ShouldBe("jobs/1/out.json");
        put.ContentType.ShouldBe("application/geo+json; charset=utf-8");
        put.Length.ShouldBe(5);
        put.LastModified.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(Clock.GetUtcNow().ToUnixTimeMilliseconds()));
        (await Store.FindAsync("jobs/1/out.json", None)).ShouldBe(put);
        await using var blob = (await Store.OpenAsync("jobs/1/out.json", 0, null, None)).ShouldNotBeNull();
        blob.Info.ShouldBe(put);
        blob.Content.Length.ShouldBe(5);
        (await ReadAsync(blob)).ShouldBe("grün");
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        (await PutAsync("empty", "")).Length.ShouldBe(0);

        (await ReadAsync("empty")).ShouldBe("");
        (await ReadAsync("empty", offset: 3, length: 4)).ShouldBe("");
    }

    [Fact]
    public async Task What_is_not_there_is_not_there()
    {
        await PutAsync("a/b", "x");

        foreach (var key in new[] { "a", "b", "a/b/c", "A/b", "a/c" })
        {
            (await Store.FindAsync(key, None)).ShouldBeNull();
            (await Store.OpenAsync(key, 0, null, None)).ShouldBeNull();
            (await Store.DeleteAsync(key, None)).ShouldBeFalse();
            (await Store.MoveAsync(key, "z", None)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(3, null, "3456789")]
    [InlineData(3, 2L, "34")]
    [InlineData(0, 1L, "0")]
    [InlineData(8, 100L, "89")]
    [InlineData(4, 0L, "")]
    [InlineData(10, null, "")]
    [InlineData(99, 5L, "")]
    public async Task A_part_is_read_and_cut_to_what_there_is(long offset, long? length, string expected)
    {
        await PutAsync("digits", "0123456789");

        await using var blob = (await Store.OpenAsync("digits", offset, length, None)).ShouldNotBeNull();
        blob.Content.Length.ShouldBe(expected.Length);
        blob.Info.Length.ShouldBe(10);
        (await ReadAsync(blob)).ShouldBe(expected);
        blob.Content.Position = 0;
        (await ReadAsync(blob)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_replaced_blob_is_the_new_one_whole_and_its_tag_changes_even_when_nothing_else_does()
    {
        var first = await PutAsync("a", "one", "text/plain");
        var second = await PutAsync("a", "one", "text/plain");
        var third = await PutAsync("a", "three", "text/html");

        new[] { first.ETag, second.ETag, third.ETag }.ShouldBeUnique();
        third.ETag.ShouldNotContain("\"");
        (await Store.FindAsync("a", None)).ShouldBe(third);
        (await ReadAsync("a")).ShouldBe("three");
        (await KeysAsync("")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_writer_that_fails_leaves_nothing_and_what_was_there_stays()
    {
        await PutAsync("old", "kept");

        foreach (var key in new[] { "old", "folder/new" })
        {
            await Should.ThrowAsync<InvalidDataException>(() => Store.PutAsync(key, "text/plain", FailAsync, None));
        }

        (await ReadAsync("old")).ShouldBe("kept");
        (await KeysAsync("")).ShouldBe(["old"]);

        static async Task FailAsync(Stream stream, CancellationToken token)
        {
            await stream.WriteAsync("half"u8.ToArray(), token);
            await stream.FlushAsync(token);
            throw new InvalidDataException("The caller went away.");
        }
    }

    [Fact]
    public async Task A_writer_that_is_cancelled_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => Store.PutAsync(
            "a",
            "text/plain",
            async (stream, _) =>
            {
                await stream.WriteAsync("half"u8.ToArray(), CancellationToken.None);
                await cancel.CancelAsync();
            },
            cancel.Token));

        (await KeysAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_writer_may_close_its_stream()
    {
        await Store.PutAsync(
            "a",
            "text/plain",
            async (stream, _) =>
            {
                await using var writer = new StreamWriter(stream);
                await writer.WriteAsync("closed");
            },
            None);

        (await ReadAsync("a")).ShouldBe("closed");
    }

    [Fact]
    public async Task A_blob_is_not_seen_before_it_is_whole()
    {
        await Store.PutAsync(
            "a/b",
            "text/plain",
            async (stream, token) =>
            {
                await stream.WriteAsync(new byte[100_000], token);
                (await Store.FindAsync("a/b", token)).ShouldBeNull();
                (await KeysAsync("")).ShouldBeEmpty();
            },
            None);

        (await Store.FindAsync("a/b", None)).ShouldNotBeNull().Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task A_reader_keeps_what_it_opened_while_it_is_replaced_moved_and_deleted()
    {
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i} "));
        await PutAsync("jobs/1/a", text);
        await using var first = (await Store.OpenAsync("jobs/1/a", 0, null, None)).ShouldNotBeNull();
        await PutAsync("jobs/1/a", "second");
        await using var second = (await Store.OpenAsync("jobs/1/a", 0, null, None)).ShouldNotBeNull();
        await Store.MoveAsync("jobs/1/a", "jobs/1/b", None);
        await using var third = (await Store.OpenAsync("jobs/1/b", 0, null, None)).ShouldNotBeNull();
        await Store.DeleteAsync("jobs/1/b", None);
        await PutAsync("jobs/1/c", "fourth");
        await using var fourth = (await Store.OpenAsync("jobs/1/c", 0, null, None)).ShouldNotBeNull();
        await Store.DeleteAllAsync("jobs/", None);

        (await ReadAsync(first)).ShouldBe(text);
        (await ReadAsync(second)).ShouldBe("second");
        (await ReadAsync(third)).ShouldBe("second");
        (await ReadAsync(fourth)).ShouldBe("fourth");
        (await KeysAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_taken_file_becomes_the_blob_and_is_gone()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["result.gpkg"], "content");
        await PutAsync("jobs/1/1/result.gpkg", "before");

        var info = await Store.TakeAsync("jobs/1/1/result.gpkg", "application/geopackage+sqlite3", folder["result.gpkg"], None);

        info.Length.ShouldBe(7);
        info.ContentType.ShouldBe("application/geopackage+sqlite3");
        (await Store.FindAsync("jobs/1/1/result.gpkg", None)).ShouldBe(info);
        (await ReadAsync("jobs/1/1/result.gpkg")).ShouldBe("content");
        File.Exists(folder["result.gpkg"]).ShouldBeFalse();
    }
}
