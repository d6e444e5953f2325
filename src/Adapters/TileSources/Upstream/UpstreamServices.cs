using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>Reads the documents in which tile servers say what they have.</summary>
internal sealed class UpstreamServices(IServerClient client, TimeSpan timeLimit) : IUpstreamServices
{
    private const int MaxBytes = 32 * 1024 * 1024;

    private const string Capabilities = "SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0";

    public string? Refuse(LayerSource.Upstream source) =>
        UpstreamTemplate.Refuse(source.Template) is { } wrong ? $"template: {wrong}"
        : client.Refuse(Example(source)) is { } refused ? $"template: {refused}"
        : null;

    public async Task<UpstreamReading> ReadAsync(string address, IReadOnlyList<TileMatrixSet> sets, CancellationToken cancellationToken)
    {
        var reading = await ReadOnceAsync(address, sets, cancellationToken);
        if (reading is null && !address.Contains("REQUEST=", StringComparison.OrdinalIgnoreCase))
        {
            // The address of a service, not of its document.
            reading = await ReadOnceAsync(address + (address.Contains('?', StringComparison.Ordinal) ? address.EndsWith('?') || address.EndsWith('&') ? "" : "&" : "?") + Capabilities, sets, cancellationToken);
        }

        return reading switch
        {
            null => new UpstreamReading.Refused("address: there is no capabilities document of WMTS 1.0.0, no TileJSON and no tile map of TMS 1.0.0"),
            UpstreamReading.Found { Layers.Count: 0 } nothing => new UpstreamReading.Refused($"address: nothing of it can be offered here{string.Concat(nothing.Skipped.Take(5).Select(why => $"; {why}"))}"),
            UpstreamReading.Found found => Judged(found),
            _ => reading,
        };
    }

    /// <summary>A document may name any host: each is judged as if the operator had named it.</summary>
    private UpstreamReading Judged(UpstreamReading.Found found)
    {
        var refused = found.Layers.Select(layer => (layer, Why: Refuse(layer.Source))).ToLookup(pair => pair.Why is null);
        var good = refused[true].Select(pair => pair.layer).ToArray();
        return good.Length > 0
            ? new UpstreamReading.Found(good, [.. found.Skipped, .. refused[false].Select(pair => $"{pair.layer.Name}: {pair.Why}")])
            : new UpstreamReading.Refused($"address: {refused[false].First().layer.Name}: {refused[false].First().Why}");
    }

    /// <returns><see langword="null"/> when what lies there is none of the documents.</returns>
    private async Task<UpstreamReading?> ReadOnceAsync(string address, IReadOnlyList<TileMatrixSet> sets, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync(new ServerRequest(address, "application/xml, text/xml, application/json, */*;q=0.5", "gzip", MaxBytes, timeLimit), cancellationToken);
        switch (answer)
        {
            case ServerAnswer.Refused refused:
                return new UpstreamReading.Refused($"address: {refused.Message}");
            case ServerAnswer.Failed failed:
                return new UpstreamReading.Refused($"address: {failed.Message}");
            case ServerAnswer.TooLarge:
                return new UpstreamReading.Refused($"address: the document is larger than {MaxBytes} bytes");
            case ServerAnswer.Answered { Status: 401 or 403 or >= 500 } failed:
                return new UpstreamReading.Refused(string.Create(CultureInfo.InvariantCulture, $"address: the answer is HTTP {failed.Status}"));
            case ServerAnswer.Answered { Status: 200 } found:
                return Read(found, new Uri(address), sets);
            default:
                return null;
        }
    }

    private static UpstreamReading.Found? Read(ServerAnswer.Answered answer, Uri address, IReadOnlyList<TileMatrixSet> sets)
    {
        try
        {
            var content = TileContent.Unpack(answer.Content, TileContent.IsGzip(answer.Content.Span) ? Domain.Caching.TileEncoding.Gzip : Domain.Caching.TileEncoding.Identity);
            if (content.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
            {
                using var json = JsonDocument.Parse(content);
                return TileJsonDocument.Read(json.RootElement, address, sets);
            }

            using var text = new MemoryStream(content.ToArray(), writable: false);
            using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            var root = XDocument.Load(reader).Root!;
            return root.Name.LocalName switch
            {
                "Capabilities" => WmtsCapabilities.Read(root, sets),
                "TileMap" => TmsDocument.Read(root, address, sets),
                _ => null,
            };
        }
        catch (Exception failure) when (failure is JsonException or XmlException or InvalidDataException or FormatException or OverflowException or InvalidOperationException or UriFormatException)
        {
            return null;
        }
    }

    private static string Example(LayerSource.Upstream source)
    {
        var matrix = new TileMatrix { Id = "0", ScaleDenominator = 1, CellSize = 1, OriginX = 0, OriginY = 0, TileWidth = 256, TileHeight = 256, MatrixWidth = 1, MatrixHeight = 1 };
        return UpstreamTemplate.AddressOf(source with { Matrices = null }, matrix, 0, default) ?? "";
    }
}
