using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Ports;

/// <summary>Reads what other tile servers say of themselves, to publish what they have.</summary>
public interface IUpstreamServices
{
    /// <summary>Judges a template by its form and host alone: for an early refusal of what is published without a document.</summary>
    /// <returns>Why it is refused, or <see langword="null"/>.</returns>
    string? Refuse(LayerSource.Upstream source);

    /// <summary>Reads a WMTS 1.0.0 capabilities document, a TileJSON document, or the document of a TMS 1.0.0 tile map; which one, its content says.</summary>
    /// <param name="sets">This server's sets. Which one the other server means is told by its matrices, by origin, scale and size and not by name; only a document that says nothing of them is taken by its word.</param>
    Task<UpstreamReading> ReadAsync(UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets, CancellationToken cancellationToken);
}

/// <summary>What is wanted of what another server offers; what is not given is as its document has it first.</summary>
/// <param name="Address">Of its document, or of its service.</param>
public sealed record UpstreamOffer(string Address)
{
    /// <summary>By its identifier; may be left out where there is only one.</summary>
    public string? Layer { get; init; }

    /// <summary>By its identifier there or here.</summary>
    public string? TileMatrixSet { get; init; }

    public string? Style { get; init; }

    public TileFormat? Format { get; init; }
}

public abstract record UpstreamReading
{
    private UpstreamReading()
    {
    }

    public sealed record Found(UpstreamLayer Layer) : UpstreamReading;

    /// <summary>It is no such document, may not be asked for, or has not what is wanted.</summary>
    /// <param name="Place">Which wish: <c>layer</c>, <c>tileMatrixSet</c>, <c>style</c>, <c>format</c>, or the document itself, <c>capabilities</c>.</param>
    /// <param name="Message">Safe to show.</param>
    public sealed record Refused(string Place, string Message) : UpstreamReading;

    /// <summary>It does not answer: the reason, safe to show.</summary>
    public sealed record Unavailable(string Message) : UpstreamReading;
}

/// <summary>What could be published of another server.</summary>
/// <param name="Name">The other server's own for it.</param>
/// <param name="Source">Ready to be published.</param>
/// <param name="MinLevel">Position in the set of the first matrix that the other server has.</param>
/// <param name="MaxLevel">Position of the last one.</param>
public sealed record UpstreamLayer(string Name, string Title, LayerSource.Upstream Source, LayerContents Contents, TileFormat Format, int MinLevel, int MaxLevel)
{
    public string? Description { get; init; }

    public string? Attribution { get; init; }

    /// <summary>The set, where it is none of this server's; under the other server's id for it.</summary>
    public TileMatrixSet? NewSet { get; init; }
}
