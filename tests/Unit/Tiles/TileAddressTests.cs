using GeoWps.Adapters.Http.Tiles;
using GeoWps.Application.Tiles;

namespace GeoWps.Tests.Unit.Tiles;

public sealed class TileAddressTests
{
    [Theory]
    [InlineData("/collections/places/tiles/WorldCRS84Quad/5/7/9", "places", "WorldCRS84Quad", "5", 7, 9, "", false)]
    [InlineData("/collections/a.b-c_d/map/tiles/CDB1GlobalGrid/-10/0/24", "a.b-c_d", "CDB1GlobalGrid", "-10", 0, 24, "", true)]
    [InlineData("/xyz/places/5/9/7.pbf", "places", "WebMercatorQuad", "5", 7, 9, "pbf", false)]
    [InlineData("/tms/1.0.0/places/5/9/7.png", "places", "WebMercatorQuad", "5", 7, 9, "png", false)]
    [InlineData("/wmts/1.0.0/places/default/WorldCRS84Quad/5/7/9.jpg", "places", "WorldCRS84Quad", "5", 7, 9, "jpg", false)]
    public void Every_way_to_name_a_tile_is_read(string path, string layer, string set, string matrix, int row, int column, string extension, bool map)
    {
        TileAddress.TryParse(path, out var address).ShouldBeTrue();

        address.Layer.ToString().ShouldBe(layer);
        address.TileMatrixSet.ToString().ShouldBe(set);
        address.TileMatrix.ToString().ShouldBe(matrix);
        (address.Row, address.Column, address.Map).ShouldBe((row, column, map));
        address.Extension.ToString().ShouldBe(extension);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/collections")]
    [InlineData("/collections/places/tiles/WorldCRS84Quad")]
    [InlineData("/collections/places/items/5/7/9/1")]
    [InlineData("/collections/places/tiles/WorldCRS84Quad/5/-1/9")]
    [InlineData("/collections/places/tiles/WorldCRS84Quad/5/7/2147483648")]
    [InlineData("/collections/places/tiles/WorldCRS84Quad/5/7/1.5")]
    [InlineData("/collections/places/tiles/WorldCRS84Quad/5/7/9/more")]
    [InlineData("/collections/places/tiles/WorldCRS84Quad/5/7/+9")]
    [InlineData("/xyz/places/5/9/7")]
    [InlineData("/xyz/places/5/9/.pbf")]
    [InlineData("/tms/2.0.0/places/5/9/7.png")]
    [InlineData("/wmts/1.0.0/places/night/WorldCRS84Quad/5/7/9.jpg")]
    public void What_names_no_tile_is_none(string path) => TileAddress.TryParse(path, out _).ShouldBeFalse();

    [Fact]
    public void Rows_of_TMS_count_from_the_south()
    {
        new TileMatrixSets().Find("WebMercatorQuad")!.TryFind("5", out var matrix).ShouldBeTrue();
        TileAddress.TryParse("/tms/1.0.0/places/5/9/7.png", out var south).ShouldBeTrue();
        TileAddress.TryParse("/xyz/places/5/9/7.png", out var north).ShouldBeTrue();

        south.RowIn(matrix!).ShouldBe(31 - 7);
        north.RowIn(matrix!).ShouldBe(7);
    }
}
