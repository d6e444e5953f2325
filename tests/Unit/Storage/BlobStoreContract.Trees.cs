using System.Collections.Concurrent;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class BlobStoreContract
{
    [Fact]
    public async Task All_below_a_prefix_moves_and_nothing_beside_it()
    {
        string[] keys = ["files/a/1", "files/a/2/3", "files/a/2/江河.shp", "files/a/2/🌍/مدينة"];
        string[] others = ["files/a", "files/a-", "files/ab/1", "files/b"];
        foreach (var key in keys.Concat(others))
        {
            await PutAsync(key, key, "x/y");
        }

        var before = (await Store.FindAsync("files/a/2/3", None)).ShouldNotBeNull();
        Clock.Advance(TimeSpan.FromMinutes(1));

        (await Store.MoveAllAsync("files/a/", "files/c/d/", None)).ShouldBe(TreeOutcome.Done);

        (await KeysAsync("")).ShouldBe(keys.Select(key => "files/c/d" + key[7..]).Concat(others).Order(StringComparer.Ordinal));
        (await ReadAsync("files/c/d/2/江河.shp")).ShouldBe("files/a/2/江河.shp");
        (await Store.FindAsync("files/c/d/2/3", None)).ShouldBe(before with { Key = "files/c/d/2/3" });
    }

    [Fact]
    public async Task All_below_a_prefix_is_copied_and_lives_on_for_itself()
    {
        await PutAsync("files/a/1", "one");
        await PutAsync("files/a/b/2", "two");

        (await Store.CopyAllAsync("files/a/", "files/c/", None)).ShouldBe(TreeOutcome.Done);

        await PutAsync("files/a/1", "another");
        await Store.DeleteAllAsync("files/a/b/", None);
        (await ReadAsync("files/c/1")).ShouldBe("one");
        (await ReadAsync("files/c/b/2")).ShouldBe("two");
        await Store.DeleteAllAsync("files/c/", None);
        (await KeysAsync("")).ShouldBe(["files/a/1"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_goes_where_something_is(bool stays)
    {
        await PutAsync("a/1", "one");
        await PutAsync("b/2", "two");
        await PutAsync("c/d/3", "three");

        (await RenameAsync("a/", "b/", stays)).ShouldBe(TreeOutcome.Taken);
        (await RenameAsync("a/", "c/", stays)).ShouldBe(TreeOutcome.Taken);
        (await RenameAsync("c/d/", "c/", stays)).ShouldBe(TreeOutcome.Taken);
        (await RenameAsync("nothing/", "e/", stays)).ShouldBe(TreeOutcome.Nothing);

        (await KeysAsync("")).ShouldBe(["a/1", "b/2", "c/d/3"]);
    }

    [Theory]
    [InlineData("a/", "a/")]
    [InlineData("a/", "a/b/")]
    [InlineData("a", "b/")]
    [InlineData("a/", "b")]
    [InlineData("/", "b/")]
    [InlineData("a/", "../")]
    public async Task Prefixes_are_whole_and_not_below_themselves(string from, string to)
    {
        await PutAsync("a/1", "one");

        await Should.ThrowAsync<ArgumentException>(() => Store.MoveAllAsync(from, to, None));
        await Should.ThrowAsync<ArgumentException>(() => Store.CopyAllAsync(from, to, None));

        (await KeysAsync("")).ShouldBe(["a/1"]);
    }

    [Fact]
    public async Task A_folder_that_moves_to_and_fro_is_never_half_and_what_is_written_meanwhile_is_somewhere()
    {
        var keys = Enumerable.Range(0, 40).Select(i => $"{i:00}").ToList();
        foreach (var key in keys)
        {
            await PutAsync($"files/a/{key}", key);
        }

        var written = new ConcurrentQueue<string>();
        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested && i < 200; i++)
            {
                await PutAsync($"files/w/{i}", $"{i}");
                await PutAsync($"files/a/w{i}", $"{i}");
                written.Enqueue($"w{i}");
            }
        });
        for (var i = 0; i < 10; i++)
        {
            // While it moves, the writer may make the old place again: then there are two halves, the moved one whole.
            if (await Store.MoveAllAsync("files/a/", $"files/b{i}/", None) == TreeOutcome.Done && i == 0)
            {
                (await KeysAsync("files/b0/")).Select(key => key[9..]).Where(key => key[0] != 'w').ShouldBe(keys);
            }
        }

        await done.CancelAsync();
        await writing;

        var all = (await KeysAsync("files/")).Select(key => key.Split('/')[^1]).ToHashSet();
        written.ShouldAllBe(key => all.Contains(key));
    }

    [Fact]
    public async Task Of_many_that_move_to_one_place_one_gets_there()
    {
        for (var i = 0; i < 6; i++)
        {
            await PutAsync($"files/from{i}/x", $"{i}");
        }

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => Store.MoveAllAsync($"files/from{i}/", "files/to/", None))));

        outcomes.Count(outcome => outcome == TreeOutcome.Done).ShouldBe(1);
        outcomes.Count(outcome => outcome == TreeOutcome.Taken).ShouldBe(5);
        (await KeysAsync("files/")).Count.ShouldBe(6);
    }

    private Task<TreeOutcome> RenameAsync(string from, string to, bool stays) => stays ? Store.CopyAllAsync(from, to, None) : Store.MoveAllAsync(from, to, None);
}
