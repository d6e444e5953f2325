using GeoWps.Application.Tiles.Seeding;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Seeding;

public sealed class TileListTests
{
    [Fact]
    public async Task Lines_of_both_forms_are_read_and_what_follows_on_is_joined()
    {
        var (tiles, mistake) = await ReadAsync("# changed\r\n14/8190/5461\r\n\r\n14/8191/5461\r\n14/8191/5461\r\n 3/1/2-4/7 \r\n0/0/0");

        mistake.ShouldBeNull();
        tiles.ShouldBe([Of(14, 8190, 5461, 8191, 5461), Of(3, 1, 2, 4, 7), Of(0, 0, 0, 0, 0)]);
    }

    [Theory]
    [InlineData("3/8/0")]
    [InlineData("3/0/8")]
    [InlineData("25/0/0")]
    [InlineData("3/1")]
    [InlineData("3/1/2/3")]
    [InlineData("3/-1/2")]
    [InlineData("3/1/2-0/7")]
    [InlineData("3/1/2-4/8")]
    [InlineData("3/1/2-4")]
    [InlineData("3/1/2-4/5-6/7")]
    [InlineData("3/1.5/2")]
    [InlineData("a")]
    public async Task A_line_that_names_no_tiles_is_refused_with_its_number(string line)
    {
        var (_, mistake) = await ReadAsync($"0/0/0\n{line}");

        mistake!.Place.ShouldBe("tiles[2]");
    }

    [Fact]
    public async Task A_list_may_not_be_longer_than_allowed()
    {
        var (_, mistake) = await ReadAsync("1/0/0\n1/1/1\n1/0/1\n1/1/0\n", most: 3);

        mistake!.ToString().ShouldBe("tiles[4]: there may be at most 3 lines");
    }

    private static Task<(IReadOnlyList<TileMatrixLimits> Tiles, Domain.Processes.Mistake? Mistake)> ReadAsync(string text, int most = 100) =>
        TileList.ReadAsync(new StringReader(text), most, "tiles", CancellationToken.None);

    private static TileMatrixLimits Of(int level, int minColumn, int minRow, int maxColumn, int maxRow) => new(level, new TileRange(minColumn, minRow, maxColumn, maxRow));
}
