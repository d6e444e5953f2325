using System.Globalization;
using System.Xml.Linq;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>A tile matrix set of a WMTS 1.0.0 capabilities document (OGC 07-057r7, table 13).</summary>
internal sealed class WmtsGrid(XElement set)
{
    private const string Place = "tileMatrixSet";
    private const int MostMatrices = 100;
    private const int LongestId = 60;

    private readonly string _id = set.Identifier();

    /// <summary>The sets of this server that it is: by its matrices, or where it lists none, by its name or that of its scale set.</summary>
    public IEnumerable<UpstreamMatch> Ours(IReadOnlyList<TileMatrixSet> sets)
    {
        if (!set.Children("TileMatrix").Any())
        {
            return sets.Where(IsNamed).Take(1).Select(ours => new UpstreamMatch(ours, [.. ours.Matrices.Select(matrix => matrix.Id)], 0, ours.Matrices.Count - 1));
        }

        return Crs.TryParse(set.Text("SupportedCRS"), out var crs) ? UpstreamGrid.Match(crs.Value, [.. set.Children("TileMatrix").Select(Matrix)], sets) : [];
    }

    /// <summary>The set as one of this server's own.</summary>
    /// <param name="degrees">Where the layer is: its corner tells in which order the axes stand, for nobody agrees on that.</param>
    /// <exception cref="UpstreamRefusal">It is not wholly described.</exception>
    public UpstreamMatch Define(Extent degrees, ICoordinateTransforms transforms)
    {
        var name = set.Text("SupportedCRS") ?? throw Refusal("there is no SupportedCRS");
        if (!Crs.TryParse(name, out var known) || known is not { } crs || transforms.MetresPerUnit(crs) is not { } unit)
        {
            throw Refusal($"it is none of this server's sets, and its SupportedCRS {name} is not known here");
        }

        var matrices = set.Children("TileMatrix").ToArray();
        if (matrices.Length is 0 or > MostMatrices)
        {
            throw Refusal(matrices.Length == 0
                ? "it is none of this server's sets, and has no TileMatrix"
                : string.Create(CultureInfo.InvariantCulture, $"it has more than {MostMatrices} matrices"));
        }

        foreach (var matrix in matrices)
        {
            if (new[] { "Identifier", "ScaleDenominator", "TopLeftCorner", "TileWidth", "TileHeight", "MatrixWidth", "MatrixHeight" }.FirstOrDefault(part => matrix.Text(part) is null) is { } missing)
            {
                throw Refusal($"TileMatrix {matrix.Identifier()} has no {missing}");
            }
        }

        Array.Sort(matrices, (one, other) => other.Numbers("ScaleDenominator", 1)[0].CompareTo(one.Numbers("ScaleDenominator", 1)[0]));
        var ids = Array.ConvertAll(matrices, matrix => matrix.Identifier());
        if (ids.Distinct(StringComparer.Ordinal).Count() < ids.Length || matrices.Select(matrix => matrix.Numbers("ScaleDenominator", 1)[0]).Distinct().Count() < ids.Length)
        {
            throw Refusal("two of its matrices have the same identifier or scale");
        }

        var where = transforms.Extent(degrees, Crs.Crs84, crs) ?? Extent.Empty;
        foreach (var yFirst in (bool[])[AxisOrder.IsYFirst(crs), !AxisOrder.IsYFirst(crs)])
        {
            var made = matrices.Select((matrix, level) => Defined(matrix, Array.TrueForAll(ids, Layer.IsId) ? ids[level] : level.ToString(CultureInfo.InvariantCulture), unit, yFirst)).ToArray();
            if (made[0].Extent.Intersects(where))
            {
                return new UpstreamMatch(new TileMatrixSet(Slug(_id), crs, made) { Title = set.Text("Title") }, ids, 0, ids.Length - 1);
            }
        }

        throw Refusal("the layer's WGS84BoundingBox lies outside of its matrices");
    }

    private static UpstreamMatrix Matrix(XElement matrix)
    {
        var corner = matrix.Numbers("TopLeftCorner", 2);
        return new UpstreamMatrix(matrix.Identifier(), matrix.Numbers("ScaleDenominator", 1)[0], null, (corner[0], corner[1]), matrix.Count("TileWidth"), matrix.Count("TileHeight"));
    }

    private static TileMatrix Defined(XElement matrix, string id, double metresPerUnit, bool yFirst)
    {
        var (scale, corner) = (matrix.Numbers("ScaleDenominator", 1)[0], matrix.Numbers("TopLeftCorner", 2));
        return new TileMatrix
        {
            Id = id,
            ScaleDenominator = scale > 0 ? scale : throw new FormatException($"ScaleDenominator of TileMatrix {id} must be above 0"),
            CellSize = TileMatrix.CellSizeOf(scale, metresPerUnit),
            OriginX = corner[yFirst ? 1 : 0],
            OriginY = corner[yFirst ? 0 : 1],
            TileWidth = matrix.Count("TileWidth"),
            TileHeight = matrix.Count("TileHeight"),
            MatrixWidth = matrix.Count("MatrixWidth"),
            MatrixHeight = matrix.Count("MatrixHeight"),
        };
    }

    private bool IsNamed(TileMatrixSet ours) => ours.Id == _id
        || (set.Text("WellKnownScaleSet") is { } theirs && ours.WellKnownScaleSet is { } known && LastPart(theirs).Equals(LastPart(known), StringComparison.OrdinalIgnoreCase));

    /// <summary>As an URN (<c>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</c>) or as an address it ends in the name.</summary>
    private static string LastPart(string name) => name[(name.LastIndexOfAny([':', '/']) + 1)..];

    /// <summary>An id of theirs as one of ours, which is a part of addresses and files.</summary>
    private static string Slug(string id)
    {
        var text = string.Concat(id.Take(LongestId).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')).Trim('-', '_', '.');
        return text.Length > 0 ? text : "grid";
    }

    private UpstreamRefusal Refusal(string message) => new(Place, $"{_id}: {message}");
}
