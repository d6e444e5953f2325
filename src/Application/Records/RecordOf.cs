using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Records;

/// <summary>What a server has by itself, as records.</summary>
internal static class RecordOf
{
    /// <summary>Changes when the records made here do: what an older program has stored is then made anew.</summary>
    private const string Form = "1";

    /// <summary>The same of those without a time of their own: <see cref="RecordKeeper"/> gives them one.</summary>
    private const string TimedForm = "2";

    public static CatalogueRecord Layer(Layer layer) => new(RecordSources.Layers, layer.Id, "dataset", layer.Title)
    {
        Description = layer.Description,
        Keywords = layer.Keywords,
        Extents = layer.Contents.Extent.IsEmpty ? [] : [layer.Contents.Extent],
        Time = layer.Contents.Times,
        Created = layer.Created,
        Updated = layer.Updated,
        Properties = layer.Attribution is { Length: > 0 } attribution ? new Dictionary<string, string> { ["attribution"] = $"\"{JsonEncodedText.Encode(attribution, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"" } : [],
        Text = string.Join('\n', (string?[])[layer.Id, layer.Contents.GeometryType, .. layer.Contents.Fields.Select(field => field.Name)]),
        Links = [new RecordLink($"collections/{layer.Id}", "item", "application/json", "The collection")],
        Version = string.Create(CultureInfo.InvariantCulture, $"{Form}.{layer.Revision}.{layer.Updated.UtcTicks}"),
    };

    public static CatalogueRecord Process(ProcessDescription process) => new(RecordSources.Processes, process.Id, "process", process.Title)
    {
        Description = process.Description,
        Keywords = process.Keywords,
        Text = string.Join('\n', (string?[])[process.Id, .. process.Facts.Values, .. process.Inputs.Select(input => input.Title), .. process.Outputs.Select(output => output.Title)]),

        // The same process on two nodes is the same to whoever looks for it; so are services below.
        ExternalIds = [new ExternalId(process.Id, "urn:geowps:process")],
        Links = [new RecordLink($"processes/{Uri.EscapeDataString(process.Id).Replace("%3A", ":", StringComparison.Ordinal)}", "item", "application/json", "The process")],
        Version = $"{TimedForm}.{process.Version}.{Digest(process)}",
    };

    public static IEnumerable<CatalogueRecord> Services(Func<string, bool> offers)
    {
        (string Service, string Id, string Title, string Description, string Href)[] all =
        [
            (Nodes.NodeServices.Processes, "ogcapi-processes", "OGC API - Processes", "Processes that can be described, executed and watched.", "processes"),
            (Nodes.NodeServices.Processes, "wps", "Web Processing Service (WPS) 1.0.0 and 2.0.0", "The same processes for clients of WPS.", "wps?service=WPS&request=GetCapabilities"),
            (Nodes.NodeServices.Tiles, "ogcapi-features", "OGC API - Features", "Features of layers.", "collections"),
            (Nodes.NodeServices.Tiles, "ogcapi-tiles", "OGC API - Tiles", "Vector and map tiles of layers.", "tiles"),
            (Nodes.NodeServices.Tiles, "wmts", "Web Map Tile Service (WMTS) 1.0.0", "The same tiles for clients of WMTS.", "wmts/1.0.0/WMTSCapabilities.xml"),
            (Nodes.NodeServices.Tiles, "tms", "Tile Map Service (TMS) 1.0.0", "The same tiles for clients of TMS.", "tms"),
            (Nodes.NodeServices.Records, "ogcapi-records", "OGC API - Records", "This catalogue, and the search in it.", $"collections/{CatalogueId.Value}"),
        ];
        return all.Where(one => offers(one.Service)).Select(one => new CatalogueRecord(RecordSources.Services, one.Id, "service", one.Title)
        {
            Description = one.Description,
            ExternalIds = [new ExternalId(one.Id, "urn:geowps:service")],
            Links = [new RecordLink(one.Href, "item", null, one.Title)],
            Version = TimedForm,
        });
    }

    // Deployed processes keep their version when their words change.
    private static string Digest(ProcessDescription process) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
        string.Join('\n', [process.Title, process.Description, process.Fingerprint, .. process.Keywords, .. process.Inputs.Select(input => input.Title)]))).AsSpan(0, 8));
}
