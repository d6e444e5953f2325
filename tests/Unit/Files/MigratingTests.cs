using System.Text;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Files;

public sealed class MigratingTests
{
    [Fact]
    public async Task Everything_is_copied_as_it_is_and_once()
    {
        using var rig = new FileRig();
        await rig.PutAsync("江河/a", "one");
        await rig.PutAsync("b", new string('x', 300_000));
        await rig.Blobs.PutAsync("jobs/1/out", "x/y", (stream, token) => stream.WriteAsync("result"u8.ToArray(), token).AsTask(), CancellationToken.None);
        var (to, told) = (new MemoryBlobStore(10_000_000, rig.Clock), new List<MigrationProgress>());

        var first = await new MigrateBlobs(rig.Blobs, to).ExecuteAsync(told.Add, CancellationToken.None);
        await rig.PutAsync("c", "new");
        var second = await new MigrateBlobs(rig.Blobs, to).ExecuteAsync(_ => { }, CancellationToken.None);

        (first.Blobs, first.Bytes, first.Copied).ShouldBe((3, 300_009, 3));
        (second.Blobs, second.Copied).ShouldBe((4, 1));
        first.Wrong.ShouldBeEmpty();
        told.Where(progress => !progress.IsVerifying).Last().Done.ShouldBe(300_009);
        told[^1].ShouldBe(new MigrationProgress(true, 300_009, 300_009));
        await foreach (var info in rig.Blobs.ListAsync("", CancellationToken.None))
        {
            (await to.FindAsync(info.Key, CancellationToken.None)).ShouldBe(info);
        }
    }

    [Fact]
    public async Task What_is_not_the_same_is_told_taken_away_and_copied_again()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a", "one");
        var to = new MemoryBlobStore(1000, rig.Clock);
        var info = (await rig.Blobs.FindAsync("files/a", CancellationToken.None)).ShouldNotBeNull();
        await to.RestoreAsync(info, (stream, token) => stream.WriteAsync("two"u8.ToArray(), token).AsTask(), CancellationToken.None);

        (await new MigrateBlobs(rig.Blobs, to).ExecuteAsync(_ => { }, CancellationToken.None)).Wrong.ShouldBe(["files/a"]);
        (await to.FindAsync("files/a", CancellationToken.None)).ShouldBeNull();
        (await new MigrateBlobs(rig.Blobs, to).ExecuteAsync(_ => { }, CancellationToken.None)).Wrong.ShouldBeEmpty();

        await using var blob = (await to.OpenAsync("files/a", 0, null, CancellationToken.None)).ShouldNotBeNull();
        using var reader = new StreamReader(blob.Content, Encoding.UTF8);
        (await reader.ReadToEndAsync()).ShouldBe("one");
    }

    [Fact]
    public async Task Whose_the_files_are_goes_along_and_what_is_known_there_stays()
    {
        using var rig = new FileRig();
        using var other = new FileRig();
        for (var i = 0; i < 501; i++)
        {
            await rig.Index.EndAsync(await BegunAsync(rig.Index), [new FileEffect.Stored(new FileEntry(FileRig.Path($"f{i}"), false, "li") { Length = 1 })], CancellationToken.None);
        }

        await rig.Index.ShareAsync(FileRig.Path("f7"), true, CancellationToken.None);
        await other.PutAsync("f8", "theirs", FileRig.Ana);

        (await MigrateBlobs.CopyIndexAsync(rig.Index, other.Index, CancellationToken.None)).ShouldBe(500);

        (await other.PathsAsync()).Count.ShouldBe(501);
        (await other.Index.FindAsync(FileRig.Path("f7"), CancellationToken.None)).ShouldNotBeNull().IsPublic.ShouldBeTrue();
        (await other.Index.FindAsync(FileRig.Path("f8"), CancellationToken.None)).ShouldNotBeNull().Owner.ShouldBe("ana");
        (await other.Index.UseAsync("li", CancellationToken.None)).OfOwner.ShouldBe(500);
    }

    private static async Task<FileChange> BegunAsync(IFileIndex index)
    {
        var change = new FileChange(Guid.NewGuid(), FileChangeKind.Store, FileRig.Path("any"), null, null, 0, false);
        (await index.BeginAsync(change, CancellationToken.None)).ShouldBeNull();
        return change;
    }
}
