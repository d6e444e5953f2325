using System.Reflection;
using GeoWps.Application.Ports;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Files;
using GeoWps.Domain.Uploads;

namespace GeoWps.Tests.Unit.Uploads;

/// <summary>While a piece is flushed and noted the next one comes in.</summary>
public sealed class UploadIntakeTests(UploadHost host) : IClassFixture<UploadHost>
{
    private const int Piece = UploadIntake.LongestPiece;
    private const int Slack = 256 * 1024;
    private const int Length = 4 * Piece;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Body _body = new(Length);

    [Fact]
    public async Task One_piece_comes_in_while_another_is_flushed_and_no_third_one()
    {
        var (upload, flushed) = (await BeginAsync(), new TaskCompletionSource());
        await using var hold = (await host.Get<UploadHolds>().TakeAsync(upload.Id, None))!;
        var taking = TakeAsync(upload, hold, flushed.Task);

        await ReadAsync(2 * Piece);
        await Task.Delay(50);
        _body.Come.ShouldBeLessThanOrEqualTo((2 * Piece) + Slack);
        (await host.Get<IUploadStore>().FindAsync(upload.Id, None))!.Offset.ShouldBe(0, "nothing is told before it is flushed");

        flushed.SetResult();
        var outcome = await taking;
        (outcome.Problem, outcome.End, outcome.Upload.Offset).ShouldBe((null, BodyEnd.Whole, Length));
        (await host.Get<IUploadStore>().FindAsync(upload.Id, None))!.Offset.ShouldBe(Length);
        long offset = 0;
        foreach (var piece in await host.Get<IUploadStore>().PiecesAsync(upload.Id, None))
        {
            piece.Offset.ShouldBe(offset);
            await using var blob = (await host.Blobs.OpenAsync(piece.Key, 0, null, None)).ShouldNotBeNull();
            using var content = new MemoryStream();
            await blob.Content.CopyToAsync(content);
            content.ToArray().AsSpan().SequenceEqual(Body.At(offset, (int)piece.Length)).ShouldBeTrue();
            offset += piece.Length;
        }

        offset.ShouldBe(Length);
    }

    [Fact]
    public async Task A_piece_that_can_not_be_stored_ends_it_and_nothing_is_noted_or_left()
    {
        var (upload, flushed) = (await BeginAsync(), new TaskCompletionSource());
        await using var hold = (await host.Get<UploadHolds>().TakeAsync(upload.Id, None))!;
        var taking = TakeAsync(upload, hold, flushed.Task);

        await ReadAsync(2 * Piece);
        flushed.SetException(new IOException("The disk is full."));

        (await Should.ThrowAsync<IOException>(taking)).Message.ShouldBe("The disk is full.");
        await ShouldBeEmptyAsync(upload);
    }

    [Fact]
    public async Task Who_has_lost_the_upload_while_a_piece_was_flushed_notes_and_leaves_nothing()
    {
        var (upload, flushed, store) = (await BeginAsync(), new TaskCompletionSource(), host.Get<IUploadStore>());
        await using var hold = (await host.Get<UploadHolds>().TakeAsync(upload.Id, None))!;
        var taking = TakeAsync(upload, hold, flushed.Task);

        await ReadAsync(2 * Piece);
        await store.ReleaseAsync(upload.Id, hold.Holder, None);
        await store.TryHoldAsync(upload.Id, "another", TimeSpan.FromMinutes(1), None);
        flushed.SetResult();

        (await taking).Problem.ShouldBe(IntakeProblem.Lost);
        await ShouldBeEmptyAsync(upload);
    }

    private async Task ShouldBeEmptyAsync(Upload upload)
    {
        (await host.Get<IUploadStore>().FindAsync(upload.Id, None))!.Offset.ShouldBe(0);
        (await host.Get<IUploadStore>().PiecesAsync(upload.Id, None)).ShouldBeEmpty();
        (await host.KeysAsync($"uploads/{upload.Id}/")).ShouldBeEmpty();
    }

    private async Task<Upload> BeginAsync()
    {
        FilePath.TryParse($"intake/{Guid.NewGuid():N}", out var path, out _).ShouldBeTrue();
        var upload = Upload.Begin(UploadId.New(), null, new UploadTarget(path!, null, false, null), Length, "", DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        await host.Get<IUploadStore>().TryAddAsync(upload, 100, None);
        return upload;
    }

    private Task<IntakeOutcome> TakeAsync(Upload upload, UploadHold hold, Task flushed) =>
        new UploadIntake(host.Get<IUploadStore>(), SlowDisk.Of(host.Blobs, flushed), TimeProvider.System, TimeSpan.FromHours(1)).TakeAsync(
            upload, hold, new ReceivedBody(_body, TimeProvider.System, hold.Interrupted), new UploadBound(upload, host.Get<IFinishedUploads>(), host.Get<UploadLimit>()), checksum: null);

    private async Task ReadAsync(long bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_body.Come < bytes)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Its first content is stored when the test says so.</summary>
    public class SlowDisk : DispatchProxy
    {
        private IBlobStore _store = null!;
        private Task? _flushed;

        public static IBlobStore Of(IBlobStore store, Task flushed)
        {
            var proxy = Create<IBlobStore, SlowDisk>();
            ((SlowDisk)(object)proxy)._store = store;
            ((SlowDisk)(object)proxy)._flushed = flushed;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IBlobStore.PutAsync) && Interlocked.Exchange(ref _flushed, null) is { } flushed
                ? PutAsync((string)args![0]!, (string)args[1]!, (Func<Stream, CancellationToken, Task>)args[2]!, flushed)
                : targetMethod.Invoke(_store, args);

        private Task<BlobInfo> PutAsync(string key, string contentType, Func<Stream, CancellationToken, Task> write, Task flushed) => _store.PutAsync(
            key,
            contentType,
            async (stream, cancellationToken) =>
            {
                await write(stream, cancellationToken);
                await flushed;
            },
            None);
    }

    private sealed class Body(long length) : Stream
    {
        private long _come;

        public long Come => Interlocked.Read(ref _come);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public static byte[] At(long offset, int count)
        {
            var bytes = new byte[count];
            Fill(bytes, offset);
            return bytes;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, length - _come);
            Fill(buffer.Span[..count], _come);
            Interlocked.Add(ref _come, count);
            return ValueTask.FromResult(count);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private static void Fill(Span<byte> bytes, long offset)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(((offset + i) * 31) + ((offset + i) >> 16));
            }
        }
    }
}
