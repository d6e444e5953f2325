namespace GeoWps.Domain.Tiles;

/// <summary>Which tile of one tile matrix: whole tiles, zero-based, counted from the matrix's corner of origin (OGC 17-083r4, 6.1.1).</summary>
public readonly record struct TileIndex(int Column, int Row);

/// <summary>A rectangle of tiles in one matrix, its last column and row included.</summary>
public readonly record struct TileRange(int MinColumn, int MinRow, int MaxColumn, int MaxRow)
{
    public int Columns => MaxColumn - MinColumn + 1;

    public int Rows => MaxRow - MinRow + 1;

    /// <summary>Tiles in it; 0 when it is empty.</summary>
    public long Count => IsEmpty ? 0 : (long)Columns * Rows;

    public bool IsEmpty => MaxColumn < MinColumn || MaxRow < MinRow;

    public bool Contains(TileIndex tile) =>
        tile.Column >= MinColumn && tile.Column <= MaxColumn && tile.Row >= MinRow && tile.Row <= MaxRow;

    /// <summary>One after the other, by rows.</summary>
    public IEnumerable<TileIndex> Tiles()
    {
        for (var row = MinRow; row <= MaxRow; row++)
        {
            for (var column = MinColumn; column <= MaxColumn; column++)
            {
                yield return new TileIndex(column, row);
            }
        }
    }

    /// <returns>What both hold; may be empty.</returns>
    public TileRange Meet(TileRange other) =>
        new(Math.Max(MinColumn, other.MinColumn), Math.Max(MinRow, other.MinRow), Math.Min(MaxColumn, other.MaxColumn), Math.Min(MaxRow, other.MaxRow));
}

/// <summary>What of one matrix is there (OGC 17-083r4, 6.2).</summary>
/// <param name="Level">The matrix's position in its set, from 0.</param>
public readonly record struct TileMatrixLimits(int Level, TileRange Range);

/// <summary>Neighbouring tiles of one matrix that are made by one read of the data.</summary>
/// <param name="Level">The matrix's position in its set.</param>
/// <param name="Range">At most a side of tiles each way, cut at the matrix's edges.</param>
public readonly record struct MetaTile(int Level, TileRange Range)
{
    /// <summary>The one that holds a tile: metatiles stand side by side from the corner of origin.</summary>
    /// <param name="size">Tiles a side, at least 1.</param>
    public static MetaTile Of(TileMatrix matrix, int level, TileIndex tile, int size)
    {
        var (column, row) = (tile.Column - (tile.Column % size), tile.Row - (tile.Row % size));
        return new MetaTile(level, new TileRange(column, row, (int)Math.Min((long)column + size, matrix.MatrixWidth) - 1, (int)Math.Min((long)row + size, matrix.MatrixHeight) - 1));
    }
}
