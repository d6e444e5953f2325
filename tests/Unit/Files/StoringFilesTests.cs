using System.Security.Cryptography;
using System.Text;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;

namespace GeoWps.Tests.Unit.Files;

public sealed class StoringFilesTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public async Task A_file_is_stored_with_its_folders_and_is_its_owners()
    {
        using var rig = new FileRig();

        var done = (await rig.PutAsync("江河/data.csv", "a,b")).ShouldBeOfType<FileOutcome.Done>();

        done.IsNew.ShouldBeTrue();
        (done.Entry.ContentType, done.Entry.Length, done.Entry.Owner).ShouldBe(("text/csv", 3, "li"));
        done.Entry.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("a,b"u8)));
        (await rig.PathsAsync()).ShouldBe(["江河", "江河/data.csv"]);
        (await rig.ReadAsync("江河/data.csv")).ShouldBe("a,b");
        (await rig.ReadAsync("江河/data.csv", Caller.Administrator)).ShouldBe("a,b");
        (await rig.ReadAsync("江河/data.csv", FileRig.Ana)).ShouldBeNull();
        (await rig.ReadAsync("江河/data.csv", FileRig.Anonymous)).ShouldBeNull();
    }

    [Fact]
    public async Task What_nobody_owns_is_everybodys_who_may_store_files()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a", "1", FileRig.Anonymous);

        (await rig.PutAsync("a", "2", FileRig.Li)).ShouldBeOfType<FileOutcome.Done>().Entry.Owner.ShouldBeNull();
        (await rig.ReadAsync("a", FileRig.Anonymous)).ShouldBe("2");
        (await rig.ReadAsync("a", FileRig.Visitor)).ShouldBeNull();
        (await rig.PutAsync("b", "3", FileRig.Visitor)).ShouldBeOfType<FileOutcome.Forbidden>();
    }

    [Fact]
    public async Task What_is_public_is_read_by_everybody_and_written_by_its_owner()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a/b/c", "text");

        (await rig.Library.ShareAsync(FileRig.Path("a"), true, FileRig.Ana, CancellationToken.None)).ShouldBeOfType<FileOutcome.Missing>();
        (await rig.Library.ShareAsync(FileRig.Path("a"), true, FileRig.Li, CancellationToken.None)).ShouldBeOfType<FileOutcome.Done>();

        (await rig.ReadAsync("a/b/c", FileRig.Visitor)).ShouldBe("text");
        (await rig.PutAsync("a/b/c", "other", FileRig.Ana)).ShouldBeOfType<FileOutcome.Forbidden>();
        (await rig.PutAsync("a/new", "other", FileRig.Ana)).ShouldBeOfType<FileOutcome.Forbidden>();
        (await rig.RemoveAsync("a/b/c", FileRig.Ana)).ShouldBeOfType<FileOutcome.Forbidden>();
        (await rig.MoveAsync("a", "z", FileRig.Ana)).ShouldBeOfType<FileOutcome.Forbidden>();
        (await rig.Library.ShareAsync(FileRig.Path("a"), true, FileRig.Ana, CancellationToken.None)).ShouldBeOfType<FileOutcome.Forbidden>();
        await rig.Library.ShareAsync(FileRig.Path("a"), false, FileRig.Li, CancellationToken.None);
        (await rig.ReadAsync("a/b/c", FileRig.Visitor)).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_is_no_folder_and_the_other_way_round()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a/b", "file");

        foreach (var path in new[] { "a/b/c", "a", "" })
        {
            (await rig.PutAsync(path, "x")).ShouldBeOfType<FileOutcome.Conflict>();
        }

        (await rig.Store.MakeFolderAsync(FileRig.Path("a/b"), FileRig.Li, CancellationToken.None)).ShouldBeOfType<FileOutcome.Conflict>();
        (await rig.Store.MakeFolderAsync(FileRig.Path("c/d"), FileRig.Li, CancellationToken.None)).ShouldBeOfType<FileOutcome.Done>().IsNew.ShouldBeTrue();
        (await rig.Store.MakeFolderAsync(FileRig.Path("c"), FileRig.Li, CancellationToken.None)).ShouldBeOfType<FileOutcome.Done>().IsNew.ShouldBeFalse();
        (await rig.PathsAsync()).ShouldBe(["a", "a/b", "c", "c/d"]);
        (await rig.KeysAsync()).ShouldBe(["a/b"]);
    }

    [Fact]
    public async Task Conditions_hold_at_the_end()
    {
        using var rig = new FileRig();
        var first = (await rig.PutAsync("a", "1", condition: BlobCondition.Absent)).ShouldBeOfType<FileOutcome.Done>();
        (await rig.PutAsync("a", "2", condition: BlobCondition.Absent)).ShouldBeOfType<FileOutcome.Changed>();
        (await rig.PutAsync("a", "3", condition: BlobCondition.Tagged(first.Entry.ETag))).ShouldBeOfType<FileOutcome.Done>().IsNew.ShouldBeFalse();
        (await rig.PutAsync("a", "4", condition: BlobCondition.Tagged(first.Entry.ETag))).ShouldBeOfType<FileOutcome.Changed>();

        (await rig.ReadAsync("a")).ShouldBe("3");
        (await rig.Index.UseAsync("li", CancellationToken.None)).OfOwner.ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_that_write_one_place_each_is_whole_and_the_index_says_the_last()
    {
        using var rig = new FileRig();
        var text = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 50_000 + i)).ToArray();

        var outcomes = await Task.WhenAll(text.SelectMany(one => Enumerable.Repeat(one, 5)).Select(one => Task.Run(() => rig.PutAsync("a/b", one))));

        outcomes.ShouldAllBe(outcome => outcome is FileOutcome.Done);
        text.ShouldContain(await rig.ReadAsync("a/b"));
        var entry = (await rig.Index.FindAsync(FileRig.Path("a/b"), CancellationToken.None)).ShouldNotBeNull();
        entry.ETag.ShouldBe((await rig.Blobs.FindAsync("files/a/b", CancellationToken.None)).ShouldNotBeNull().ETag);
        (await rig.Index.UseAsync("li", CancellationToken.None)).OfOwner.ShouldBe(entry.Length);
    }

    [Fact]
    public async Task What_has_not_its_checksum_is_not_stored()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a", "before");
        foreach (var (name, right) in new[] { ("sha-256", SHA256.HashData("text"u8)), ("sha-512", SHA512.HashData("text"u8)), ("md5", MD5.HashData("text"u8)) })
        {
            (await rig.PutAsync("a", "damaged", checksums: new FileChecksum(name, right))).ShouldBeOfType<FileOutcome.Damaged>().Message.ShouldContain(name);
            (await rig.ReadAsync("a")).ShouldBe("before");
            (await rig.PutAsync($"{name}", "text", checksums: new FileChecksum(name, right))).ShouldBeOfType<FileOutcome.Done>();
        }
    }

    [Fact]
    public async Task Quotas_are_kept_by_owner_and_in_all()
    {
        using var rig = new FileRig(new FilesOptions { QuotaMb = 3, OwnerQuotaMb = 2, MaxFileMb = 2 });
        var mebibyte = new string('x', Mebibyte);
        await rig.PutAsync("a", mebibyte);
        await rig.PutAsync("b", mebibyte);

        (await rig.PutAsync("c", "1")).ShouldBeOfType<FileOutcome.NoRoom>().Message.ShouldContain("2 MiB of one owner");
        (await rig.PutAsync("b", mebibyte)).ShouldBeOfType<FileOutcome.Done>();
        (await rig.PutAsync("c", mebibyte, FileRig.Ana)).ShouldBeOfType<FileOutcome.Done>();
        (await rig.PutAsync("d", "1", FileRig.Ana)).ShouldBeOfType<FileOutcome.NoRoom>().Message.ShouldContain("server's quota of 3 MiB");
        (await rig.CopyAsync("a", "e")).ShouldBeOfType<FileOutcome.NoRoom>();
        await rig.RemoveAsync("a");
        (await rig.PutAsync("d", "1")).ShouldBeOfType<FileOutcome.Done>();
        (await rig.KeysAsync()).ShouldBe(["b", "c", "d"]);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_before_it_is_read_and_while_it_is()
    {
        using var rig = new FileRig(new FilesOptions { OwnerQuotaMb = 2, MaxFileMb = 1 });
        var unread = new MemoryStream(new byte[10]);

        (await rig.PutAsync("a", unread, length: Mebibyte + 1)).ShouldBeOfType<FileOutcome.TooLarge>();
        unread.Position.ShouldBe(0);

        var endless = new Endless();
        (await rig.PutAsync("a", endless)).ShouldBeOfType<FileOutcome.TooLarge>();
        endless.Taken.ShouldBeLessThan(2 * Mebibyte);
        (await rig.KeysAsync()).ShouldBeEmpty();
        (await rig.PathsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sender_that_goes_away_leaves_nothing()
    {
        using var rig = new FileRig();

        await Should.ThrowAsync<IOException>(() => rig.PutAsync("a/b", new Broken()));

        (await rig.PathsAsync()).ShouldBeEmpty();
        (await rig.PutAsync("a/b", "now")).ShouldBeOfType<FileOutcome.Done>();
    }

    [Fact]
    public async Task Names_that_the_store_can_not_keep_apart_are_refused()
    {
        using var rig = new FileRig(wrap: blobs => Caseless.Of(blobs));
        await rig.PutAsync("Rivers/Danube.csv", "1");

        (await rig.PutAsync("Rivers/DANUBE.csv", "2")).ShouldBeOfType<FileOutcome.Conflict>().Message.ShouldContain("Rivers/Danube.csv");
        (await rig.PutAsync("rivers/Elbe.csv", "2")).ShouldBeOfType<FileOutcome.Conflict>();
        (await rig.PutAsync("Rivers/Elbe.csv", "2")).ShouldBeOfType<FileOutcome.Done>();
        (await rig.MoveAsync("Rivers/Elbe.csv", "Rivers/danube.csv")).ShouldBeOfType<FileOutcome.Conflict>();
    }

    private sealed class Endless : MemoryStream
    {
        public long Taken { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Taken += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }

    private sealed class Broken : MemoryStream
    {
        private bool _begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun)
            {
                throw new IOException("The caller went away.");
            }

            _begun = true;
            Encoding.UTF8.GetBytes("half", buffer.Span);
            return ValueTask.FromResult(4);
        }
    }
}
