using System.Text.Json;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>Reads a tile matrix set from its JSON document: OGC 17-083r4, Annex B, <c>tileMatrixSet.json</c>.</summary>
public static class TileMatrixSetReader
{
    /// <param name="name">Names the document in errors.</param>
    /// <exception cref="FormatException">It is not what the standard says; the message names the place.</exception>
    public static TileMatrixSet Read(ReadOnlyMemory<byte> document, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(document, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(new Place(json.RootElement, name));
        }
        catch (JsonException error)
        {
            throw new FormatException($"{name}: no JSON ({error.Message})", error);
        }
    }

    private static TileMatrixSet Read(Place root)
    {
        var crs = ReadCrs(root.Member("crs"));
        var axes = root.Optional("orderedAxes") is { } ordered ? ordered.Items().Select(axis => axis.Text()).ToArray() : [];
        var matrices = root.Member("tileMatrices").Items().ToArray();
        if (matrices.Length == 0)
        {
            throw root.Wrong("tileMatrices", "at least one is required");
        }

        // Which number of a point is x: OGC 17-083r4, 6.1.1.1. A set without matrices has no axes to ask.
        var yFirst = new TileMatrixSet("", crs, [Probe]) { OrderedAxes = axes }.YFirst;
        var set = matrices.Select(matrix => ReadMatrix(matrix, yFirst)).ToArray();
        if (set.GroupBy(matrix => matrix.Id).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw root.Wrong("tileMatrices", $"two have the id {twice.Key}");
        }

        for (var level = 1; level < set.Length; level++)
        {
            if (set[level].ScaleDenominator >= set[level - 1].ScaleDenominator)
            {
                throw root.Wrong($"tileMatrices/{level}/scaleDenominator", "must be smaller than the one before: matrices go from coarse to fine");
            }
        }

        return new TileMatrixSet(root.Member("id").Text(), crs, set)
        {
            Title = root.Optional("title")?.Text(),
            Description = root.Optional("description")?.Text(),
            Uri = root.Optional("uri")?.Text(),
            WellKnownScaleSet = root.Optional("wellKnownScaleSet")?.Text(),
            OrderedAxes = axes,
        };
    }

    private static TileMatrix Probe { get; } = new()
    {
        Id = "", ScaleDenominator = 1, CellSize = 1, OriginX = 0, OriginY = 0, TileWidth = 1, TileHeight = 1, MatrixWidth = 1, MatrixHeight = 1,
    };

    /// <summary>An address, or an object that holds one.</summary>
    private static Crs ReadCrs(Place crs)
    {
        var place = crs.Is(JsonValueKind.Object) ? crs.Member("uri") : crs;
        return Crs.TryParse(place.Text(), out var known) ? known.Value : throw place.Wrong($"no name of a coordinate reference system: {place.Text()}");
    }

    private static TileMatrix ReadMatrix(Place matrix, bool yFirst)
    {
        var origin = matrix.Member("pointOfOrigin").Items().Select(number => number.Number()).ToArray();
        if (origin.Length != 2)
        {
            throw matrix.Wrong("pointOfOrigin", "two numbers are required");
        }

        var (width, height) = (matrix.Member("matrixWidth").Count(), matrix.Member("matrixHeight").Count());
        return new TileMatrix
        {
            Id = matrix.Member("id").Text(),
            ScaleDenominator = matrix.Member("scaleDenominator").Positive(),
            CellSize = matrix.Member("cellSize").Positive(),
            OriginX = yFirst ? origin[1] : origin[0],
            OriginY = yFirst ? origin[0] : origin[1],
            CornerOfOrigin = matrix.Optional("cornerOfOrigin")?.Text() switch
            {
                null or "topLeft" => CornerOfOrigin.TopLeft,
                "bottomLeft" => CornerOfOrigin.BottomLeft,
                _ => throw matrix.Wrong("cornerOfOrigin", "must be topLeft or bottomLeft"),
            },
            TileWidth = matrix.Member("tileWidth").Count(),
            TileHeight = matrix.Member("tileHeight").Count(),
            MatrixWidth = width,
            MatrixHeight = height,
            VariableMatrixWidths = matrix.Optional("variableMatrixWidths") is { } widths ? [.. widths.Items().Select(one => ReadWidth(one, width, height))] : [],
        };
    }

    private static VariableMatrixWidth ReadWidth(Place place, int width, int height)
    {
        var read = new VariableMatrixWidth(place.Member("coalesce").Count(), place.Member("minTileRow").Row(), place.Member("maxTileRow").Row());
        return read.Coalesce >= 2 && width % read.Coalesce == 0 && read.MinTileRow <= read.MaxTileRow && read.MaxTileRow < height
            ? read
            : throw place.Wrong("coalesce must divide matrixWidth, and the rows must lie in the matrix");
    }

    /// <summary>A value and where it stands.</summary>
    private readonly record struct Place(JsonElement Value, string Path)
    {
        public bool Is(JsonValueKind kind) => Value.ValueKind == kind;

        public Place? Optional(string name) =>
            Is(JsonValueKind.Object) && Value.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new Place(value, $"{Path}/{name}") : null;

        public Place Member(string name) => Optional(name) ?? throw Wrong(name, "is required");

        public IEnumerable<Place> Items()
        {
            if (!Is(JsonValueKind.Array))
            {
                throw Wrong("a list is required");
            }

            var path = Path;
            return Value.EnumerateArray().Select((item, at) => new Place(item, $"{path}/{at}"));
        }

        public string Text() => Is(JsonValueKind.String) && Value.GetString() is { Length: > 0 } text ? text : throw Wrong("text is required");

        public double Number() => Is(JsonValueKind.Number) && Value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Wrong("a number is required");

        public double Positive() => Number() is > 0 and var number ? number : throw Wrong("a number above 0 is required");

        public int Count() => Number() is >= 1 and <= int.MaxValue and var number && number % 1 == 0 ? (int)number : throw Wrong("a whole number from 1 is required");

        public int Row() => Number() is >= 0 and <= int.MaxValue and var number && number % 1 == 0 ? (int)number : throw Wrong("a whole number from 0 is required");

        public FormatException Wrong(string what) => new($"{Path}: {what}");

        public FormatException Wrong(string member, string what) => new($"{Path}/{member}: {what}");
    }
}
