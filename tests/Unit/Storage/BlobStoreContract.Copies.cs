using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Storage;

public abstract partial class BlobStoreContract
{
    [Fact]
    public async Task A_copy_is_the_same_content_under_another_key()
    {
        var first = await PutAsync("from/a", "one", "x/y");
        Clock.Advance(TimeSpan.FromMinutes(1));

        (await Store.CopyAsync("from/a", "to/b", None)).ShouldBeTrue();

        (await ReadAsync("to/b")).ShouldBe("one");
        (await Store.FindAsync("to/b", None)).ShouldBe(first with { Key = "to/b" });
        (await ReadAsync("from/a")).ShouldBe("one");
    }

    [Fact]
    public async Task A_copy_and_its_original_live_on_without_each_other()
    {
        await PutAsync("jobs/1/a", "one");
        await PutAsync("jobs/1/b", "two");
        await Store.CopyAsync("jobs/1/a", "jobs/2/a", None);
        await Store.CopyAsync("jobs/1/b", "jobs/2/b", None);

        await PutAsync("jobs/1/a", "another");
        (await ReadAsync("jobs/2/a")).ShouldBe("one");
        await Store.DeleteAllAsync("jobs/1/", None);
        (await ReadAsync("jobs/2/a")).ShouldBe("one");
        (await ReadAsync("jobs/2/b")).ShouldBe("two");
        await Store.DeleteAsync("jobs/2/a", None);
        (await KeysAsync("")).ShouldBe(["jobs/2/b"]);
    }

    [Fact]
    public async Task A_content_is_copied_into_a_file_that_lives_on_by_itself()
    {
        var text = string.Concat(Enumerable.Range(0, 300_000));
        await PutAsync("a", text);
        using var folder = new TemporaryFolder();
        await using (var file = new FileStream(folder["b"], FileMode.CreateNew))
        {
            await file.WriteAsync("before,"u8.ToArray(), None);
            await using var blob = (await Store.OpenAsync("a", 0, null, None)).ShouldNotBeNull();
            await blob.CopyToAsync(file, None);
            await file.WriteAsync(",behind"u8.ToArray(), None);
            await using var part = (await Store.OpenAsync("a", 3, 4, None)).ShouldNotBeNull();
            await part.CopyToAsync(file, None);
        }

        (await File.ReadAllTextAsync(folder["b"], None)).ShouldBe($"before,{text},behind{text[3..7]}");
        await File.WriteAllTextAsync(folder["b"], "written over", None);
        (await ReadAsync("a")).ShouldBe(text);
    }

    [Fact]
    public async Task What_was_known_is_opened_or_what_is_there_by_now()
    {
        var known = await PutAsync("a", "one", "x/y");
        (await ReadKnownAsync(known)).ShouldBe((known, "one"));

        var now = await PutAsync("a", "another", "x/z");
        (await ReadKnownAsync(known)).ShouldBe((now, "another"));

        await Store.MoveAsync("a", "b", None);
        (await Store.OpenKnownAsync(now, None)).ShouldBeNull();
        (await ReadKnownAsync(now with { Key = "b" })).ShouldBe((now with { Key = "b" }, "another"));

        async Task<(BlobInfo Info, string Text)> ReadKnownAsync(BlobInfo what)
        {
            await using var blob = (await Store.OpenKnownAsync(what, None)).ShouldNotBeNull();
            using var reader = new StreamReader(blob.Content);
            return (blob.Info, await reader.ReadToEndAsync(None));
        }
    }

    [Fact]
    public async Task A_copy_replaces_what_was_there()
    {
        await PutAsync("a", "one");
        await PutAsync("b", "two");

        (await Store.CopyAsync("a", "b", None)).ShouldBeTrue();
        (await Store.CopyAsync("a", "a", None)).ShouldBeTrue();

        (await ReadAsync("a")).ShouldBe("one");
        (await ReadAsync("b")).ShouldBe("one");
    }

    [Fact]
    public async Task Nothing_can_not_be_copied()
    {
        await PutAsync("b", "two");

        (await Store.CopyAsync("a", "b", None)).ShouldBeFalse();

        (await ReadAsync("b")).ShouldBe("two");
    }
}
