using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;

namespace GeoWps.Application.Layers;

/// <summary>What somebody wants published, and how.</summary>
/// <param name="Source"><see langword="null"/>: the data come with the request, or stay what they are.</param>
public sealed record LayerWish(LayerSettings Settings, SourceWish? Source);

/// <summary>What of a layer can be set; what is not given is as a new layer has it.</summary>
public sealed record LayerSettings
{
    public string? Id { get; init; }

    /// <summary>When not given, what the data are called.</summary>
    public string? Title { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    public string? Attribution { get; init; }

    /// <summary>When not given, a field of dates that is called as such fields are.</summary>
    public string? TimeField { get; init; }

    /// <summary>Names of the fields whose values the layer is found by.</summary>
    public IReadOnlyList<string> SearchFields { get; init; } = [];

    public LayerTiles Tiles { get; init; } = new();

    public LayerCaching Caching { get; init; } = new();

    public LayerStyle? Style { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public static LayerSettings Of(Layer layer) => new()
    {
        Id = layer.Id,
        Title = layer.Title,
        Description = layer.Description,
        Keywords = layer.Keywords,
        Attribution = layer.Attribution,
        TimeField = layer.Contents.TimeField,
        SearchFields = layer.SearchFields,
        Tiles = layer.Tiles,
        Caching = layer.Caching,
        Style = layer.Style,
        Expires = layer.Expires,
    };

    /// <summary>The layer with these; its id stays.</summary>
    public Layer ApplyTo(Layer layer) => layer with
    {
        Title = Title ?? layer.Title,
        Description = Description,
        Keywords = Keywords,
        Attribution = Attribution,
        Contents = layer.Contents with { TimeField = TimeField ?? layer.Contents.TimeField },
        SearchFields = SearchFields,
        Tiles = Tiles,
        Caching = Caching,
        Style = Style,
        Expires = Expires,
    };
}

/// <summary>Where the data are to come from.</summary>
public abstract record SourceWish
{
    private SourceWish()
    {
    }

    /// <summary>Of a file that holds several: the one. When not given, the first.</summary>
    public string? Table { get; init; }

    /// <param name="Href">An address that the server may fetch, or one of its own results.</param>
    public sealed record Address(string Href) : SourceWish;

    /// <param name="Path">Below a folder of the setting <c>Layers:Folders</c>.</param>
    public sealed record OperatorFile(string Path) : SourceWish;

    public sealed record JobResult(string Job, string Output) : SourceWish;

    public sealed record PostGis(string Connection, string From, string? GeometryColumn, string? IdColumn) : SourceWish;

    /// <summary>Of another server what its document says of it.</summary>
    public sealed record Offer(UpstreamOffer Wanted) : SourceWish;

    /// <param name="Format">Of its tiles, by name.</param>
    public sealed record Upstream(LayerSource.Upstream Source, Domain.Tiles.TileFormat Format, Domain.Spatial.Extent Extent) : SourceWish;
}
