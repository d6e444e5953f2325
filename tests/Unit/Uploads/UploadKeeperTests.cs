using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Files;
using GeoWps.Domain.Uploads;

namespace GeoWps.Tests.Unit.Uploads;

/// <summary>What a killed node leaves, at each of the steps of an upload's end, and what nobody goes on with.</summary>
public sealed class UploadKeeperTests(UploadHost host) : IClassFixture<UploadHost>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    [Fact]
    public async Task An_upload_that_was_all_here_when_its_node_was_killed_becomes_a_file()
    {
        await LeaveAsync("left/received.txt");

        (await host.Get<UploadKeeper>().FinishDueAsync(None)).ShouldBe(1);

        Encoding.ASCII.GetString((await host.FileAsync("left/received.txt"))!).ShouldBe("one two");
        (await host.Get<UploadKeeper>().FinishDueAsync(None)).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_was_put_together_goes_on_from_there_also_when_its_file_is_there_already(bool wasFiled)
    {
        var path = $"left/joined-{wasFiled}.txt";
        var upload = await LeaveAsync(path);
        var whole = (await host.Blobs.JoinAsync([.. (await host.Get<IUploadStore>().PiecesAsync(upload.Id, None)).Select(piece => piece.Key)], UploadKeys.Whole(upload.Id), "x/y", None))!;
        await WriteAsync(upload.Joined(whole.ETag)!, []);
        if (wasFiled)
        {
            await host.Get<IFinishedUploads>().TakeAsync(
                new FinishedUpload(new(null, Application.Security.Rights.Files), null, upload.Target!.Path, whole.Key, whole.ETag, "x/y", whole.Length, MayReplace: false, null), None);
        }

        (await host.Get<UploadKeeper>().FinishDueAsync(None)).ShouldBe(1, "the file that is there is this upload's own");

        Encoding.ASCII.GetString((await host.FileAsync(path))!).ShouldBe("one two");
        (await host.Get<IUploadStore>().FindAsync(upload.Id, None))!.State.Status.ShouldBe(UploadStatus.Stored);
        (await host.KeysAsync($"uploads/{upload.Id}/")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("another content")]
    [InlineData(null)]
    public async Task One_whose_file_was_replaced_or_removed_before_its_row_said_so_is_stored_all_the_same(string? now)
    {
        var path = $"left/changed-{now is null}.txt";
        var upload = await LeaveAsync(path);
        var whole = (await host.Blobs.JoinAsync([.. (await host.Get<IUploadStore>().PiecesAsync(upload.Id, None)).Select(piece => piece.Key)], UploadKeys.Whole(upload.Id), "x/y", None))!;
        await WriteAsync(upload.Joined(whole.ETag)!, []);
        await host.Get<IFinishedUploads>().TakeAsync(
            new FinishedUpload(new(null, Application.Security.Rights.Files), null, upload.Target!.Path, whole.Key, whole.ETag, "x/y", whole.Length, MayReplace: false, null), None);
        var change = new FileChange(Guid.NewGuid(), FileChangeKind.Store, upload.Target.Path, null, null, 0, IsFolder: false);
        await host.Get<IFileIndex>().BeginAsync(change, None);
        await host.Blobs.DeleteAsync($"files/{path}", None);
        if (now is not null)
        {
            await host.Blobs.PutAsync($"files/{path}", "x/y", async (stream, token) => await stream.WriteAsync(Encoding.ASCII.GetBytes(now), token), None);
        }

        await host.Get<Application.Files.FileChanges>().SettleAsync(change, None);

        (await host.Get<UploadKeeper>().FinishDueAsync(None)).ShouldBe(1, "it was a file");

        (await host.Get<IUploadStore>().FindAsync(upload.Id, None))!.State.Status.ShouldBe(UploadStatus.Stored);
        (await host.KeysAsync($"files/{path}")).Count.ShouldBe(now is null ? 0 : 1);
        (await host.KeysAsync($"uploads/{upload.Id}/")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_has_expired_goes_with_its_bytes()
    {
        var upload = await LeaveAsync("left/expired.txt", TimeSpan.Zero);
        (await host.KeysAsync($"uploads/{upload.Id}/")).Count.ShouldBe(2);

        (await host.Get<UploadKeeper>().RemoveExpiredAsync(None)).ShouldBe(1);

        (await host.Get<IUploadStore>().FindAsync(upload.Id, None)).ShouldBeNull();
        (await host.KeysAsync($"uploads/{upload.Id}/")).ShouldBeEmpty();
    }

    /// <summary>All of it is here, in two pieces, and nobody holds it.</summary>
    private async Task<Upload> LeaveAsync(string text, TimeSpan? life = null)
    {
        FilePath.TryParse(text, out var path, out _).ShouldBeTrue();
        var now = DateTimeOffset.UtcNow;
        var upload = Upload.Begin(UploadId.New(), null, new UploadTarget(path!, null, false, null), 7, "", now, Life);
        await host.Get<IUploadStore>().TryAddAsync(upload, 100, None);
        var pieces = new List<UploadPiece>();
        foreach (var (offset, content) in new[] { (0, "one "), (4, "two") })
        {
            pieces.Add(new UploadPiece(offset, content.Length, UploadKeys.NewPiece(upload.Id, offset)));
            await host.Blobs.PutAsync(pieces[^1].Key, "x/y", async (stream, token) => await stream.WriteAsync(Encoding.ASCII.GetBytes(content), token), None);
        }

        var received = upload.Advance(7, now, life ?? Life);
        await WriteAsync(received, pieces);
        return received;
    }

    private async Task WriteAsync(Upload next, IReadOnlyList<UploadPiece> pieces)
    {
        var store = host.Get<IUploadStore>();
        await store.TryHoldAsync(next.Id, "killed", TimeSpan.FromSeconds(5), None);
        (await store.TryWriteAsync(next, "killed", pieces, None)).ShouldBeTrue();
        await store.ReleaseAsync(next.Id, "killed", None);
    }
}
