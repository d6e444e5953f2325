using GeoWps.Adapters.Http.Ows;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wmts;

/// <summary>A request of WMTS 1.0.0 as parameters: OGC 07-057r7, clause 8.</summary>
internal abstract record WmtsRequest
{
    public const string Version = "1.0.0";

    private static readonly string[] Operations = ["GetCapabilities", "GetTile", "GetFeatureInfo"];

    private WmtsRequest()
    {
    }

    /// <param name="Sections"><see langword="null"/> for all.</param>
    /// <param name="UpdateSequence">Of the document that the caller has.</param>
    /// <param name="MediaType">In which the document is answered.</param>
    public sealed record GetCapabilities(IReadOnlySet<string>? Sections, string? UpdateSequence, string MediaType) : WmtsRequest;

    public sealed record GetTile(WmtsTile Tile) : WmtsRequest;

    /// <param name="I">Pixels from the left.</param>
    /// <param name="J">Pixels from above.</param>
    public sealed record GetFeatureInfo(WmtsTile Tile, string I, string J, string InfoFormat) : WmtsRequest;

    /// <exception cref="OwsRefusedException">The request is wrong, or asks for what is not here.</exception>
    public static WmtsRequest Read(KvpQuery query)
    {
        OwsParameters.CheckService(query["service"], "WMTS");
        var asked = query["request"] ?? throw new OwsRefusedException(OwsFault.Missing("request"));
        return Array.Find(Operations, name => name.Equals(asked, StringComparison.OrdinalIgnoreCase)) switch
        {
            "GetCapabilities" => ReadCapabilities(query),
            "GetTile" => new GetTile(ReadTile(query)),
            "GetFeatureInfo" => new GetFeatureInfo(ReadTile(query), Required(query, "I"), Required(query, "J"), Required(query, "InfoFormat")),
            _ => throw new OwsRefusedException(new OwsFault(
                "OperationNotSupported", asked, $"There is no operation {asked}; there are {string.Join(", ", Operations)}.", StatusCodes.Status501NotImplemented)),
        };
    }

    /// <summary>06-121r3, clause 7.3. Formats that there are not fall back to <c>text/xml</c> (table 5).</summary>
    private static GetCapabilities ReadCapabilities(KvpQuery query)
    {
        var versions = query.List("AcceptVersions") is { Count: > 0 } accepted ? accepted : query.List("version");
        if (versions.Count > 0 && !versions.Contains(Version))
        {
            throw new OwsRefusedException(new OwsFault("VersionNegotiationFailed", null, $"There is version {Version} only, not {string.Join(", ", versions)}."));
        }

        var format = query.List("AcceptFormats").FirstOrDefault(type => type is "text/xml" or "application/xml") ?? "text/xml";
        return new GetCapabilities(OwsParameters.Sections(query.List("Sections"), WmtsCapabilities.Sections), query["updateSequence"], format + "; charset=utf-8");
    }

    /// <summary>Table 30, which is part of those of GetFeatureInfo (clause 8.3). An empty style is the default one.</summary>
    private static WmtsTile ReadTile(KvpQuery query)
    {
        if (query["version"] is not { } version)
        {
            throw new OwsRefusedException(OwsFault.Missing("version"));
        }

        if (version != Version)
        {
            throw new OwsRefusedException(OwsFault.Invalid("version", $"version: must be {Version} (got {version})"));
        }

        var layer = Required(query, "layer");
        var style = query["style"] ?? (query.Raw("style") is null ? throw new OwsRefusedException(OwsFault.Missing("style")) : WmtsTile.DefaultStyle);
        return new WmtsTile(
            layer, style, Required(query, "format"), Required(query, "TileMatrixSet"), Required(query, "TileMatrix"), Required(query, "TileRow"), Required(query, "TileCol"));
    }

    private static string Required(KvpQuery query, string name) => query[name] ?? throw new OwsRefusedException(OwsFault.Missing(name));
}

/// <summary>A tile as a request names it, not looked at yet.</summary>
/// <param name="Format">A media type, or the ending of an address; <see langword="null"/>: any.</param>
internal sealed record WmtsTile(string Layer, string Style, string? Format, string TileMatrixSet, string TileMatrix, string TileRow, string TileCol)
{
    public const string DefaultStyle = "default";
}
