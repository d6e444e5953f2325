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
    /// <param name="sets">This server's sets: a layer is offered in those whose matrices are the other server's, by origin, scale and size and not by name.</param>
    Task<UpstreamReading> ReadAsync(string address, IReadOnlyList<TileMatrixSet> sets, CancellationToken cancellationToken);
}

public abstract record UpstreamReading
{
    private UpstreamReading()
    {
    }

    /// <param name="Layers">At least one; a layer that has several fitting sets or formats is there once for each.</param>
    /// <param name="Skipped">What can't be offered, and why; safe to show.</param>
    public sealed record Found(IReadOnlyList<UpstreamLayer> Layers, IReadOnlyList<string> Skipped) : UpstreamReading;

    /// <summary>It can't be reached, is no such document, or has nothing that can be offered: the reason, safe to show.</summary>
    public sealed record Refused(string Message) : UpstreamReading;
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
}
