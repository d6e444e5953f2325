using System.Globalization;
using System.Text.Json;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Time;

namespace GeoWps.Application.Ports;

/// <summary>Reads features of the layers of one kind of source. Every implementation passes <c>FeatureStoreContract</c>.</summary>
public interface IFeatureStore
{
    /// <summary>Whether it reads this layer's features. A layer without a column that tells its features apart has none to read.</summary>
    bool Reads(Layer layer);

    /// <summary>Whether a text may be the id of a feature of this layer.</summary>
    bool IsId(Layer layer, string text);

    /// <summary>
    /// Features in the order of their ids, as they are read: at no time are more than a few of them in memory. What <see cref="FeatureQuery.After"/> skips is
    /// found in an index, not read.
    /// </summary>
    /// <exception cref="FeatureStoreException">The data can't be read now; also while reading.</exception>
    ValueTask<FeatureCursor> OpenAsync(Layer layer, FeatureQuery query, CancellationToken cancellationToken);

    /// <summary>How many features a query matches, whatever its <see cref="FeatureQuery.After"/> and <see cref="FeatureQuery.Limit"/>.</summary>
    /// <param name="most">How many may be counted one by one.</param>
    /// <returns>Exact; <see langword="null"/> where that would take looking at more.</returns>
    /// <exception cref="FeatureStoreException"/>
    ValueTask<long?> CountAsync(Layer layer, FeatureQuery query, long most, CancellationToken cancellationToken);

    /// <summary>A text that is another one when the layer's features are others; <see langword="null"/> where nobody would notice.</summary>
    string? VersionOf(Layer layer);
}

/// <summary>Which features. All of what is given must hold.</summary>
public sealed record FeatureQuery
{
    /// <summary>In the layer's own CRS, x before y: a feature's geometry meets one of them. <see langword="null"/>: it may be anywhere, and nowhere.</summary>
    public IReadOnlyList<Extent>? Areas { get; init; }

    /// <summary>The field that tells the time, and the time that it must meet. A date is its whole day (UTC).</summary>
    public (LayerField Field, TimeInterval Interval)? Time { get; init; }

    public IReadOnlyList<FieldMatch> Matches { get; init; } = [];

    /// <summary>Only these; at most a few hundred.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Only features whose ids come after this one; there need not be such a feature (any more).</summary>
    public string? After { get; init; }

    public long Limit { get; init; } = long.MaxValue;

    /// <summary>The fields that come with a feature, in their order; <see langword="null"/>: all of the layer's.</summary>
    public IReadOnlyList<LayerField>? Fields { get; init; }
}

/// <param name="Value">By the field's type: <see langword="long"/>, <see langword="double"/>, <see langword="bool"/>, <see langword="string"/>, <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>.</param>
public sealed record FieldMatch(LayerField Field, object Value);

/// <summary>What tells a feature from the others of its layer: a whole number, or a text.</summary>
public readonly record struct FeatureId(long Number, string? Text = null)
{
    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Features one after the other. What it gives holds until the next one is read. One reader at a time.</summary>
public abstract class FeatureCursor : IAsyncDisposable
{
    public abstract FeatureId Id { get; }

    /// <summary>Well-known binary, of ISO or PostGIS, in the layer's own CRS, x before y; nothing when there is none. It may be damaged.</summary>
    public abstract ReadOnlySpan<byte> Geometry { get; }

    /// <returns>Whether there was one more.</returns>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes the fields as one JSON object.</summary>
    public abstract void WriteProperties(Utf8JsonWriter json);

    public abstract ValueTask DisposeAsync();
}

/// <summary>Features can't be read.</summary>
/// <param name="message">Safe to show: no path, no connection.</param>
/// <param name="retryAfter">Whether asking again later may help, and when.</param>
public sealed class FeatureStoreException(string message, Exception? cause = null, TimeSpan? retryAfter = null) : Exception(message, cause)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
