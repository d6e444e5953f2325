using GeoWps.Adapters.Storage.Memory;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

public sealed class MemoryBlobStoreTests : BlobStoreContract
{
    private const int Limit = 4 * 1024 * 1024;

    protected override IBlobStore Open(TimeProvider clock) => new MemoryBlobStore(Limit, clock);

    [Fact]
    public async Task What_would_pass_the_limit_is_refused_and_what_was_there_stays()
    {
        await PutAsync("a", new string('a', Limit - 10));

        (await Should.ThrowAsync<IOException>(() => PutAsync("b", "12345678901"))).Message.ShouldContain("Blobs:MemoryLimitMb, 4 MiB");

        (await KeysAsync("")).ShouldBe(["a"]);
        await PutAsync("b", "1234567890");
        await PutAsync("a", new string('b', Limit - 10));
        await Store.DeleteAsync("a", None);
        await PutAsync("c", new string('c', Limit - 10));
    }

    [Fact]
    public async Task A_writer_that_never_ends_is_stopped_at_the_limit()
    {
        var written = 0L;

        await Should.ThrowAsync<IOException>(() => Store.PutAsync(
            "a",
            "x/y",
            async (stream, token) =>
            {
                while (true)
                {
                    await stream.WriteAsync(new byte[65_536], token);
                    written += 65_536;
                }
            },
            None));

        written.ShouldBe(Limit);
    }

    [Fact]
    public async Task A_file_larger_than_the_limit_is_refused_and_stays()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["large"], new byte[Limit + 1]);

        await Should.ThrowAsync<IOException>(() => Store.TakeAsync("a", "x/y", folder["large"], None));

        File.Exists(folder["large"]).ShouldBeTrue();
    }
}
