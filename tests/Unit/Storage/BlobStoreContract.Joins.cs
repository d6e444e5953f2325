namespace GeoWps.Tests.Unit.Storage;

public abstract partial class BlobStoreContract
{
    [Fact]
    public async Task Contents_are_joined_in_the_order_of_their_keys_and_stay()
    {
        await PutAsync("u/a", "one");
        await PutAsync("u/b", "");
        await PutAsync("u/c", "two");
        await PutAsync("to", "before");

        var info = await Store.JoinAsync(["u/c", "u/b", "u/a", "u/c"], "to", "x/y", None);

        (await ReadAsync("to")).ShouldBe("twoonetwo");
        info.ShouldBe(await Store.FindAsync("to", None));
        (info!.ContentType, info.Length).ShouldBe(("x/y", 9));
        (await ReadAsync("u/a")).ShouldBe("one");
        await Store.DeleteAllAsync("u/", None);
        (await ReadAsync("to", 2, 3)).ShouldBe("oon");
    }

    [Fact]
    public async Task What_is_made_of_one_content_alone_lives_on_without_it()
    {
        var first = await PutAsync("u/a", "one");

        var info = (await Store.JoinAsync(["u/a"], "to", "x/y", None)).ShouldNotBeNull();
        info.ShouldBe(await Store.FindAsync("to", None));
        (info.ContentType, info.Length).ShouldBe(("x/y", 3));
        info.ETag.ShouldNotBe(first.ETag);
        await PutAsync("u/a", "another");
        (await ReadAsync("to")).ShouldBe("one");
        await Store.DeleteAllAsync("u/", None);
        (await ReadAsync("to")).ShouldBe("one");
    }

    [Fact]
    public async Task Nothing_is_joined_where_one_is_missing_and_nothing_makes_an_empty_content()
    {
        await PutAsync("a", "one");
        await PutAsync("to", "before");

        (await Store.JoinAsync(["a", "missing"], "to", "x/y", None)).ShouldBeNull();
        (await ReadAsync("to")).ShouldBe("before");

        (await Store.JoinAsync([], "to", "x/y", None))!.Length.ShouldBe(0);
        (await ReadAsync("to")).ShouldBe("");
    }

    /// <summary>Sizes around those in which stores cut contents.</summary>
    [Fact]
    public async Task Contents_of_any_sizes_are_joined()
    {
        int[] sizes = [1, 65_536, 65_537, 524_288, 3, 600_000, 524_287, 0, 300_001];
        var parts = sizes.Select((size, i) => (Key: $"part/{i}", Content: Enumerable.Range(0, size).Select(at => (byte)((at * 31) + i + (at >> 8))).ToArray())).ToList();
        foreach (var (key, content) in parts)
        {
            await Store.PutAsync(key, "x/y", async (stream, token) => await stream.WriteAsync(content, token), None);
        }

        var info = await Store.JoinAsync([.. parts.Select(part => part.Key)], "whole", "x/y", None);

        byte[] expected = [.. parts.SelectMany(part => part.Content)];
        info!.Length.ShouldBe(expected.Length);
        (await BytesAsync(0, null)).AsSpan().SequenceEqual(expected).ShouldBeTrue();
        (await BytesAsync(600_000, 1_000_000)).AsSpan().SequenceEqual(expected.AsSpan(600_000, 1_000_000)).ShouldBeTrue();

        async Task<byte[]> BytesAsync(long offset, long? length)
        {
            await using var blob = (await Store.OpenAsync("whole", offset, length, None)).ShouldNotBeNull();
            using var memory = new MemoryStream();
            await blob.Content.CopyToAsync(memory);
            return memory.ToArray();
        }
    }
}
