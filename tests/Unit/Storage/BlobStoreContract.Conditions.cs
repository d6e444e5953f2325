using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class BlobStoreContract
{
    private const int MoreThanARow = 300_000;

    [Theory]
    [InlineData(1)]
    [InlineData(MoreThanARow)]
    public async Task What_must_be_new_is_stored_once(int length)
    {
        var text = new string('n', length);

        var first = (await TryPutAsync("a/b", text, BlobCondition.Absent)).ShouldNotBeNull();
        (await TryPutAsync("a/b", "other", BlobCondition.Absent)).ShouldBeNull();

        (await ReadAsync("a/b")).ShouldBe(text);
        (await Store.FindAsync("a/b", None)).ShouldBe(first);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(MoreThanARow)]
    public async Task What_must_have_a_tag_is_replaced_only_while_it_has_it(int length)
    {
        var first = await PutAsync("a", "one");

        var second = (await TryPutAsync("a", new string('2', length), BlobCondition.Tagged(first.ETag))).ShouldNotBeNull();
        (await TryPutAsync("a", new string('3', length), BlobCondition.Tagged(first.ETag))).ShouldBeNull();
        (await TryPutAsync("b", new string('3', length), BlobCondition.Tagged(first.ETag))).ShouldBeNull();

        (await Store.FindAsync("a", None)).ShouldBe(second);
        (await KeysAsync("")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_condition_is_one_of_whether_there_is_something_and_of_which_tag()
    {
        (await TryPutAsync("a", "1", BlobCondition.Present)).ShouldBeNull();
        var first = (await TryPutAsync("a", "2", new BlobCondition(false, false, null, ["another"]))).ShouldNotBeNull();
        (await TryPutAsync("a", "3", new BlobCondition(false, false, null, ["another", first.ETag]))).ShouldBeNull();
        var second = (await TryPutAsync("a", "4", BlobCondition.Present)).ShouldNotBeNull();
        (await TryPutAsync("a", "5", new BlobCondition(true, false, ["another", second.ETag], null))).ShouldNotBeNull();
        (await TryPutAsync("a", "6", BlobCondition.Any)).ShouldNotBeNull();

        (await ReadAsync("a")).ShouldBe("6");
    }

    [Fact]
    public async Task A_condition_is_judged_when_everything_is_written()
    {
        (await Store.TryPutAsync(
            "a",
            "text/plain",
            async (stream, token) =>
            {
                await stream.WriteAsync("slow"u8.ToArray(), token);
                await PutAsync("a", "quick");
            },
            BlobCondition.Absent,
            None)).ShouldBeNull();

        (await ReadAsync("a")).ShouldBe("quick");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(MoreThanARow)]
    public async Task Of_many_that_expect_the_same_one_is_stored(int length)
    {
        for (var round = 0; round < 5; round++)
        {
            var before = await PutAsync("a", "before");
            var stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer =>
                Task.Run(() => TryPutAsync("a", new string((char)('0' + writer), length), BlobCondition.Tagged(before.ETag)))));
            var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer =>
                Task.Run(() => TryPutAsync($"new/{length}/{round}", new string((char)('0' + writer), length), BlobCondition.Absent))));

            (await Store.FindAsync("a", None)).ShouldBe(stored.Where(info => info is not null).ShouldHaveSingleItem());
            (await Store.FindAsync($"new/{length}/{round}", None)).ShouldBe(created.Where(info => info is not null).ShouldHaveSingleItem());
        }
    }

    [Fact]
    public async Task A_file_is_taken_if_the_condition_holds_and_else_stays()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["file"], "taken");
        await PutAsync("a", "there");

        (await Store.TryTakeAsync("a", "text/plain", folder["file"], BlobCondition.Absent, None)).ShouldBeNull();
        (await File.ReadAllTextAsync(folder["file"])).ShouldBe("taken");
        (await Store.TryTakeAsync("b", "text/plain", folder["file"], BlobCondition.Absent, None)).ShouldNotBeNull();

        File.Exists(folder["file"]).ShouldBeFalse();
        (await ReadAsync("a")).ShouldBe("there");
        (await ReadAsync("b")).ShouldBe("taken");
    }

    private Task<BlobInfo?> TryPutAsync(string key, string text, BlobCondition condition) => Store.TryPutAsync(
        key, "text/plain", async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), token), condition, None);
}
