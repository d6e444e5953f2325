using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Domain.Time;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>A layer as it is stored. Types and names of its own, so that a renamed member of the domain does not make old rows unreadable.</summary>
internal sealed record StoredLayer
{
    private const string Qml = "qml";

    private static StoredLayerContext Context { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    });

    public required string Id { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }

    public string[]? Keywords { get; init; }

    public string? Attribution { get; init; }

    public string[]? SearchFields { get; init; }

    public required StoredSource Source { get; init; }

    public string? Home { get; init; }

    public required StoredContents Contents { get; init; }

    public required StoredTiles Tiles { get; init; }

    public required StoredCaching Caching { get; init; }

    public string? StyleKind { get; init; }

    public string? Style { get; init; }

    public string? Job { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public long Bytes { get; init; }

    public required long Revision { get; init; }

    public static string Write(Layer layer) => JsonSerializer.Serialize(Of(layer), Context.StoredLayer);

    public static Layer Read(string json) => JsonSerializer.Deserialize(json, Context.StoredLayer)!.ToDomain();

    public static StoredLayer Of(Layer layer) => new()
    {
        Id = layer.Id,
        Title = layer.Title,
        Description = layer.Description,
        Keywords = layer.Keywords.Count > 0 ? [.. layer.Keywords] : null,
        Attribution = layer.Attribution,
        SearchFields = layer.SearchFields.Count > 0 ? [.. layer.SearchFields] : null,
        Source = StoredSource.Of(layer.Source),
        Home = layer.Home,
        Contents = StoredContents.Of(layer.Contents),
        Tiles = StoredTiles.Of(layer.Tiles),
        Caching = StoredCaching.Of(layer.Caching),
        StyleKind = layer.Style is { Kind: var kind } ? NameOf(kind) : null,
        Style = layer.Style?.Text,
        Job = layer.Job,
        Created = layer.Created,
        Updated = layer.Updated,
        Expires = layer.Expires?.ToUniversalTime(),
        Bytes = layer.Bytes,
        Revision = layer.Revision,
    };

    private static string NameOf(Domain.Layers.StyleKind kind) => kind switch { Domain.Layers.StyleKind.MapLibre => "mapLibre", Domain.Layers.StyleKind.Qml => Qml };

    public Layer ToDomain() => new()
    {
        Id = Id,
        Title = Title,
        Description = Description,
        Keywords = Keywords ?? [],
        Attribution = Attribution,
        SearchFields = SearchFields ?? [],
        Source = Source.ToDomain(),
        Home = Home,
        Contents = Contents.ToDomain(),
        Tiles = Tiles.ToDomain(),
        Caching = Caching.ToDomain(),
        Style = Style is null ? null : new LayerStyle(StyleKind == Qml ? Domain.Layers.StyleKind.Qml : Domain.Layers.StyleKind.MapLibre, Style),
        Job = Job,
        Created = Created,
        Updated = Updated,
        Expires = Expires,
        Bytes = Bytes,
        Revision = Revision,
    };
}

/// <summary>Where the data are: which kind tells which members it has.</summary>
internal sealed record StoredSource(string Kind)
{
    private const string GeoPackage = "geopackage";
    private const string PostGis = "postgis";
    private const string Raster = "raster";
    private const string Project = "project";
    private const string Xyz = "xyz";
    private const string Tms = "tms";
    private const string Wmts = "wmts";
    private const string Tiles = "tiles";

    public string? Path { get; init; }

    public string? Table { get; init; }

    public string? Connection { get; init; }

    public string? GeometryColumn { get; init; }

    public string? IdColumn { get; init; }

    public int? Srid { get; init; }

    public string? TileMatrixSet { get; init; }

    public string[]? Matrices { get; init; }

    public static StoredSource Of(LayerSource source) => source switch
    {
        LayerSource.GeoPackage(var path, var table) => new(GeoPackage) { Path = path, Table = table },
        LayerSource.PostGis postGis => new(PostGis)
        {
            Connection = postGis.Connection,
            Table = postGis.From,
            GeometryColumn = postGis.GeometryColumn,
            IdColumn = postGis.IdColumn,
            Srid = postGis.Srid,
        },
        LayerSource.Drawn(var path, var what) => new(what switch { DrawnKind.Raster => Raster, DrawnKind.Project => Project }) { Path = path },
        LayerSource.Upstream upstream => new(upstream.Protocol switch { UpstreamKind.Xyz => Xyz, UpstreamKind.Tms => Tms, UpstreamKind.Wmts => Wmts })
        {
            Path = upstream.Template,
            TileMatrixSet = upstream.TileMatrixSet,
            Matrices = upstream.Matrices is { } matrices ? [.. matrices] : null,
        },
        LayerSource.Tiles(var path) => new(Tiles) { Path = path },
        _ => throw new ArgumentException($"{source.GetType()} is a source that can not be stored.", nameof(source)),
    };

