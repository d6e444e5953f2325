using GeoWps.Adapters.Execution.Drawing;
using GeoWps.Application.Ports;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>Tiles laid over each other by QGIS, in its sandbox where that works.</summary>
public sealed class QgisComposerTests(RunningDrawers qgis) : IClassFixture<RunningDrawers>
{
    private QgisComposer Composer => new(new Drawings(qgis.Drawers, RunningDrawers.Options, qgis.Limits));

    [QgisFact]
    public async Task Rivers_lie_over_the_countries_they_flow_through()
    {
        var (countries, rivers) = (await TileAsync("countries"), await TileAsync("rivers"));

        var together = Picture.Read(await ComposeAsync(countries, rivers));

        var (land, water) = (Picture.Read(countries), Picture.Read(rivers));
        together.Drawn.ShouldBeGreaterThanOrEqualTo(Math.Max(land.Drawn, water.Drawn));
        var wet = (from x in Enumerable.Range(0, 256) from y in Enumerable.Range(0, 256) where water[x, y].Alpha == 255 select (x, y)).ToList();
        wet.ShouldNotBeEmpty();
        wet.Count(pixel => together[pixel.x, pixel.y] != water[pixel.x, pixel.y]).ShouldBe(0);
        Directory.GetFiles(qgis.Drawers.WorkFolder, "composed-*").ShouldBeEmpty();
    }

    [QgisFact]
    public async Task What_is_no_picture_is_told_and_leaves_nothing_behind()
    {
        var tile = await TileAsync("countries");

        var failure = await Should.ThrowAsync<TileSourceException>(() => ComposeAsync(tile, "<svg/>"u8.ToArray()));

        failure.Message.ShouldContain("neither PNG");
        Directory.GetFiles(qgis.Drawers.WorkFolder, "composed-*").ShouldBeEmpty();
    }

    private async Task<ReadOnlyMemory<byte>> TileAsync(string table) =>
        (await qgis.Source.MakeAsync(qgis.Table(table), Grids.Mercator, new MetaTile(2, new TileRange(2, 1, 2, 1)), TileFormat.Png, default)).Single().Content;

    private Task<ReadOnlyMemory<byte>> ComposeAsync(params ReadOnlyMemory<byte>[] pictures) => Composer.ComposeAsync(pictures, 256, 256, TileFormat.Png, default);
}
