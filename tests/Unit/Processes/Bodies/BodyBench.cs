using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Inputs;
using GeoWps.Domain.Jobs;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Processes.Bodies;

/// <summary>Reads bodies into a store in memory, and puts them together again.</summary>
internal sealed class BodyBench(RequestLimits? limits = null)
{
    public static readonly JobId Id = JobId.New(DateTimeOffset.UnixEpoch);

    public MemoryBlobStore Blobs { get; } = new(64 * 1024 * 1024, TimeProvider.System);

    public Task<BodyOutcome> ReadAsync(string body) => ReadAsync([Encoding.UTF8.GetBytes(body)]);

    public Task<BodyOutcome> ReadAsync(params IEnumerable<byte[]> pieces) =>
        new RequestBodyReader(Blobs, Options.Create(limits ?? new RequestLimits())).ReadAsync(Id, new Pieces(pieces), CancellationToken.None);

    public async Task<RequestBody> GoodAsync(params IEnumerable<byte[]> pieces) => (await ReadAsync(pieces)).ShouldBeOfType<BodyOutcome.Read>().Body;

    public async Task<string> FaultAsync(string body) => (await ReadAsync(body)).ShouldBeOfType<BodyOutcome.Refused>().Mistake.ToString();

    public async Task<string> AttachmentAsync(int number)
    {
        await using var blob = (await Blobs.OpenAsync(JobKeys.Attachment(Id, number), 0, null, CancellationToken.None)).ShouldNotBeNull();
        using var reader = new StreamReader(blob.Content);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The document with its large parts back in their places.</summary>
    public async Task<JsonElement> WholeAsync(RequestBody body)
    {
        using var whole = new MemoryStream();
        await JsonSplicer.WriteAsync(
            body.Json,
            body.Attachments,
            async (number, token) => (await Blobs.OpenAsync(JobKeys.Attachment(Id, number), 0, null, token))!.Content,
            whole,
            CancellationToken.None);
        return JsonElement.Parse(whole.ToArray());
    }

    public async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var blob in Blobs.ListAsync("", CancellationToken.None))
        {
            keys.Add(blob.Key);
        }

        return keys;
    }

    /// <summary>Gives one piece at each read.</summary>
    private sealed class Pieces(IEnumerable<byte[]> pieces) : MemoryStream
    {
        private readonly Queue<byte[]> _pieces = new(pieces.Where(piece => piece.Length > 0));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_pieces.TryPeek(out var piece))
            {
                return new(0);
            }

            var length = Math.Min(buffer.Length, piece.Length);
            piece.AsSpan(0, length).CopyTo(buffer.Span);
            _pieces.Dequeue();
            if (length < piece.Length)
            {
                var rest = _pieces.ToArray();
                _pieces.Clear();
                _pieces.Enqueue(piece[length..]);
                Array.ForEach(rest, _pieces.Enqueue);
            }

            return new(length);
        }
    }
}
