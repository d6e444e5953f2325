using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class BlobStoreContract
{
    [Theory]
    [InlineData(3)]
    [InlineData(MoreThanARow)]
    public async Task A_blob_of_another_store_is_restored_as_it_was(int length)
    {
        var text = new string('r', length);
        var info = new BlobInfo("files/江河/a", "x/y", length, "tag-of-another", DateTimeOffset.FromUnixTimeMilliseconds(1_234_567_890_123));
        await PutAsync(info.Key, "before");

        await Store.RestoreAsync(info, async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), token), None);

        (await Store.FindAsync(info.Key, None)).ShouldBe(info);
        (await ReadAsync(info.Key)).ShouldBe(text);
        (await KeysAsync("")).ShouldBe([info.Key]);
    }
}
