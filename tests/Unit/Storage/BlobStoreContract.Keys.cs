namespace GeoWps.Tests.Unit.Storage;

public abstract partial class BlobStoreContract
{
    public static TheoryData<string> WrongKeys =>
    [
        "", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".", "./a", "a/./b", "a\0b", "a\nb", "\u007f", "\u0085", "a/\t",
        new string('a', 201), new string('ü', 101), new string(':', 67), string.Join('/', Enumerable.Repeat("abcdefghi", 201)),
    ];

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public async Task What_is_no_key_is_refused_everywhere(string key)
    {
        await Should.ThrowAsync<ArgumentException>(() => PutAsync(key, "x"));
        await Should.ThrowAsync<ArgumentException>(() => Store.FindAsync(key, None));
        await Should.ThrowAsync<ArgumentException>(() => Store.OpenAsync(key, 0, null, None));
        await Should.ThrowAsync<ArgumentException>(() => Store.DeleteAsync(key, None));
        await Should.ThrowAsync<ArgumentException>(() => Store.TakeAsync(key, "x/y", "/nowhere", None));
        await PutAsync("good", "x");
        await Should.ThrowAsync<ArgumentException>(() => Store.CopyAsync(key, "z", None));
        await Should.ThrowAsync<ArgumentException>(() => Store.CopyAsync("good", key, None));
        await Should.ThrowAsync<ArgumentException>(() => Store.MoveAsync(key, "z", None));
        await Should.ThrowAsync<ArgumentException>(() => Store.MoveAsync("good", key, None));
        await Should.ThrowAsync<ArgumentException>(() => Store.DeleteAllAsync(key + "/", None));
        (await KeysAsync("")).ShouldBe(["good"]);
    }

    [Fact]
    public async Task Half_a_character_is_refused_because_it_can_not_be_told_from_another()
    {
        // Not among the above: the test runner itself can't keep it.
        foreach (var key in new[] { "half \ud800 character", "\udc00", "a\ud800", "\udc00\ud800" })
        {
            await Should.ThrowAsync<ArgumentException>(() => PutAsync(key, "x"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a")]
    [InlineData("../")]
    public async Task A_prefix_to_be_deleted_names_whole_segments(string prefix)
    {
        await PutAsync("a", "x");

        await Should.ThrowAsync<ArgumentException>(() => Store.DeleteAllAsync(prefix, None));

        (await KeysAsync("")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Odd_but_allowed_keys_are_kept_apart_and_come_back_as_they_were()
    {
        string[] keys =
        [
            ".tmp", ".tmp/x", "...", "~", "a~", "~a", "a:b", "a%3Ab", "a%b", "%", "a b", " ", "C:\\x", "*?\"<>|", "straße/日本/🌍", "a", "A", "a/a", "a/a/a",
            "a~/b", new string('x', 200), new string('ü', 100), new string(':', 66), "e\u0301", "\u00e9", "-rf", "$HOME", "a;b&c", "b.", "b ",
        ];
        foreach (var key in keys)
        {
            await PutAsync(key, key);
        }

        foreach (var key in keys)
        {
            (await ReadAsync(key)).ShouldBe(key);
        }

        (await KeysAsync("")).ShouldBe(keys.Order(StringComparer.Ordinal));
        foreach (var key in keys)
        {
            (await Store.DeleteAsync(key, None)).ShouldBeTrue(key);
        }

        (await KeysAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Blobs_are_listed_by_the_beginning_of_their_keys_in_ordinal_order()
    {
        string[] keys = ["jobs/a", "jobs/a-b", "jobs/a.b", "jobs/a/1", "jobs/a/10", "jobs/a/2", "jobs/a0", "jobs/ab/1", "jobs/b", "other"];
        foreach (var key in keys.Reverse())
        {
            await PutAsync(key, key);
        }

        (await KeysAsync("")).ShouldBe(keys);
        (await KeysAsync("jobs/")).ShouldBe(keys[..^1]);
        (await KeysAsync("jobs/a")).ShouldBe(keys[..^2]);
        (await KeysAsync("jobs/a/")).ShouldBe(["jobs/a/1", "jobs/a/10", "jobs/a/2"]);
        (await KeysAsync("jobs/a/1")).ShouldBe(["jobs/a/1", "jobs/a/10"]);
        (await KeysAsync("jobs/x")).ShouldBeEmpty();
        (await KeysAsync("nothing/")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_listed_blob_is_described_as_when_it_was_stored()
    {
        var put = await PutAsync("a/b", "x", "image/png");

        await foreach (var info in Store.ListAsync("a/", None))
        {
            info.ShouldBe(put);
        }
    }

    [Fact]
    public async Task Deleting_by_prefix_does_not_touch_the_neighbours()
    {
        foreach (var key in new[] { "jobs/a", "jobs/a/1", "jobs/a/2/3", "jobs/ab/1", "jobs/a-", "job/a/1" })
        {
            await PutAsync(key, key);
        }

        await Store.DeleteAllAsync("jobs/a/", None);
        await Store.DeleteAllAsync("jobs/nothing/", None);

        (await KeysAsync("")).ShouldBe(["job/a/1", "jobs/a", "jobs/a-", "jobs/ab/1"]);
        await PutAsync("jobs/a/1", "again");
        (await ReadAsync("jobs/a/1")).ShouldBe("again");
    }

    [Fact]
    public async Task A_moved_blob_replaces_what_was_there()
    {
        await PutAsync("to/b", "old", "text/plain");
        var put = await PutAsync("from/a", "new", "image/png");

        (await Store.MoveAsync("from/a", "to/b", None)).ShouldBeTrue();

        (await Store.FindAsync("from/a", None)).ShouldBeNull();
        (await Store.FindAsync("to/b", None)).ShouldBe(put with { Key = "to/b" });
        (await ReadAsync("to/b")).ShouldBe("new");
        (await KeysAsync("")).ShouldBe(["to/b"]);
        (await Store.MoveAsync("to/b", "to/b", None)).ShouldBeTrue();
        (await ReadAsync("to/b")).ShouldBe("new");
    }

    [Fact]
    public async Task Whoever_reads_while_many_write_the_same_key_gets_one_of_them_whole()
    {
        await PutAsync("a/b", Text(0), "text/0");
        var writers = Enumerable.Range(1, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                await PutAsync("a/b", Text(writer), $"text/{writer}");
            }
        })).ToList();

        while (writers.Exists(writer => !writer.IsCompleted))
        {
            await using var blob = (await Store.OpenAsync("a/b", 0, null, None)).ShouldNotBeNull();
            (await ReadAsync(blob)).ShouldBe(Text(int.Parse(blob.Info.ContentType[5..], provider: null)));
        }

        await Task.WhenAll(writers);
        (await KeysAsync("")).ShouldBe(["a/b"]);

        static string Text(int writer) => string.Concat(Enumerable.Repeat($"writer {writer} ", 100 * (writer + 1)));
    }

    [Fact]
    public async Task Writing_beside_what_is_being_deleted_works()
    {
        var deleting = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await Store.DeleteAllAsync("a/b/", None);
                await Store.DeleteAsync("a/c/x", None);
            }
        });
        while (!deleting.IsCompleted)
        {
            await PutAsync("a/b/x", "x");
            await PutAsync("a/c/x", "x");
        }

        await deleting;
        await PutAsync("a/b/x", "last");
        (await ReadAsync("a/b/x")).ShouldBe("last");
        await Store.DeleteAllAsync("a/", None);
        (await KeysAsync("")).ShouldBeEmpty();
    }
}
