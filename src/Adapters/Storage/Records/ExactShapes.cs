using System.Text.Json;
using GeoWps.Domain.Spatial;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace GeoWps.Adapters.Storage.Records;

/// <summary>Tells which records that lie near what is asked for do not meet it: extents are the first filter, in the database, and shapes the second, here, so that every database finds the same.</summary>
/// <param name="shape">A GeoJSON geometry; <see langword="null"/>: the area itself.</param>
internal sealed class ExactShapes(in Extent area, string? shape)
{
    /// <summary>As many are looked at; of what lies beyond, extents decide.</summary>
    public const int Most = 50_000;

    private static readonly GeometryFactory _factory = new();

    // A shape that is none (a polygon that crosses itself, say) is compared by its extent, too.
    private readonly IPreparedGeometry? _shape = (shape is null ? Box(area) : Read(shape)) is { } made ? PreparedGeometryFactory.Prepare(made) : null;
    private readonly Dictionary<long, bool> _meets = [];

    /// <param name="geometry">Of the record, as GeoJSON; <see langword="null"/>: it has none but its extent.</param>
    public void Add(long record, string? geometry, in Extent extent)
    {
        if (_meets.GetValueOrDefault(record))
        {
            return;
        }

        _meets[record] = _shape is null || (geometry is null ? Box(extent) : Read(geometry)) is not { } made || Meets(made);
    }

    public long[] NearMisses() => [.. _meets.Where(one => !one.Value).Select(one => one.Key)];

    private bool Meets(Geometry geometry)
    {
        try
        {
            return _shape!.Intersects(geometry);
        }
        catch (TopologyException)
        {
            return true;
        }
        catch (ArgumentException)
        {
            // Of a collection.
            return true;
        }
    }

    private static Geometry Box(in Extent extent) => _factory.ToGeometry(new Envelope(extent.MinX, extent.MaxX, extent.MinY, extent.MaxY));

    /// <returns><see langword="null"/>: it is no geometry.</returns>
    private static Geometry? Read(string geoJson)
    {
        try
        {
            using var document = JsonDocument.Parse(geoJson);
            return Read(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static Geometry? Read(JsonElement geometry)
    {
        var type = geometry.GetProperty("type").GetString();
        if (type == "GeometryCollection")
        {
            Geometry?[] members = [.. geometry.GetProperty("geometries").EnumerateArray().Select(Read)];
            return members.Contains(null) ? null : _factory.CreateGeometryCollection(members!);
        }

        var coordinates = geometry.GetProperty("coordinates");
        return type switch
        {
            "Point" => _factory.CreatePoint(Position(coordinates)),
            "MultiPoint" => _factory.CreateMultiPointFromCoords(Positions(coordinates)),
            "LineString" => _factory.CreateLineString(Positions(coordinates)),
            "MultiLineString" => _factory.CreateMultiLineString([.. coordinates.EnumerateArray().Select(line => _factory.CreateLineString(Positions(line)))]),
            "Polygon" => Polygon(coordinates),
            "MultiPolygon" => _factory.CreateMultiPolygon([.. coordinates.EnumerateArray().Select(Polygon)]),
            _ => null,
        };
    }

    private static Polygon Polygon(JsonElement rings)
    {
        LinearRing[] all = [.. rings.EnumerateArray().Select(ring => _factory.CreateLinearRing(Positions(ring)))];
        return _factory.CreatePolygon(all[0], all[1..]);
    }

    private static Coordinate[] Positions(JsonElement list) => [.. list.EnumerateArray().Select(Position)];

    private static Coordinate Position(JsonElement position) => new(position[0].GetDouble(), position[1].GetDouble());
}