    public LayerSource ToDomain() => Kind switch
    {
        GeoPackage => new LayerSource.GeoPackage(Path!, Table!),
        PostGis => new LayerSource.PostGis(Connection!, Table!, GeometryColumn!, IdColumn, Srid!.Value),
        Raster => new LayerSource.Drawn(Path!, DrawnKind.Raster),
        Project => new LayerSource.Drawn(Path!, DrawnKind.Project),
        Xyz => new LayerSource.Upstream(UpstreamKind.Xyz, Path!, TileMatrixSet!, Matrices),
        Tms => new LayerSource.Upstream(UpstreamKind.Tms, Path!, TileMatrixSet!, Matrices),
        Wmts => new LayerSource.Upstream(UpstreamKind.Wmts, Path!, TileMatrixSet!, Matrices),
        Tiles => new LayerSource.Tiles(Path!),
        _ => throw new InvalidDataException($"The stored source '{Kind}' is of no known kind."),
    };
}

internal sealed record StoredContents(bool IsVector, string Crs, double[]? Extent, string? GeometryType, long? FeatureCount, StoredField[]? Fields, string? TimeField)
{
    public static StoredContents Of(LayerContents contents) => new(
        contents.Kind == LayerKind.Vector,
        contents.Crs.ToString(),
        contents.Extent is { IsEmpty: false } extent ? [extent.MinX, extent.MinY, extent.MaxX, extent.MaxY] : null,
        contents.GeometryType,
        contents.FeatureCount,
        contents.Fields.Count > 0 ? [.. contents.Fields.Select(field => new StoredField(field.Name, field.Type, field.Format) { From = field.Range?.From, To = field.Range?.To })] : null,
        contents.TimeField);

    public LayerContents ToDomain() => new()
    {
        Kind = IsVector ? LayerKind.Vector : LayerKind.Map,
        Crs = Domain.Spatial.Crs.TryParse(Crs, out var crs) ? crs.Value : throw new InvalidDataException($"The stored CRS '{Crs}' is none."),
        Extent = Extent is [var minX, var minY, var maxX, var maxY] ? new Extent(minX, minY, maxX, maxY) : Domain.Spatial.Extent.Empty,
        GeometryType = GeometryType,
        FeatureCount = FeatureCount,
        Fields = [.. (Fields ?? []).Select(field => field.ToDomain())],
        TimeField = TimeField,
    };
}

internal sealed record StoredField(string Name, string Type, string? Format)
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public LayerField ToDomain() => new(Name, Type, Format) { Range = From is null && To is null ? null : new TimeInterval(From, To) };
}

internal sealed record StoredTiles(
    string[] TileMatrixSets,
    string[] Formats,
    int MinLevel,
    int MaxLevel,
    string[]? Attributes,
    string? Name,
    int TileExtent,
    int Buffer,
    double Simplification,
    double MinSize,
    int MaxFeatures,
    int MaxBytes,
    int MetaTile,
    int Gutter)
{
    public static StoredTiles Of(LayerTiles tiles) => new(
        [.. tiles.TileMatrixSets],
        [.. tiles.Formats.Select(format => format.Name)],
        tiles.MinLevel,
        tiles.MaxLevel,
        tiles.Attributes is { } attributes ? [.. attributes] : null,
        tiles.Name,
        tiles.TileExtent,
        tiles.Buffer,
        tiles.Simplification,
        tiles.MinSize,
        tiles.MaxFeatures,
        tiles.MaxBytes,
        tiles.MetaTile,
        tiles.Gutter);

    public LayerTiles ToDomain() => new()
    {
        TileMatrixSets = TileMatrixSets,
        Formats = [.. Formats.Select(TileFormat.Find).OfType<TileFormat>()],
        MinLevel = MinLevel,
        MaxLevel = MaxLevel,
        Attributes = Attributes,
        Name = Name,
        TileExtent = TileExtent,
        Buffer = Buffer,
        Simplification = Simplification,
        MinSize = MinSize,
        MaxFeatures = MaxFeatures,
        MaxBytes = MaxBytes,
        MetaTile = MetaTile,
        Gutter = Gutter,
    };
}

internal sealed record StoredCaching(
    bool Enabled, int MaxAgeSeconds, int ExpireSeconds, Dictionary<int, int>? ExpireByLevel, bool ServeStale, long QuotaBytes, string Encoding)
{
    private const string Identity = "identity";
    private const string Brotli = "br";
    private const string Gzip = "gzip";

    public static StoredCaching Of(LayerCaching caching) => new(
        caching.Enabled,
        caching.MaxAgeSeconds,
        caching.ExpireSeconds,
        caching.ExpireByLevel.Count > 0 ? new Dictionary<int, int>(caching.ExpireByLevel) : null,
        caching.ServeStale,
        caching.QuotaBytes,
        caching.Encoding switch { TileEncoding.Identity => Identity, TileEncoding.Gzip => Gzip, TileEncoding.Brotli => Brotli });

    public LayerCaching ToDomain() => new()
    {
        Enabled = Enabled,
        MaxAgeSeconds = MaxAgeSeconds,
        ExpireSeconds = ExpireSeconds,
        ExpireByLevel = ExpireByLevel ?? [],
        ServeStale = ServeStale,
        QuotaBytes = QuotaBytes,
        Encoding = Encoding switch { Identity => TileEncoding.Identity, Brotli => TileEncoding.Brotli, _ => TileEncoding.Gzip },
    };
}

[JsonSerializable(typeof(StoredLayer))]
internal sealed partial class StoredLayerContext : JsonSerializerContext;
