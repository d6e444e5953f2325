using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Layers;
using GeoWps.Application.Processes;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Seeding;

/// <summary>
/// <c>POST /cache/{layer}/expire</c>: data have changed, in the tiles of a list (<c>text/plain</c>, as osm2pgsql and imposm write it) or within a
/// <c>bbox</c> or <c>polygon</c> (JSON). 204 when their tiles are gone; with <c>?reseed=true</c> 201 with the job that makes them anew.
/// </summary>
internal sealed class ExpireEndpoint(
    SeedBody bodies, InvalidateTiles invalidate, StartSeeding start, LayerCatalogue layers, IOptions<SeedingOptions> options, IOptions<RequestLimits> limits)
    : AdminEndpoint
{
    private const string Reseed = "reseed";

    public override void Configure() => Post("/cache/{layer}/expire");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var layer = Segment("layer");
        if (await layers.FindAsync(layer, ct) is null)
        {
            return Problems.NoSuchLayer(layer);
        }

        if (Request.ContentLength > limits.Value.MaxBodyBytes)
        {
            return Problems.TooLarge(limits.Value.MaxBodyBytes);
        }

        var mistakes = new List<Mistake>();
        var zooms = Zooms(mistakes);
        BodySize.Lift(HttpContext);
        if (!MediaTypeHeaderValue.TryParse(Request.ContentType, out var type) || type.MediaType.Value?.ToUpperInvariant() is not ("TEXT/PLAIN" or "APPLICATION/JSON"))
        {
            return Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType, "A list of tiles is text/plain, a box or polygon application/json.");
        }

        var (area, again) = type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
            ? await ListAsync(mistakes, ct)
            : await AreaAsync(mistakes, ct);
        if (mistakes.Count > 0)
        {
            return Problems.InvalidInput(mistakes);
        }

        await invalidate.ExecuteAsync(layer, area!, ct);
        return zooms is null ? TypedResults.NoContent() : await SeedAsync(layer, zooms, again, ct);
    }

    /// <returns>Members of a request to seed; <see langword="null"/> when none is wished.</returns>
    private string? Zooms(List<Mistake> mistakes)
    {
        var members = new StringBuilder();
        foreach (var name in (string[])[SeedNames.MinZoom, SeedNames.MaxZoom])
        {
            if (Request.Query[name].ToString() is { Length: > 0 } text)
            {
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var zoom))
                {
                    members.Append(CultureInfo.InvariantCulture, $",\"{name}\":{zoom}");
                }
                else
                {
                    mistakes.Add(new Mistake(name, "must be a whole number from 0"));
                }
            }
        }

        switch (Request.Query[Reseed].ToString())
        {
            case "true":
                return members.ToString();
            case "" or "false":
                return null;
            default:
                mistakes.Add(new Mistake(Reseed, "must be true or false"));
                return null;
        }
    }

    private async Task<(SeedArea? Area, string Again)> ListAsync(List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(Request.Body, Encoding.UTF8);
        var (tiles, mistake) = await TileList.ReadAsync(lines, options.Value.ListedTiles, SeedNames.Tiles, cancellationToken);
        if (mistake is not null)
        {
            mistakes.Add(mistake);
            return default;
        }

        return (new SeedArea.Listed(tiles), $"\"{SeedNames.Tiles}\":\"{string.Join("\\n", tiles.Select(Line))}\"");
    }

    private static string Line(TileMatrixLimits tiles)
    {
        var range = tiles.Range;
        return string.Create(CultureInfo.InvariantCulture, $"{tiles.Level}/{range.MinColumn}/{range.MinRow}-{range.MaxColumn}/{range.MaxRow}");
    }

    private async Task<(SeedArea? Area, string Again)> AreaAsync(List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        var most = limits.Value.MaxReducedBytes;
        var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await Request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (memory.Length + read > most)
            {
                mistakes.Add(new Mistake("", string.Create(CultureInfo.InvariantCulture, $"the request may have at most {most} bytes")));
                return default;
            }

            memory.Write(buffer, 0, read);
        }

        try
        {
            using var json = JsonDocument.Parse(memory.GetBuffer().AsMemory(0, (int)memory.Length), RequestLimits.Reading);
            var members = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.EnumerateObject().ToArray() : [];
            if (members is [{ Name: SeedNames.Bbox or SeedNames.Polygon } only])
            {
                SeedArea? area = only.Name == SeedNames.Bbox ? SeedInputs.Box(only.Value, SeedNames.Bbox, mistakes) : SeedInputs.Polygons(only.Value, mistakes);
                return (area, $"\"{only.Name}\":{only.Value.GetRawText()}");
            }

            mistakes.Add(new Mistake("", $"must be an object with one member: {SeedNames.Bbox} or {SeedNames.Polygon}"));
        }
        catch (JsonException error)
        {
            mistakes.Add(new Mistake("", $"is no JSON: {error.Message}"));
        }

        return default;
    }

    private async Task<IResult> SeedAsync(string layer, string zooms, string again, CancellationToken cancellationToken)
    {
        var request = $"{{\"{SeedNames.Operation}\":\"seed\"{zooms},{again}}}";
        var (body, mistake) = await bodies.ReadAsync(new TextSource(request), () => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request))), cancellationToken);
        return body is null ? Problems.InvalidInput([mistake!]) : SeedAnswers.Of(await start.ExecuteAsync(body, layer, BaseAddress, idempotencyKey: null, cancellationToken), HttpContext);
    }
}
