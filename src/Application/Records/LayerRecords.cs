using System.Runtime.CompilerServices;
using GeoWps.Application.Layers;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records;

/// <summary>
/// Records of layers. The values of fields that are searched are read where the record is to be stored, so of a cluster by one node; where nobody notices that they are others, by each at its start and once a day.
/// </summary>
/// <param name="values"><see langword="null"/> where no features are read.</param>
internal sealed class LayerRecords(LayerCatalogue layers, LayerValues? values, TimeProvider clock)
{
    private const int Page = 500;

    private static readonly TimeSpan BetweenReads = TimeSpan.FromDays(1);

    private readonly Dictionary<string, Layer> _unread = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Revision, DateTimeOffset At)> _read = new(StringComparer.Ordinal);
    private readonly List<Layer> _readNow = [];

    /// <summary>All; for <see cref="RecordKeeper.ReplaceAsync"/>, with <see cref="CompleteAsync"/>.</summary>
    public async IAsyncEnumerable<CatalogueRecord> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _unread.Clear();
        _readNow.Clear();
        for (string? after = null; ;)
        {
            var some = await layers.ListAsync(after, Page, cancellationToken);
            foreach (var layer in some)
            {
                var record = RecordOf.Layer(layer);
                yield return values?.Has(layer) == true ? await WithValuesAsync(layer, record, values, cancellationToken) : record;
            }

            if (some.Count < Page)
            {
                yield break;
            }

            after = some[^1].Id;
        }
    }

    /// <returns>The whole of a record that is to be stored; <see langword="null"/> where it can't be read now.</returns>
    public async Task<CatalogueRecord?> CompleteAsync(CatalogueRecord record, CancellationToken cancellationToken) =>
        !_unread.Remove(record.LocalId, out var layer) ? record
        : await values!.ReadAsync(layer, cancellationToken) is { } text ? With(record, text)
        : null;

    /// <summary>What was listed is stored.</summary>
    public void Stored()
    {
        foreach (var layer in _readNow)
        {
            _read[layer.Id] = (layer.Revision, clock.GetUtcNow());
        }
    }

    private async Task<CatalogueRecord> WithValuesAsync(Layer layer, CatalogueRecord record, LayerValues from, CancellationToken cancellationToken)
    {
        if (!from.IsHere(layer))
        {
            return record with { Version = null };
        }

        if (from.VersionOf(layer) is { } version)
        {
            _unread[layer.Id] = layer;
            return record with { Version = $"{record.Version}.{version}" };
        }

        var isKnown = _read.TryGetValue(layer.Id, out var last) && last.Revision == layer.Revision && clock.GetUtcNow() - last.At < BetweenReads;
        if (isKnown || await from.ReadAsync(layer, cancellationToken) is not { } text)
        {
            return record with { Version = null };
        }

        _readNow.Add(layer);
        return With(record, text) with { Version = $"{record.Version}.{RecordFields.Digest(text)}" };
    }

    private static CatalogueRecord With(CatalogueRecord record, string values) => record with { Text = $"{record.Text}\n{values}" };
}
