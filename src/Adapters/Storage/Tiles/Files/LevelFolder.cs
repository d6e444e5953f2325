using System.Globalization;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Storage.Tiles.Files;

/// <summary>
/// The folder of a level: how many tiles of each format lie in it and what they take, and whether all of them are one format's, so that it can be taken
/// away whole. Kept in a file <c>.use</c> while nobody changes anything, and counted anew where that is missing.
/// </summary>
internal sealed class LevelFolder(string path, PathLayout layout)
{
    private const string UseName = ".use";

    private readonly Lock _counting = new();
    private readonly Dictionary<string, (long Tiles, long Bytes)> _use = new(StringComparer.Ordinal);
    private bool _isKnown;
    private bool _isWritten;

    public string Path { get; } = path;

    /// <summary>Formats, by ending, of which something is there.</summary>
    public IReadOnlyDictionary<string, (long Tiles, long Bytes)> Use()
    {
        lock (_counting)
        {
            Know();
            return _use.Where(use => use.Value.Tiles > 0).ToDictionary(StringComparer.Ordinal);
        }
    }

    public bool HoldsOnly(TileFormat format) => Use().Keys.All(extension => extension == TilePath.ExtensionOf(layout, format));

    /// <summary>Knows what is there now; from here on every change is counted by who makes it.</summary>
    public void BeginCounting()
    {
        lock (_counting)
        {
            Know();
        }
    }

    public void Count(TileFormat format, long tiles, long bytes)
    {
        lock (_counting)
        {
            Know();
            if (_isWritten)
            {
                // Not true any more; a crash must not make it so.
                File.Delete(System.IO.Path.Combine(Path, UseName));
                _isWritten = false;
            }

            var extension = TilePath.ExtensionOf(layout, format);
            var before = _use.GetValueOrDefault(extension);
            _use[extension] = (Math.Max(0, before.Tiles + tiles), Math.Max(0, before.Bytes + bytes));
        }
    }

    /// <summary>To be known at the next start.</summary>
    public void Save()
    {
        lock (_counting)
        {
            if (_isKnown && !_isWritten && Directory.Exists(Path))
            {
                File.WriteAllLines(System.IO.Path.Combine(Path, UseName), _use.Select(use => string.Create(CultureInfo.InvariantCulture, $"{use.Key} {use.Value.Tiles} {use.Value.Bytes}")));
                _isWritten = true;
            }
        }
    }

    /// <summary>Files of tiles, in their folders.</summary>
    public IEnumerable<FileInfo> Files() => Directory.Exists(Path)
        ? new DirectoryInfo(Path).EnumerateDirectories().SelectMany(folder => folder.EnumerateFiles()).Where(file => file.Name[0] != '.')
        : [];

    /// <summary>The tile of a file; its ending for Brotli is left out.</summary>
    public (TileIndex Tile, TileFormat Format)? Read(FileInfo file, int rows) =>
        TilePath.ReadName(layout, $"{file.Directory!.Name}/{(file.Name.EndsWith(TileFile.BrotliEnding, StringComparison.Ordinal) ? file.Name[..^3] : file.Name)}", rows);

    private void Know()
    {
        if (_isKnown)
        {
            return;
        }

        _isKnown = true;
        try
        {
            foreach (var line in File.ReadAllLines(System.IO.Path.Combine(Path, UseName)))
            {
                var words = line.Split(' ');
                _use[words[0]] = (long.Parse(words[1], CultureInfo.InvariantCulture), long.Parse(words[2], CultureInfo.InvariantCulture));
            }

            _isWritten = true;
            return;
        }
        catch (Exception reason) when (reason is IOException or FormatException or IndexOutOfRangeException)
        {
            _use.Clear();
        }

        var shared = new HashSet<(long, DateTime)>();
        foreach (var file in Files())
        {
            if (Read(file, 1 << 30) is not { Format: var format })
            {
                continue;
            }

            var counts = !TileFile.IsShared(file.LastWriteTimeUtc) || shared.Add((file.Length, file.LastWriteTimeUtc));
            var extension = TilePath.ExtensionOf(layout, format);
            var before = _use.GetValueOrDefault(extension);
            _use[extension] = (before.Tiles + 1, before.Bytes + (counts ? file.Length : 0));
        }
    }
}
