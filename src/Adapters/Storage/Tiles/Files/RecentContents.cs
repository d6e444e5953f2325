using GeoWps.Domain.Caching;

namespace GeoWps.Adapters.Storage.Tiles.Files;

/// <summary>Which files of a level and format were written lately with which content: the next tile like it becomes another name of the file.</summary>
internal sealed class RecentContents
{
    private const int Most = 4096;

    private readonly Lock _changing = new();
    private readonly Dictionary<(string Place, UInt128 Hash, TileNotes Notes, string Ending), Written> _files = [];
    private readonly Queue<(string, UInt128, TileNotes, string)> _order = [];

    public Written? Find(string place, StoredTile tile)
    {
        lock (_changing)
        {
            return _files.GetValueOrDefault((place, tile.Hash, tile.Notes, TileFile.EndingOf(tile)));
        }
    }

    public void Add(string place, StoredTile tile, string path)
    {
        var key = (place, tile.Hash, tile.Notes, TileFile.EndingOf(tile));
        lock (_changing)
        {
            if (!_files.ContainsKey(key))
            {
                _order.Enqueue(key);
                if (_order.Count > Most)
                {
                    _files.Remove(_order.Dequeue());
                }
            }

            _files[key] = new Written(path, tile.Made);
        }
    }

    public sealed record Written(string Path, DateTimeOffset Made)
    {
        public bool IsShared { get; set; }
    }
}
