using System.Collections.Concurrent;
using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Seeding;

/// <summary>Makes tiles that say which they are and of which data; counts how often.</summary>
internal sealed class FakeSource : ITileSource
{
    public ConcurrentDictionary<(string Set, MetaTile Tiles), int> Makes { get; } = [];

    public int Count => Makes.Values.Sum();

    /// <summary>What the data are now.</summary>
    public volatile string Data = "old";

    /// <summary>Between the reading of the data and the answer.</summary>
    public Func<MetaTile, CancellationToken, Task> OnMake { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Tiles a side when all of a layer is made.</summary>
    public int? SideOfAll { get; set; }

    int ITileSource.MetaTileOf(Layer layer, long tiles) => SideOfAll ?? layer.Tiles.MetaTile;

    bool ITileSource.Makes(Layer layer, TileFormat format) => layer.Formats.Contains(format);

    public async Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
    {
        var data = Data;
        await OnMake(tiles, cancellationToken);
        Makes.AddOrUpdate((set.Id, tiles), 1, (_, count) => count + 1);
        return
        [
            .. from row in Enumerable.Range(tiles.Range.MinRow, tiles.Range.Rows)
               from column in Enumerable.Range(tiles.Range.MinColumn, tiles.Range.Columns)
               select new MadeTile(new TileIndex(column, row), Encoding.UTF8.GetBytes($"{data} {tiles.Level}/{column}/{row}"), row == 0 ? TileNotes.Empty : TileNotes.None),
        ];
    }
}
