using System.Globalization;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Layers;

/// <summary>Reads the JSON form of a layer (<c>docs/layers.md</c>). All mistakes at once, each with its JSON pointer.</summary>
public static class LayerForm
{
    private const int MostTitle = 500;
    private const int MostDescription = 10_000;
    private const int MostAddress = 4000;
    private const int MostName = 200;
    private const int MostItems = 1000;
    private const int MostLevel = 30;
    private const int MostStyle = 1024 * 1024;
    private const int Year = 366 * 24 * 3600;

    /// <summary>What a layer's document tells beside what can be set.</summary>
    private static readonly string[] _facts =
        ["kind", "crs", "extent", "geometryType", "featureCount", "times", "fields", "job", "created", "updated", "revision", "bytes", "warnings", "links"];

    /// <param name="pointer">Where it stands.</param>
    /// <returns>What it says as far as it can be read; to be used only where no mistake was noted.</returns>
    public static LayerWish Read(JsonElement json, string pointer, List<Mistake> mistakes)
    {
        if (FormObject.Of(json, pointer, mistakes) is not { } form)
        {
            return new LayerWish(new LayerSettings(), null);
        }

        var settings = new LayerSettings
        {
            Id = Id(form),
            Title = form.Text("title", MostTitle),
            Description = form.Text("description", MostDescription),
            Keywords = form.Texts("keywords", 100, MostName) ?? [],
            Attribution = form.Text("attribution", MostDescription),
            TimeField = form.Text("timeField", MostName),
            SearchFields = form.Texts("searchFields", 100, MostName) ?? [],
            Tiles = form.Object("tiles") is { } tiles ? Tiles(tiles) : new LayerTiles(),
            Caching = form.Object("caching") is { } caching ? Caching(caching) : new LayerCaching(),
            Style = form.Object("style") is { } style ? Style(style) : null,
            Expires = Expires(form),
        };
        var source = form.Object("source") is { } given ? Source(given) : null;
        form.End(_facts);
        return new LayerWish(settings, source);
    }

    private static string? Id(FormObject form)
    {
        var id = form.Text("id", MostName);
        if (id is null || Layer.IsId(id))
        {
            return id;
        }

        form.Wrong("id", "must be 1 to 100 letters, digits, '-', '_' and '.', beginning with a letter or digit and not ending in '.'");
        return null;
    }

