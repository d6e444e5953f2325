using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Xml;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Layers;
using GeoWps.Domain.Layers;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>
/// XML documents that name every layer: made once for each address under which callers reach the server, and anew when a layer has changed. Layers are read
/// page by page and written as they come, straight into the packer: 20,000 of them are never in memory together, nor is the document as text.
/// </summary>
internal sealed class LayerDocuments(LayerCatalogue layers, TimeProvider clock)
{
    /// <summary>Layers that are asked of the store at once.</summary>
    private const int PageSize = 500;

    // Callers choose the address, so their number is bounded: one more starts over.
    private const int MaxDocuments = 16;

    private readonly Dictionary<string, (long Changes, Task<PackedAnswer> Made)> _made = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>All layers by their ids, without those whose time is over.</summary>
    public async IAsyncEnumerable<Layer> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var after = (string?)null;
        while (await layers.ListAsync(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var layer in page.Where(layer => !(layer.Expires <= clock.GetUtcNow())))
            {
                yield return layer;
            }

            after = page[^1].Id;
        }
    }

    /// <param name="name">The document with the address that is in it.</param>
    /// <param name="write">Writes its root element, told how many changes it is of; many callers may wait for one that is being made.</param>
    public async Task<PackedAnswer> GetAsync(string name, Func<XmlWriter, long, Task> write, CancellationToken cancellationToken)
    {
        Task<PackedAnswer> making;
        lock (_lock)
        {
            // Taken before the layers are read: what changes meanwhile makes it old at once.
            var changes = layers.Changes;
            if (_made.TryGetValue(name, out var known) && known.Changes == changes && !known.Made.IsFaulted)
            {
                making = known.Made;
            }
            else
            {
                if (_made.Count >= MaxDocuments)
                {
                    _made.Clear();
                }

                making = Task.Run(() => MakeAsync(xml => write(xml, changes)), CancellationToken.None);
                _made[name] = (changes, making);
            }
        }

        return await making.WaitAsync(cancellationToken);
    }

    private static async Task<PackedAnswer> MakeAsync(Func<XmlWriter, Task> write)
    {
        using var packed = new MemoryStream();
        var counted = new CountingStream(new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true));
        await using (counted)
        {
            await using var xml = XmlWriter.Create(counted, XmlAnswer.Form);
            await xml.WriteStartDocumentAsync();
            await write(xml);
            await xml.WriteEndDocumentAsync();
        }

        return new PackedAnswer(packed.ToArray(), counted.Written, OwsNames.TextXml);
    }

    /// <summary>How long the document is unpacked.</summary>
    private sealed class CountingStream(Stream inner) : Application.Streams.WriteOnlyStream
    {
        public long Written { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Written += buffer.Length;
            inner.Write(buffer);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
