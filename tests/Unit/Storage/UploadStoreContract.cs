using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using GeoWps.Domain.Uploads;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="IUploadStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class UploadStoreContract : IDisposable
{
    private const int Many = 1_000;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private IUploadStore? _store;

    protected TestClock Clock { get; } = new();

    private IUploadStore Store => _store ??= Open(Clock);

    // What is stored has milliseconds.
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Clock.GetUtcNow().ToUnixTimeMilliseconds());

    protected abstract IUploadStore Open(TimeProvider clock);

    protected abstract void Close();

    /// <summary>That of the same database, once the store is open.</summary>
    protected abstract IFileIndex OpenIndex();

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Uploads_of_every_kind_and_state_come_back_as_they_were_after_a_restart()
    {
        var part = Upload.Begin(UploadId.New(), "anna", target: null, 5, "", Now, Life).Advance(5, Now, Life);
        Upload[] uploads =
        [
            Begin("anna") with { IsAdministered = true },
            Upload.Begin(UploadId.New(), null, new UploadTarget(PathOf("地图/a b.gpkg"), "x/y", true, new string('a', 64)), null, "filename YQ==", Now, Life),
            part,
            part.Declare(5)! with { Id = UploadId.New() },
            Begin("anna").Advance(10, Now, Life).Joined("tag")!,
            Begin("anna").Advance(10, Now, Life).Store(Now.AddSeconds(1))!,
            Upload.Join(UploadId.New(), "anna", new UploadTarget(PathOf("b"), null, false, null), [part, part], "", Now, Life)!,
        ];
        foreach (var upload in uploads)
        {
            (await Store.TryAddAsync(upload, Many, None)).ShouldBeTrue();
        }

        Close();
        _store = null;

        foreach (var upload in uploads)
        {
            var found = (await Store.FindAsync(upload.Id, None)).ShouldNotBeNull();
            found.Parts.ShouldBe(upload.Parts);
            (found with { Parts = [] }).ShouldBeEquivalentTo(upload with { Parts = [] });
        }

        (await Store.FindAsync(UploadId.New(), None)).ShouldBeNull();
    }

    [Fact]
    public async Task What_becomes_a_file_counts_once_at_every_moment()
    {
        var upload = Begin("anna").Advance(10, Now, Life).Joined("tag")!;
        await Store.TryAddAsync(upload, Many, None);
        await Store.TryHoldAsync(upload.Id, "h", Lease, None);
        var index = OpenIndex();
        (await index.UseAsync("anna", None)).ShouldBe(new FileUse(10, 10));

        await FileAsync(index, upload, "another", 3);
        (await index.UseAsync("anna", None)).ShouldBe(new FileUse(13, 13), "what is at its place is something else");
        await FileAsync(index, upload, "tag", 10);
        (await index.UseAsync("anna", None)).ShouldBe(new FileUse(10, 10));
        (await index.UseAsync("bob", None)).ShouldBe(new FileUse(10, 0));
        (await Store.TryWriteAsync(upload.Store(Now)!, "h", [], None)).ShouldBeTrue();
        (await index.UseAsync("anna", None)).ShouldBe(new FileUse(10, 10));
    }

    [Fact]
    public async Task Parts_count_until_what_is_made_of_them_is_a_file_and_are_gone_when_it_is_stored()
    {
        var parts = new[] { 4, 6 }.Select(length => Upload.Begin(UploadId.New(), "anna", target: null, length, "", Now, Life).Advance(length, Now, Life)).ToList();
        var whole = Upload.Join(UploadId.New(), "anna", new UploadTarget(PathOf("whole"), null, false, null), parts, "", Now, Life)!.Joined("tag")!;
        foreach (var one in parts.Append(whole))
        {
            (await Store.TryAddAsync(one, Many, None)).ShouldBeTrue();
        }

        await Store.TryHoldAsync(whole.Id, "h", Lease, None);
        var index = OpenIndex();
        (await index.UseAsync("anna", None)).ShouldBe(new FileUse(10, 10));
        await FileAsync(index, whole, "tag", 10);
        (await index.UseAsync("anna", None)).ShouldBe(new FileUse(10, 10));
        (await Store.TryWriteAsync(whole.Store(Now)!, "h", [], None)).ShouldBeTrue();
        (await index.UseAsync("anna", None)).ShouldBe(new FileUse(10, 10));
        (await Store.FindAsync(parts[0].Id, None)).ShouldBeNull();
        (await Store.FindAsync(whole.Id, None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_owner_has_so_many_unfinished_ones_and_no_more()
    {
        var (first, second) = (Begin("anna"), Begin("anna"));
        (await Store.TryAddAsync(first, 2, None)).ShouldBeTrue();
        (await Store.TryAddAsync(second.Advance(10, Now, Life).Store(Now)!, 2, None)).ShouldBeTrue("a finished one does not count");
        (await Store.TryAddAsync(Begin("anna"), 2, None)).ShouldBeTrue();
        (await Store.TryAddAsync(Begin("anna"), 2, None)).ShouldBeFalse();
        (await Store.TryAddAsync(Begin("bob"), 2, None)).ShouldBeTrue();
        (await Store.TryAddAsync(Begin(null), 1, None)).ShouldBeTrue();
        (await Store.TryAddAsync(Begin(null), 1, None)).ShouldBeFalse("nobody in particular is an owner like others");

        (await Store.RemoveAsync(first.Id, None)).ShouldBeTrue();
        (await Store.TryAddAsync(Begin("anna"), 2, None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Callers_see_their_own_and_nobodys_and_the_administrator_all()
    {
        var uploads = new List<Upload>();
        foreach (var owner in new[] { "anna", "bob", null })
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            uploads.Add(Begin(owner));
            await Store.TryAddAsync(uploads[^1], Many, None);
        }

        (await OwnersAsync(new Caller("anna", Rights.Files), 9)).ShouldBe([null, "anna"]);
        (await OwnersAsync(new Caller(null, Rights.Files), 9)).ShouldBe([null]);
        (await OwnersAsync(Caller.Administrator, 9)).ShouldBe([null, "bob", "anna"]);
        (await OwnersAsync(Caller.Administrator, 2)).ShouldBe([null, "bob"]);
    }

    [Fact]
    public async Task One_of_many_holds_an_upload_and_learns_that_others_wait()
    {
        var id = await AddAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.TryHoldAsync(id, $"h{i}", Lease, None))));
        outcomes.Count(outcome => outcome == HoldOutcome.Held).ShouldBe(1);
        outcomes.Count(outcome => outcome == HoldOutcome.Taken).ShouldBe(7);
        var holder = $"h{Array.IndexOf(outcomes, HoldOutcome.Held)}";

        (await Store.RenewAsync(id, "another", Lease, None)).ShouldBe(RenewOutcome.Lost);
        await Store.ReleaseAsync(id, "another", None);
        await Store.TryHoldAsync(id, "another", Lease, None);
        (await Store.RenewAsync(id, holder, Lease, None)).ShouldBe(RenewOutcome.Wanted);
        await Store.ReleaseAsync(id, holder, None);
        (await Store.TryHoldAsync(id, "another", Lease, None)).ShouldBe(HoldOutcome.Held);
        (await Store.RenewAsync(id, "another", Lease, None)).ShouldBe(RenewOutcome.Held, "who waited has it");
        (await Store.TryHoldAsync(UploadId.New(), "a", Lease, None)).ShouldBe(HoldOutcome.Unknown);
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_ends_and_its_holder_writes_no_more()
    {
        var id = await AddAsync();
        await Store.TryHoldAsync(id, "old", Lease, None);
        Clock.Advance(Lease - TimeSpan.FromMilliseconds(2));
        (await Store.TryHoldAsync(id, "new", Lease, None)).ShouldBe(HoldOutcome.Taken);
        await Store.RenewAsync(id, "old", Lease, None);
        Clock.Advance(Lease - TimeSpan.FromMilliseconds(2));
        (await Store.TryHoldAsync(id, "new", Lease, None)).ShouldBe(HoldOutcome.Taken, "it was renewed");
        Clock.Advance(TimeSpan.FromMilliseconds(4));

        (await Store.TryHoldAsync(id, "new", Lease, None)).ShouldBe(HoldOutcome.Held);

        var next = (await Store.FindAsync(id, None))!.Advance(3, Now, Life);
        (await Store.TryWriteAsync(next, "old", [new UploadPiece(0, 3, "late")], None)).ShouldBeFalse();
        (await Store.PiecesAsync(id, None)).ShouldBeEmpty();
        (await Store.TryWriteAsync(next, "new", [new UploadPiece(0, 3, "good")], None)).ShouldBeTrue();
        (await Store.FindAsync(id, None))!.Offset.ShouldBe(3);
    }

    [Fact]
    public async Task Pieces_take_the_place_of_those_from_their_offset_on()
    {
        var id = await AddAsync();
        await Store.TryHoldAsync(id, "h", Lease, None);
        var upload = (await Store.FindAsync(id, None))!;
        upload = await WriteAsync(upload, 4, new UploadPiece(0, 2, "a"), new UploadPiece(2, 2, "b"));
        upload = await WriteAsync(upload, 2, new UploadPiece(2, 4, "c"));
        upload = await WriteAsync(upload, 1, new UploadPiece(6, 1, "d"));
        await Store.TryWriteAsync(upload, "h", [], None);

        (await Store.PiecesAsync(id, None)).ShouldBe([new UploadPiece(0, 2, "a"), new UploadPiece(2, 4, "c"), new UploadPiece(6, 1, "d")]);
        (await Store.RemoveAsync(id, None)).ShouldBeTrue();
        (await Store.RemoveAsync(id, None)).ShouldBeFalse();
        (await Store.PiecesAsync(id, None)).ShouldBeEmpty();
        (await Store.TryWriteAsync(upload, "h", [new UploadPiece(7, 1, "e")], None)).ShouldBeFalse();

        async Task<Upload> WriteAsync(Upload from, long bytes, params UploadPiece[] pieces)
        {
            var next = from.Advance(bytes, Now, Life);
            (await Store.TryWriteAsync(next, "h", pieces, None)).ShouldBeTrue();
            return next;
        }
    }

    [Fact]
    public async Task What_has_expired_goes_unless_it_is_held_and_what_is_due_is_listed()
    {
        var (kept, held, due) = (await AddAsync(), await AddAsync(), await AddAsync());
        var gone = Begin("anna");
        await Store.TryAddAsync(gone with { Expires = Now }, Many, None);
        await Store.TryHoldAsync(held, "h", Life, None);
        await Store.TryHoldAsync(due, "h", Lease, None);
        await Store.TryWriteAsync((await Store.FindAsync(due, None))!.Advance(10, Now, Life), "h", [new UploadPiece(0, 10, "a")], None);
        await Store.TryAddAsync(Upload.Begin(UploadId.New(), null, target: null, 0, "", Now, Life), Many, None);

        (await Store.ListDueAsync(9, None)).ShouldBeEmpty("it is held, and a part stays what it is");
        await Store.ReleaseAsync(due, "h", None);
        (await Store.ListDueAsync(9, None)).ShouldBe([due]);

        (await Store.RemoveExpiredAsync(Now, 9, None)).ShouldBe([gone.Id]);
        (await Store.RemoveExpiredAsync(Now + Life, 1, None)).Count.ShouldBe(1);
        (await Store.RemoveExpiredAsync(Now + Life, 9, None)).Count.ShouldBe(2);
        (await Store.FindAsync(kept, None)).ShouldBeNull();
        (await Store.FindAsync(held, None)).ShouldNotBeNull();
        (await Store.PiecesAsync(due, None)).ShouldBeEmpty();
    }

    private static async Task FileAsync(IFileIndex index, Upload upload, string eTag, long length)
    {
        var change = new FileChange(Guid.NewGuid(), FileChangeKind.Store, upload.Target!.Path, null, upload.Owner, 0, IsFolder: false);
        (await index.BeginAsync(change, None)).ShouldBeNull();
        (await index.EndAsync(change, [new FileEffect.Stored(new FileEntry(upload.Target.Path, false, upload.Owner) { Length = length, ETag = eTag, ContentType = "x/y" })], None)).ShouldBeTrue();
    }

    private Upload Begin(string? owner) => Upload.Begin(UploadId.New(), owner, new UploadTarget(PathOf("a"), null, false, null), 10, "", Now, Life);

    private async Task<UploadId> AddAsync()
    {
        var upload = Begin("anna");
        await Store.TryAddAsync(upload, Many, None);
        return upload.Id;
    }

    private async Task<IEnumerable<string?>> OwnersAsync(Caller caller, int most) => (await Store.ListAsync(caller, most, None)).Select(upload => upload.Owner);

    private static FilePath PathOf(string text) => FilePath.TryParse(text, out var path, out var mistake) ? path : throw new ArgumentException(mistake);
}