    private static DateTimeOffset? Expires(FormObject form)
    {
        if (form.Get("expires") is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        form.Wrong("expires", "must be a time such as 2030-01-31T00:00:00Z, or null for a layer that stays");
        return null;
    }

    private static LayerTiles Tiles(FormObject form)
    {
        var standard = new LayerTiles();
        var tiles = new LayerTiles
        {
            TileMatrixSets = form.Texts("tileMatrixSets", 100, MostName) ?? standard.TileMatrixSets,
            Formats = Formats(form),
            MinLevel = form.Whole("minZoom", standard.MinLevel, 0, MostLevel),
            MaxLevel = form.Whole("maxZoom", standard.MaxLevel, 0, MostLevel),
            Attributes = form.Texts("attributes", MostItems, MostName),
            Name = form.Text("name", MostName),
            TileExtent = form.Whole("extent", standard.TileExtent, 256, 65_536),
            Buffer = form.Whole("buffer", standard.Buffer, 0, 65_536),
            Simplification = form.Number("simplification", standard.Simplification, 0, 1000),
            MinSize = form.Number("minSize", standard.MinSize, 0, 1_000_000),
            MaxFeatures = form.Whole("maxFeatures", standard.MaxFeatures, 1, 10_000_000),
            MaxBytes = form.Whole("maxBytes", standard.MaxBytes, 1024, 256 * 1024 * 1024),
            MetaTile = form.Whole("metaTile", standard.MetaTile, 1, 16),
            Gutter = form.Whole("gutter", standard.Gutter, 0, 256),
        };
        form.End();
        if (tiles.TileMatrixSets.Count == 0)
        {
            form.Wrong("tileMatrixSets", "must name at least one");
        }

        if (tiles.MinLevel > tiles.MaxLevel)
        {
            form.Wrong("minZoom", "must not be above maxZoom");
        }

        return tiles;
    }

    private static IReadOnlyList<TileFormat> Formats(FormObject form)
    {
        var formats = new List<TileFormat>();
        foreach (var name in form.Texts("formats", 10, MostName) ?? [])
        {
            if (TileFormat.Find(name) is not { } format)
            {
                form.Wrong("formats", $"must be some of {string.Join(", ", TileFormat.All)} (got {name})");
            }
            else if (!formats.Contains(format))
            {
                formats.Add(format);
            }
        }

        return formats;
    }

    private static LayerCaching Caching(FormObject form)
    {
        var standard = new LayerCaching();
        var caching = new LayerCaching
        {
            Enabled = form.YesNo("enabled", standard.Enabled),
            MaxAgeSeconds = form.Whole("maxAge", standard.MaxAgeSeconds, 0, Year),
            ExpireSeconds = form.Whole("expire", standard.ExpireSeconds, 0, 10 * Year),
            ExpireByLevel = form.Object("expireByZoom") is { } levels ? ByLevel(levels) : standard.ExpireByLevel,
            ServeStale = form.YesNo("serveStale", standard.ServeStale),
            QuotaBytes = form.Long("quotaBytes", standard.QuotaBytes, 0, long.MaxValue),
            Encoding = form.Choice("encoding", standard.Encoding, ("gzip", TileEncoding.Gzip), ("br", TileEncoding.Brotli), ("identity", TileEncoding.Identity)),
        };
        form.End();
        return caching;
    }

    private static Dictionary<int, int> ByLevel(FormObject form)
    {
        var levels = new Dictionary<int, int>();
        foreach (var name in form.Names)
        {
            var seconds = form.Whole(name, 0, 0, 10 * Year);
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level <= MostLevel)
            {
                levels[level] = seconds;
            }
            else
            {
                form.Wrong(name, "its name must be a zoom from 0 to 30");
            }
        }

        return levels;
    }

    private static LayerStyle? Style(FormObject form)
    {
        var (mapLibre, qml) = (form.Get("mapLibre"), form.Text("qml", MostStyle));
        if (mapLibre is { } document && (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("layers", out var layers) || layers.ValueKind != JsonValueKind.Array))
        {
            form.Wrong("mapLibre", "must be a MapLibre style document: an object with an array of layers");
        }
        else if (qml is not null && !qml.Contains("<qgis", StringComparison.Ordinal))
        {
            form.Wrong("qml", "must be a QGIS style: XML whose root is qgis");
        }

        form.End();
        if (mapLibre is null == qml is null)
        {
            form.Wrong("", "must have mapLibre or qml");
            return null;
        }

        return mapLibre is { } json ? new LayerStyle(StyleKind.MapLibre, json.GetRawText()) : new LayerStyle(StyleKind.Qml, qml!);
    }

    private static SourceWish? Source(FormObject form)
    {
        var (href, file, job, output) = (form.Text("href", MostAddress), form.Text("file", MostAddress), form.Text("job", MostName), form.Text("output", MostName));
        var (postGis, upstream) = (form.Object("postgis"), form.Object("upstream"));
        var table = form.Text("table", MostName);
        var given = new[] { form.Has("href"), form.Has("file"), form.Has("job"), form.Has("postgis"), form.Has("upstream") }.Count(has => has);

        // What a layer's own document says of its source is no new one.
        if (given == 0 && form.Has("type"))
        {
            return null;
        }

        form.End("type");
        if (given != 1)
        {
            form.Wrong("", "must have exactly one of href, file, job, postgis and upstream");
            return null;
        }

        if (form.Has("job") != form.Has("output"))
        {
            form.Wrong("output", "a job's result is named by job and output");
            return null;
        }

        SourceWish? source = href is not null ? new SourceWish.Address(href)
            : file is not null ? new SourceWish.OperatorFile(file)
            : job is not null && output is not null ? new SourceWish.JobResult(job, output)
            : postGis is not null ? PostGis(postGis)
            : upstream is not null ? Upstream(upstream) : null;
        return source is null ? null : source with { Table = table };
    }

