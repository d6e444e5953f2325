using System.Diagnostics.CodeAnalysis;
using GeoWps.Domain.Spatial;

namespace GeoWps.Domain.Tiles;

/// <summary>Grids of one CRS at several scales (OGC 17-083r4, 6.2).</summary>
public sealed class TileMatrixSet
{
    private readonly Dictionary<string, int> _levels;

    /// <param name="matrices">From the coarsest to the finest; at least one.</param>
    /// <exception cref="ArgumentException">There is none, or two have the same id.</exception>
    public TileMatrixSet(string id, Crs crs, IReadOnlyList<TileMatrix> matrices)
    {
        ArgumentOutOfRangeException.ThrowIfZero(matrices.Count);
        (Id, Crs, Matrices) = (id, crs, matrices);
        _levels = matrices.Select((matrix, level) => (matrix.Id, level)).ToDictionary(pair => pair.Id, pair => pair.level, StringComparer.Ordinal);
    }

    public string Id { get; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>Its address in the OGC's register, where it is registered.</summary>
    public string? Uri { get; init; }

    public string? WellKnownScaleSet { get; init; }

    public Crs Crs { get; }

    /// <summary>As its document names them: <c>Lat, Lon</c>, <c>X, Y</c>; empty where it does not.</summary>
    public IReadOnlyList<string> OrderedAxes { get; init; } = [];

    /// <summary>Whether documents write y before x: by the axes' names, or as the register has the CRS's where they have none (<see cref="AxisOrder"/>).</summary>
    public bool YFirst => OrderedAxes.Count > 0
        ? OrderedAxes[0].ToUpperInvariant() is "LAT" or "LATITUDE" or "Y" or "N" or "NORTHING"
        : AxisOrder.IsYFirst(Crs);

    public IReadOnlyList<TileMatrix> Matrices { get; }

    /// <summary>Position of a matrix, from 0. Ids are text: <c>-10</c> is one of CDB1GlobalGrid's.</summary>
    public bool TryFindLevel(ReadOnlySpan<char> matrixId, out int level) => _levels.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(matrixId, out level);

    public bool TryFind(ReadOnlySpan<char> matrixId, [NotNullWhen(true)] out TileMatrix? matrix)
    {
        matrix = TryFindLevel(matrixId, out var level) ? Matrices[level] : null;
        return matrix is not null;
    }

    /// <summary>What the data of an extent reach, matrix by matrix; matrices outside the levels or without data are left out.</summary>
    /// <param name="extent">In the CRS of this set.</param>
    /// <param name="minLevel">Position of the first matrix.</param>
    /// <param name="maxLevel">Position of the last one.</param>
    public IReadOnlyList<TileMatrixLimits> LimitsOf(in Extent extent, int minLevel, int maxLevel)
    {
        var limits = new List<TileMatrixLimits>();
        for (var level = Math.Max(0, minLevel); level <= Math.Min(maxLevel, Matrices.Count - 1); level++)
        {
            if (Matrices[level].Cover(extent) is { IsEmpty: false } range)
            {
                limits.Add(new TileMatrixLimits(level, range));
            }
        }

        return limits;
    }
}
