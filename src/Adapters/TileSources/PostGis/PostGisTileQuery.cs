using System.Globalization;
using System.Text;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.PostGis;

/// <summary>The statement that makes all tiles of a metatile: it reads and transforms each feature once, and gives a row for each tile.</summary>
/// <param name="Sql">With parameters by position; columns: number of the tile, its bytes, features in it, features there were, whether the read was cut off.</param>
internal sealed record PostGisTileQuery(string Sql, IReadOnlyList<object?> Parameters)
{
    /// <summary>Names that no column of anybody's has, for what is no attribute.</summary>
    private const string Geometry = "geowps:geometry";
    private const string Id = "geowps:id";

    /// <param name="tiles">Whose rows are wanted.</param>
    /// <param name="maxFeatures">In one tile.</param>
    /// <exception cref="TileSourceException">The set's CRS has no number that PostGIS could know.</exception>
    public static PostGisTileQuery Of(
        Layer layer, LayerSource.PostGis source, PostGisFrom from, TileMatrixSet set, int level, IReadOnlyList<TileIndex> tiles, int maxFeatures, ICoordinateTransforms transforms)
    {
        var matrix = set.Matrices[level];
        var srid = SridOf(set.Crs) ?? throw new TileSourceException($"PostGIS has no number for {set.Crs}, the coordinate reference system of {set.Id}");
        var extents = tiles.Select(matrix.ExtentOf).ToArray();
        var settings = layer.Tiles;
        var unit = Math.Max(matrix.TileSpanX, matrix.TileSpanY) / settings.TileExtent;
        var reach = settings.Buffer * unit;
        var parameters = new List<object?>
        {
            Enumerable.Range(0, tiles.Count).ToArray(),
            extents.Select(extent => extent.MinX).ToArray(),
            extents.Select(extent => extent.MinY).ToArray(),
            extents.Select(extent => extent.MaxX).ToArray(),
            extents.Select(extent => extent.MaxY).ToArray(),
            layer.Tiles.Name ?? layer.Id,
        };
        var fields = Fields(layer);
        var id = source.IdColumn is { } column && IsWhole(layer, column) ? column : null;
        var all = extents.Aggregate(Extent.Empty, (joined, extent) => joined.Join(extent)).Grow(reach);
        var columns = string.Concat(fields.Select(field => $", s.{PostGisFrom.Quote(field.Name)}"));
        var limit = Math.Min(int.MaxValue, ((long)maxFeatures + 1) * tiles.Count);
        var bounds = "ST_MakeEnvelope(t.x0, t.y0, t.x1, t.y1, " + Text(srid) + ")";
        var geometry = settings.Simplification > 0 ? $"ST_Simplify(d.g, {Text(settings.Simplification * unit)}, true)" : "d.g";
        var sql = new StringBuilder("WITH d AS MATERIALIZED (SELECT ")
            .Append(CultureInfo.InvariantCulture, $"{Placed(source, set.Crs, srid, transforms)} AS g, {(id is null ? "NULL::int8" : $"s.{PostGisFrom.Quote(id)}::int8")} AS i{columns}")
            .Append(CultureInfo.InvariantCulture, $" FROM {from.Sql} AS s WHERE s.{PostGisFrom.Quote(source.GeometryColumn)}::geometry && {Window(all, layer, source, set.Crs, srid, transforms, parameters)}")
            .Append(id is null ? "" : " ORDER BY i")
            .Append(CultureInfo.InvariantCulture, $" LIMIT {limit})")
            .Append(" SELECT t.n, m.tile, m.kept, h.hits, (SELECT count(*) FROM d) >= ").Append(Text(limit))
            .Append(" FROM unnest($1::int4[], $2::float8[], $3::float8[], $4::float8[], $5::float8[]) AS t(n, x0, y0, x1, y1)")
            .Append(CultureInfo.InvariantCulture, $" CROSS JOIN LATERAL (SELECT count(*) AS hits FROM d WHERE d.g && ST_Expand({bounds}, {Text(reach)})) AS h")
            .Append(" CROSS JOIN LATERAL (SELECT ST_AsMVT(f, $6, ").Append(Text(settings.TileExtent)).Append(CultureInfo.InvariantCulture, $", '{Geometry}'{(id is null ? "" : $", '{Id}'")}) AS tile, count(*) AS kept FROM (")
            .Append(CultureInfo.InvariantCulture, $"SELECT * FROM (SELECT ST_AsMVTGeom({geometry}, {bounds}, {settings.TileExtent}, {settings.Buffer}, true) AS \"{Geometry}\"")
            .Append(id is null ? "" : $", d.i AS \"{Id}\"")
            .AppendJoin("", fields.Select(field => $", {Value(field)} AS {PostGisFrom.Quote(field.Name)}"))
            .Append(CultureInfo.InvariantCulture, $" FROM d WHERE d.g && ST_Expand({bounds}, {Text(reach)}){LargeEnough(settings, level, unit)}) AS c")
            .Append(CultureInfo.InvariantCulture, $" WHERE c.\"{Geometry}\" IS NOT NULL{(id is null ? "" : $" ORDER BY \"{Id}\"")} LIMIT {maxFeatures}) AS f) AS m");
        return new PostGisTileQuery(sql.ToString(), parameters);
    }

    /// <summary>The number that PostGIS has for a CRS.</summary>
    public static int? SridOf(Crs crs) => crs == Crs.Crs84 ? 4326
        : crs.Authority is "EPSG" or "ESRI" && int.TryParse(crs.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code
        : null;

    public static Crs CrsOf(int srid) => new("EPSG", Text(srid));

    /// <summary>A feature's geometry in the set's CRS. Where the set has no place for poles, what reaches there is cut before: PostGIS would fail on all of it.</summary>
    private static string Placed(LayerSource.PostGis source, Crs set, int srid, ICoordinateTransforms transforms)
    {
        var geometry = $"s.{PostGisFrom.Quote(source.GeometryColumn)}::geometry";
        var straight = $"CASE WHEN ST_HasArc({geometry}) THEN ST_CurveToLine({geometry}) ELSE {geometry} END";
        if (source.Srid == srid || transforms.Between(CrsOf(source.Srid), set) is { IsIdentity: true })
        {
            return source.Srid == srid ? straight : $"ST_SetSRID({straight}, {Text(srid)})";
        }

        var (south, north) = KnownCrs.Find(CrsOf(source.Srid)) is { Projection: null } && KnownCrs.Find(set) is { Projection: { } projection }
            ? (Math.Max(-90, projection.Latitudes.South - 3), Math.Min(90, projection.Latitudes.North + 3))
            : (-90, 90);
        return (south, north) == (-90, 90)
            ? $"ST_Transform({straight}, {Text(srid)})"
            : $"ST_Transform(CASE WHEN ST_YMin({geometry}) < {Text(south)} OR ST_YMax({geometry}) > {Text(north)}"
                + $" THEN ST_Intersection(ST_MakeValid({straight}), ST_MakeEnvelope(-720, {Text(south)}, 720, {Text(north)}, {Text(source.Srid)})) ELSE {straight} END, {Text(srid)})";
    }

    /// <summary>Where features of these tiles are, in the data's own CRS, so that their index finds them.</summary>
    private static string Window(in Extent tiles, Layer layer, LayerSource.PostGis source, Crs set, int srid, ICoordinateTransforms transforms, List<object?> parameters)
    {
        var window = source.Srid == srid ? tiles : transforms.Extent(tiles, set, CrsOf(source.Srid));
        if (window is { } known)
        {
            return Envelope(known.IsEmpty ? new Extent(0, 0, 0, 0) : known, source.Srid);
        }

        // PostGIS has to say it; only where the data are, because its transforms fail outside of what their CRS is made for.
        var data = transforms.Extent(layer.Contents.Extent, Crs.Crs84, set) is { IsEmpty: false } extent ? extent.Grow(extent.Width + extent.Height) : tiles;
        var part = tiles.Meet(data);
        return part.IsEmpty
            ? $"ST_GeomFromText('POLYGON EMPTY', {Text(source.Srid)})"
            : $"ST_Transform(ST_Segmentize({Envelope(part, srid)}, {Text(Math.Max(part.Width, part.Height) / 32)}), {Text(source.Srid)})";

        string Envelope(in Extent box, int of)
        {
            var first = parameters.Count + 1;
            parameters.AddRange([box.MinX, box.MinY, box.MaxX, box.MaxY]);
            return $"ST_MakeEnvelope(${first}, ${first + 1}, ${first + 2}, ${first + 3}, {Text(of)})";
        }
    }

    private static string LargeEnough(LayerTiles settings, int level, double unit) => settings.MinSize > 0 && level < settings.MaxLevel
        ? $" AND CASE ST_Dimension(d.g) WHEN 1 THEN ST_Length(d.g) >= {Text(settings.MinSize * unit)} WHEN 2 THEN ST_Area(d.g) >= {Text(settings.MinSize * unit * unit)} ELSE true END"
        : "";

    private static LayerField[] Fields(Layer layer) => layer.Tiles.Attributes is not { } wanted
        ? [.. layer.Contents.Fields]
        : [.. wanted.Select(name => layer.Contents.Fields.FirstOrDefault(field => field.Name == name)).OfType<LayerField>()];

    private static bool IsWhole(Layer layer, string column) => layer.Contents.Fields.Any(field => field.Name == column && field.Type == "integer");

    /// <summary>As a tile can hold it: PostGIS would make text of exact numbers, and attributes of what is inside JSON.</summary>
    private static string Value(LayerField field) => (field.Type, field.Format) switch
    {
        ("integer", _) => $"d.{PostGisFrom.Quote(field.Name)}::int8",
        ("number", _) => $"d.{PostGisFrom.Quote(field.Name)}::float8",
        ("boolean", _) => $"d.{PostGisFrom.Quote(field.Name)}::bool",
        (_, "date-time") => $"(to_json(d.{PostGisFrom.Quote(field.Name)}) #>> '{{}}')",
        _ => $"d.{PostGisFrom.Quote(field.Name)}::text",
    };

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
