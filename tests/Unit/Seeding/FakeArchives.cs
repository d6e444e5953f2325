using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Seeding;

/// <summary>Writes archives that are lists of their tiles' names.</summary>
internal sealed class FakeArchives : ITileArchives
{
    public TileArchiveKind? Kind { get; private set; }

    public TileArchiveDescription? Description { get; private set; }

    /// <summary>Of the archive that was written last, as they came; the empty ones as well.</summary>
    public List<ArchivedTile> Tiles { get; } = [];

    /// <summary>Before each tile is written.</summary>
    public Action OnTile { get; set; } = () => { };

    public async Task<TileArchiveSummary> WriteAsync(
        TileArchiveKind kind, string path, TileArchiveDescription description, IAsyncEnumerable<ArchivedTile> tiles, CancellationToken cancellationToken)
    {
        (Kind, Description) = (kind, description);
        Tiles.Clear();
        await using var file = new StreamWriter(path);
        await foreach (var tile in tiles.WithCancellation(cancellationToken))
        {
            OnTile();
            Tiles.Add(tile);
            await file.WriteLineAsync(FormattableString.Invariant($"{tile.Level}/{tile.Tile.Column}/{tile.Tile.Row}"));
        }

        return new TileArchiveSummary(Tiles.Count, Tiles.Count, 0);
    }

    public Task<TileArchiveDescription> InspectAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<ArchivedTile> ReadAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();
}