    private static SourceWish.PostGis? PostGis(FormObject form)
    {
        var (connection, table, query) = (form.Text("connection", MostName), form.Text("table", MostName), form.Text("query", MostDescription));
        var source = new SourceWish.PostGis(
            connection ?? "", query is not null ? $"({query})" : table ?? "", form.Text("geometryColumn", MostName), form.Text("idColumn", MostName));
        form.End();
        if (!form.Has("connection"))
        {
            form.Wrong("connection", "the name of a connection of the settings is required");
        }

        if (form.Has("table") == form.Has("query"))
        {
            form.Wrong("", "must have table or query");
        }

        return source;
    }

    private static SourceWish? Upstream(FormObject form) => form.Has("capabilities") ? Offer(form) : Template(form);

    /// <summary>What is not told is what the document says.</summary>
    private static SourceWish.Offer? Offer(FormObject form)
    {
        var (address, format) = (form.Text("capabilities", MostAddress), form.Text("format", MostName));
        var wanted = new UpstreamOffer(address ?? "")
        {
            Layer = form.Text("layer", MostName),
            TileMatrixSet = form.Text("tileMatrixSet", MostName),
            Style = form.Text("style", MostName),
            Format = format is null ? null : TileFormat.Find(format),
        };
        foreach (var told in new[] { "protocol", "template", "matrices", "extent" }.Where(form.Has))
        {
            form.Wrong(told, "can't be given beside capabilities, which tell it");
        }

        form.End();
        if (format is not null && wanted.Format is null)
        {
            form.Wrong("format", $"must be one of {string.Join(", ", TileFormat.All)}");
        }

        return address is null ? null : new SourceWish.Offer(wanted);
    }

    private static SourceWish.Upstream? Template(FormObject form)
    {
        var template = form.Text("template", MostAddress);
        var protocol = form.Choice("protocol", UpstreamKind.Xyz, ("xyz", UpstreamKind.Xyz), ("tms", UpstreamKind.Tms), ("wmts", UpstreamKind.Wmts));
        var set = form.Text("tileMatrixSet", MostName) ?? "WebMercatorQuad";
        var matrices = form.Texts("matrices", 100, MostName);
        var format = TileFormat.Find(form.Text("format", MostName) ?? "png");
        var extent = ExtentOf(form);
        form.End();
        if (format is null)
        {
            form.Wrong("format", $"must be one of {string.Join(", ", TileFormat.All)}");
        }

        if (template is null)
        {
            form.Wrong("template", "an address with {z}, {x} and {y}, or {TileMatrix}, {TileRow} and {TileCol}, is required, or capabilities: the address of the document that tells it");
            return null;
        }

        if (!(Holds(template, "{x}") && Holds(template, "{z}") && (Holds(template, "{y}") || Holds(template, "{-y}")))
            && !(Holds(template, "{TileMatrix}") && Holds(template, "{TileRow}") && Holds(template, "{TileCol}")))
        {
            form.Wrong("template", "must hold {z}, {x} and {y} (or {-y}), or {TileMatrix}, {TileRow} and {TileCol}");
        }

        return new SourceWish.Upstream(new LayerSource.Upstream(protocol, template, set, matrices), format ?? TileFormat.Png, extent);
    }

    private static Extent ExtentOf(FormObject form)
    {
        if (form.Get("extent") is not { } box)
        {
            return Extent.World;
        }

        if (box.ValueKind == JsonValueKind.Array && box.GetArrayLength() == 4 && box.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number))
        {
            var numbers = box.EnumerateArray().Select(number => number.GetDouble()).ToArray();
            var extent = new Extent(numbers[0], numbers[1], numbers[2], numbers[3]);
            if (!extent.IsEmpty && Extent.World.Contains(extent))
            {
                return extent;
            }
        }

        form.Wrong("extent", "must be four numbers in degrees: west, south, east, north");
        return Extent.World;
    }

    private static bool Holds(string template, string place) => template.Contains(place, StringComparison.Ordinal);
}
