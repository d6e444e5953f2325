using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>Reads the documents in which tile servers say what they have.</summary>
internal sealed class UpstreamServices(IServerClient client, ICoordinateTransforms transforms, TimeSpan timeLimit) : IUpstreamServices
{
    private const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>The place of what is wrong with the document itself.</summary>
    private const string Document = "capabilities";

    private const string Capabilities = "SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0";

    public string? Refuse(LayerSource.Upstream source) =>
        UpstreamTemplate.Refuse(source.Template) is { } wrong ? $"template: {wrong}"
        : client.Refuse(Example(source)) is { } refused ? $"template: {refused}"
        : null;

    public async Task<UpstreamReading> ReadAsync(UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets, CancellationToken cancellationToken)
    {
        var address = offer.Address;
        var reading = await ReadOnceAsync(address, offer, sets, cancellationToken);
        if (reading is null && !address.Contains("REQUEST=", StringComparison.OrdinalIgnoreCase))
        {
            // The address of a service, not of its document.
            reading = await ReadOnceAsync(address + (address.Contains('?', StringComparison.Ordinal) ? address.EndsWith('?') || address.EndsWith('&') ? "" : "&" : "?") + Capabilities, offer, sets, cancellationToken);
        }

        return reading switch
        {
            null => Refused("there is no capabilities document of WMTS 1.0.0, no TileJSON and no tile map of TMS 1.0.0"),

            // A document may name any host: it is judged as if the operator had named it.
            UpstreamReading.Found { Layer.Source: var source } when Refuse(source) is { } why => Refused($"the document's {why}"),
            _ => reading,
        };
    }

    /// <returns><see langword="null"/> when what lies there is none of the documents.</returns>
    private async Task<UpstreamReading?> ReadOnceAsync(string address, UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync(new ServerRequest(address, "application/xml, text/xml, application/json, */*;q=0.5", "gzip", MaxBytes, timeLimit), cancellationToken);
        switch (answer)
        {
            case ServerAnswer.Refused refused:
                return Refused(refused.Message);
            case ServerAnswer.Failed failed:
                return new UpstreamReading.Unavailable(failed.Message);
            case ServerAnswer.TooLarge:
                return Refused(string.Create(CultureInfo.InvariantCulture, $"the document is larger than {MaxBytes} bytes"));
            case ServerAnswer.Answered { Status: 401 or 403 } refused:
                return Refused(string.Create(CultureInfo.InvariantCulture, $"the answer is HTTP {refused.Status}"));
            case ServerAnswer.Answered { Status: >= 500 } failed:
                return new UpstreamReading.Unavailable(string.Create(CultureInfo.InvariantCulture, $"the answer of {new Uri(address).Host} is HTTP {failed.Status}"));
            case ServerAnswer.Answered { Status: 200 } found:
                return Read(found, new Uri(address), offer, sets);
            default:
                return null;
        }
    }

    private UpstreamReading? Read(ServerAnswer.Answered answer, Uri address, UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets)
    {
        try
        {
            var content = TileContent.Unpack(answer.Content, TileContent.IsGzip(answer.Content.Span) ? Domain.Caching.TileEncoding.Gzip : Domain.Caching.TileEncoding.Identity);
            return ReadLayer(content, address, offer, sets) is { } layer ? new UpstreamReading.Found(layer) : null;
        }
        catch (UpstreamRefusal refusal)
        {
            return new UpstreamReading.Refused(refusal.Place, refusal.Message);
        }
        catch (FormatException wrong)
        {
            return Refused($"the document can't be read: {wrong.Message}");
        }
        catch (Exception failure) when (failure is JsonException or XmlException or InvalidDataException or OverflowException or InvalidOperationException)
        {
            return null;
        }
    }

    private UpstreamLayer? ReadLayer(ReadOnlyMemory<byte> content, Uri address, UpstreamOffer offer, IReadOnlyList<TileMatrixSet> sets)
    {
        if (content.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            using var json = JsonDocument.Parse(content);
            return TileJsonDocument.Read(json.RootElement, address, offer, sets);
        }

        using var text = new MemoryStream(content.ToArray(), writable: false);
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        var root = XDocument.Load(reader).Root!;
        return root.Name.LocalName switch
        {
            "Capabilities" => WmtsCapabilities.Read(root, offer, sets, transforms),
            "TileMap" => TmsDocument.Read(root, address, offer, sets),
            _ => null,
        };
    }

    private static UpstreamReading.Refused Refused(string message) => new(Document, message);

    private static string Example(LayerSource.Upstream source)
    {
        var matrix = new TileMatrix { Id = "0", ScaleDenominator = 1, CellSize = 1, OriginX = 0, OriginY = 0, TileWidth = 256, TileHeight = 256, MatrixWidth = 1, MatrixHeight = 1 };
        return UpstreamTemplate.AddressOf(source with { Matrices = null }, matrix, 0, default) ?? "";
    }
}
