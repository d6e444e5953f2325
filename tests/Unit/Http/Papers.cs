using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Application.Streams;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Sources of the kind <c>papers</c>, whose documents a test says; a text is what it says.</summary>
internal sealed class Papers : IHarvestReader, IDocumentReader, IDocumentText
{
    public Func<DocumentWish, DocumentOpening> Open { get; set; } = _ => new DocumentOpening.Gone();

    public string Kind => "papers";

    public IReadOnlyList<string> Settings => [];

    public void Check(JsonElement settings, List<Mistake> mistakes)
    {
    }

    public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken) => throw new NotSupportedException();

    public bool Has(JsonElement settings, CatalogueRecord record) => true;

    public Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken) => Task.FromResult(Open(wish));

    public bool CanRead(string mediaType) => true;

    public async Task<string?> ReadAsync(Stream document, string mediaType, int maxLength, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(document, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>A line on which nothing comes until a test says so.</summary>
    internal sealed class Held(byte[] bytes) : ReadOnlyStream
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Line _line = new(bytes);

        public Task Asked => _asked.Task;

        public void Go() => _go.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult();
            await _go.Task.WaitAsync(cancellationToken);
            return await _line.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>What comes over a line, which may break.</summary>
    internal sealed class Line(byte[] bytes, bool breaks = false) : ReadOnlyStream
    {
        private int _at;

        public bool IsClosed { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(buffer.Length, Math.Min(bytes.Length - _at, 5_000));
            bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return count == 0 && breaks ? throw new IOException("10.0.0.7 is gone") : ValueTask.FromResult(count);
        }

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}
