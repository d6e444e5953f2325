using FsCheck;
using FsCheck.Fluent;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Tiles;

/// <summary>What holds for every tile of every set, at all levels, at the antimeridian and the poles.</summary>
public sealed class TileArithmeticTests
{
    private static readonly TileMatrixSet[] _sets = [.. Sets().Where(set => !set.Id.StartsWith("UTM", StringComparison.Ordinal) || set.Id == "UTM31WGS84Quad")];

    private static readonly Gen<(TileMatrix Matrix, TileIndex Tile)> _tiles =
        from set in Gen.Elements(_sets)
        from matrix in Gen.Elements(set.Matrices.AsEnumerable())
        from column in AnyOf(matrix.MatrixWidth)
        from row in AnyOf(matrix.MatrixHeight)
        select (matrix, new TileIndex(column, row));

    [Fact]
    public void A_tile_covers_itself_and_nothing_else() => Holds(_tiles, pair =>
    {
        var tile = pair.Matrix.Canonical(pair.Tile);
        var range = pair.Matrix.Cover(pair.Matrix.ExtentOf(tile));
        return range == new TileRange(tile.Column, tile.Row, tile.Column + pair.Matrix.CoalesceOf(tile.Row) - 1, tile.Row);
    });

    [Fact]
    public void Neighbours_share_their_edge_to_the_last_bit() => Holds(_tiles, pair =>
    {
        var (matrix, tile) = (pair.Matrix, pair.Matrix.Canonical(pair.Tile));
        var (here, right) = (matrix.ExtentOf(tile), tile.Column + matrix.CoalesceOf(tile.Row));
        var meetsRight = right >= matrix.MatrixWidth || matrix.ExtentOf(tile with { Column = right }).MinX == here.MaxX;
        var below = matrix.CornerOfOrigin == CornerOfOrigin.TopLeft ? tile.Row + 1 : tile.Row - 1;
        var meetsBelow = (uint)below >= (uint)matrix.MatrixHeight || matrix.ExtentOf(new TileIndex(tile.Column, below)).MaxY == here.MinY;
        return meetsRight && meetsBelow;
    });

    [Fact]
    public void The_middle_of_a_tile_is_in_that_tile_alone() => Holds(_tiles, pair =>
    {
        var tile = pair.Matrix.Canonical(pair.Tile);
        var extent = pair.Matrix.ExtentOf(tile);
        var middle = new Extent((extent.MinX + extent.MaxX) / 2, (extent.MinY + extent.MaxY) / 2, (extent.MinX + extent.MaxX) / 2, (extent.MinY + extent.MaxY) / 2);
        var range = pair.Matrix.Cover(middle);
        return range.Count == 1 && pair.Matrix.Canonical(new TileIndex(range.MinColumn, range.MinRow)) == tile;
    });

    [Fact]
    public void All_columns_of_a_wide_tile_name_the_same_one() => Holds(_tiles, pair =>
        pair.Matrix.ExtentOf(pair.Tile) == pair.Matrix.ExtentOf(pair.Matrix.Canonical(pair.Tile)) && pair.Matrix.Canonical(pair.Matrix.Canonical(pair.Tile)) == pair.Matrix.Canonical(pair.Tile));

    [Fact]
    public void Metatiles_divide_a_matrix_without_gap_or_overlap() => Holds(from pair in _tiles from size in Gen.Choose(1, 8) select (pair.Matrix, pair.Tile, size), triple =>
    {
        var meta = MetaTile.Of(triple.Matrix, 3, triple.Tile, triple.size);
        return meta.Range.Contains(triple.Tile)
            && meta.Range.Columns <= triple.size && meta.Range.Rows <= triple.size
            && triple.Matrix.Contains(new TileIndex(meta.Range.MaxColumn, meta.Range.MaxRow))
            && MetaTile.Of(triple.Matrix, 3, new TileIndex(meta.Range.MinColumn, meta.Range.MinRow), triple.size) == meta
            && MetaTile.Of(triple.Matrix, 3, new TileIndex(meta.Range.MaxColumn, meta.Range.MaxRow), triple.size) == meta;
    });

    [Theory]
    [InlineData(180, 0, 180, 0)]
    [InlineData(-180, -90, 180, 90)]
    [InlineData(179.9999, 89.9999, 180, 90)]
    [InlineData(-180, -90, -180, -90)]
    public void At_the_antimeridian_and_the_poles_a_cover_stays_in_the_matrix(double minX, double minY, double maxX, double maxY)
    {
        foreach (var matrix in _sets.Single(set => set.Id == "WorldCRS84Quad").Matrices)
        {
            var range = matrix.Cover(new Extent(minX, minY, maxX, maxY));

            range.IsEmpty.ShouldBeFalse();
            matrix.Range.Meet(range).ShouldBe(range);
        }
    }

    [Fact]
    public void What_lies_outside_covers_nothing() =>
        _sets.Single(set => set.Id == "WebMercatorQuad").Matrices[5].Cover(new Extent(3e7, 0, 4e7, 1)).IsEmpty.ShouldBeTrue();

    private static IEnumerable<TileMatrixSet> Sets()
    {
        var all = new TileMatrixSets();
        return all.Ids.Select(id => all.Find(id)!);
    }

    private static Gen<int> AnyOf(int count) => Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Constant(count - 1)), (4, Gen.Choose(0, count - 1)));

    private static void Holds<T>(Gen<T> values, Func<T, bool> property) => Prop.ForAll(values.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
