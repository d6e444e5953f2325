using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>What was emptied of the cache, for the memory of other nodes. A selection of more ranges than fit into a piece of news is told as its level.</summary>
internal sealed class PostgresCacheNews(PostgresNews news) : ICacheNews
{
    private const string Kind = "emptied";

    public Task TellAsync(CacheEmptied emptied, CancellationToken cancellationToken)
    {
        var text = TextOf(emptied);
        if (Encoding.UTF8.GetByteCount(text) > PostgresNews.MostBytes - 100)
        {
            text = TextOf(emptied with { Selection = emptied.Selection is { } selection ? selection with { Ranges = null } : null });
        }

        return news.TellAsync(Kind, text, cancellationToken);
    }

    public IDisposable Listen(Action<CacheEmptied> heard) => news.Listen((kind, rest) =>
    {
        switch (kind)
        {
            case Kind:
                heard(Read(rest));
                break;
            case PostgresNews.Gap:
                heard(new CacheEmptied(null));
                break;
        }
    });

    private static string TextOf(CacheEmptied emptied)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("layer", emptied.Layer);
            if (emptied.Selection is { } selection)
            {
                json.WriteString("of", selection.Tileset.Layer);
                json.WriteString("set", selection.Tileset.TileMatrixSet);
                json.WriteString("format", selection.Tileset.Format.Name);
                if (selection.Level is { } level)
                {
                    json.WriteNumber("level", level);
                }

                if (selection.Ranges is { } ranges)
                {
                    json.WriteStartArray("ranges");
                    foreach (var range in ranges)
                    {
                        json.WriteNumberValue(range.MinColumn);
                        json.WriteNumberValue(range.MinRow);
                        json.WriteNumberValue(range.MaxColumn);
                        json.WriteNumberValue(range.MaxRow);
                    }

                    json.WriteEndArray();
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    /// <summary>What a newer node tells in another way counts as everything.</summary>
    private static CacheEmptied Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var layer = root.GetProperty("layer").GetString();
            if (!root.TryGetProperty("of", out var of) || TileFormat.Find(root.GetProperty("format").GetString()!) is not { } format)
            {
                return new CacheEmptied(layer);
            }

            var numbers = root.TryGetProperty("ranges", out var ranges) ? ranges.EnumerateArray().Select(number => number.GetInt32()).Chunk(4).ToArray() : null;
            return new CacheEmptied(layer, new TileSelection(
                new TilesetKey(of.GetString()!, root.GetProperty("set").GetString()!, format),
                root.TryGetProperty("level", out var level) ? level.GetInt32() : null,
                numbers is null ? null : [.. numbers.Select(range => new TileRange(range[0], range[1], range[2], range[3]))]));
        }
        catch (Exception reason) when (reason is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return new CacheEmptied(null);
        }
    }
}
