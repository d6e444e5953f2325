using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>Reads an execute request of one of the seeding processes.</summary>
public sealed class SeedInputs(InputReader reader, IOptions<SeedingOptions> options)
{
    /// <summary>Bytes of a polygon or a list of tiles; they are whole in memory.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    /// <param name="job">Whose request it is; <see langword="null"/> before it is one: what of it is large is not read then.</param>
    /// <returns>What could be read; only of use when there are no mistakes.</returns>
    public async Task<SeedWish> ReadAsync(SeedOperation operation, ExecuteRequest request, Job? job, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        var formats = new List<TileFormat>();
        foreach (var name in Texts(request, SeedNames.Format))
        {
            if (TileFormat.Find(name) is { } format)
            {
                formats.Add(format);
            }
            else
            {
                mistakes.Add(new Mistake(SeedNames.Format, $"there is no format {name}; there are: {string.Join(", ", TileFormat.All)}"));
            }
        }

        return new SeedWish(
            operation,
            Texts(request, SeedNames.Layer).FirstOrDefault() ?? "",
            Texts(request, SeedNames.TileMatrixSet),
            Texts(request, SeedNames.TileMatrix),
            [.. formats.Distinct()],
            (int?)Number(request, SeedNames.MinZoom),
            (int?)Number(request, SeedNames.MaxZoom),
            await AreaAsync(request, job, mistakes, cancellationToken),
            (int?)Number(request, SeedNames.Threads),
            Number(request, SeedNames.Rate));
    }

    private async Task<SeedArea> AreaAsync(ExecuteRequest request, Job? job, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        string[] given = [.. new[] { SeedNames.Bbox, SeedNames.Polygon, SeedNames.Tiles }.Where(request.Inputs.ContainsKey)];
        switch (given)
        {
            case []:
                return new SeedArea.Everywhere();
            case [SeedNames.Bbox]:
                return Box(Inline(request, SeedNames.Bbox)!.Json, SeedNames.Bbox, mistakes) ?? (SeedArea)new SeedArea.Unread();
            case [var one]:
                return await ContentAsync(request, one, job, mistakes, cancellationToken) is { } content
                    ? await ReadAsync(one, content, mistakes, cancellationToken) ?? new SeedArea.Unread()
                    : new SeedArea.Unread();
            default:
                mistakes.Add(new Mistake(given[1], $"only one of {string.Join(", ", given)} can be given"));
                return new SeedArea.Unread();
        }
    }

    private async Task<SeedArea?> ReadAsync(string input, MemoryStream content, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        if (input == SeedNames.Tiles)
        {
            using var lines = new StreamReader(content, Encoding.UTF8);
            var (tiles, mistake) = await TileList.ReadAsync(lines, options.Value.ListedTiles, SeedNames.Tiles, cancellationToken);
            if (mistake is not null)
            {
                mistakes.Add(mistake);
            }

            return mistake is null ? new SeedArea.Listed(tiles) : null;
        }

        try
        {
            using var json = JsonDocument.Parse(content.GetBuffer().AsMemory(0, (int)content.Length));
            return Polygons(json.RootElement, mistakes);
        }
        catch (JsonException error)
        {
            mistakes.Add(new Mistake(SeedNames.Polygon, $"is no JSON: {error.Message}"));
            return null;
        }
    }

    /// <summary>GeoJSON: a geometry, a feature or a collection of them.</summary>
    /// <returns><see langword="null"/> when there is a mistake.</returns>
    public static SeedArea.Polygons? Polygons(JsonElement json, List<Mistake> mistakes) =>
        GeoJsonRings.Read(json, SeedNames.Polygon, mistakes) is { } rings ? new SeedArea.Polygons(rings) : null;

    /// <summary>A box as the inputs of processes have it (<c>bbox.yaml</c>), or its numbers alone.</summary>
    /// <returns><see langword="null"/> when there is a mistake.</returns>
    public static SeedArea.Boxes? Box(JsonElement json, string place, List<Mistake> mistakes)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("crs", out var named) && named.ValueKind == JsonValueKind.String
            && (!Crs.TryParse(named.GetString(), out var crs) || crs != Crs.Crs84))
        {
            mistakes.Add(new Mistake(place, $"must be in longitude and latitude, {Crs.Crs84} (got {named.GetString()})"));
            return null;
        }

        var list = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("bbox", out var inside) ? inside : json;
        var numbers = list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(number => number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var value) ? value : double.NaN).ToArray() : [];
        numbers = numbers.Length == 6 ? [numbers[0], numbers[1], numbers[3], numbers[4]] : numbers;
        if (numbers is not [>= -180 and <= 180 and var west, >= -90 and <= 90 and var south, >= -180 and <= 180 and var east, >= -90 and <= 90 and var north] || south > north)
        {
            mistakes.Add(new Mistake(place, "must be four numbers: west, south, east, north, in degrees"));
            return null;
        }

        return new SeedArea.Boxes(west <= east
            ? [new Extent(west, south, east, north)]
            : [new Extent(west, south, 180, north), new Extent(-180, south, east, north)]);
    }

    /// <returns><see langword="null"/> when it can't be read yet, or is refused.</returns>
    private async Task<MemoryStream?> ContentAsync(ExecuteRequest request, string input, Job? job, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        var value = Inline(request, input);
        if (value is null || (job is null && Attachment.IsIn(value.Json)))
        {
            return null;
        }

        if (job is null)
        {
            return Memory(value.Json);
        }

        var memory = new MemoryStream();
        if (await reader.CopyAsync(job, value, memory, MostBytes, cancellationToken) is InputContent.Refused refused)
        {
            mistakes.Add(new Mistake(input, refused.Message));
            return null;
        }

        memory.Position = 0;
        return memory;
    }

    private static MemoryStream Memory(JsonElement json)
    {
        var bytes = Encoding.UTF8.GetBytes(json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText());
        return new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
    }

    private static InputValue.Inline? Inline(ExecuteRequest request, string input) =>
        request.Inputs.TryGetValue(input, out var values) ? values[0] as InputValue.Inline : null;

    private static IReadOnlyList<string> Texts(ExecuteRequest request, string input) =>
        request.Inputs.TryGetValue(input, out var values)
            ? [.. values.OfType<InputValue.Inline>().Where(value => value.Json.ValueKind == JsonValueKind.String).Select(value => value.Json.GetString()!).Distinct()]
            : [];

    private static double? Number(ExecuteRequest request, string input) => Inline(request, input)?.Json switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),

        // Of protocols that have nothing but text.
        { ValueKind: JsonValueKind.String } text when double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
