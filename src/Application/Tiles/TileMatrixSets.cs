using System.Collections.Frozen;
using GeoWps.Application.Ports;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>
/// The tile matrix sets of this server: those of the OGC's register, one for CGCS2000, and what the operator dropped in. A set of the operator's with the id of
/// a registered one stands in its place.
/// </summary>
public sealed class TileMatrixSets : ITileGrids
{
    private const string Folder = ".Tiles.Registry.";
    private readonly FrozenDictionary<string, Lazy<Known>> _sets;

    /// <param name="more">Documents of the operator's: the name for errors, and the JSON. They are read now.</param>
    /// <exception cref="FormatException">One of them is wrong; the message names the document and the place.</exception>
    public TileMatrixSets(IEnumerable<(string Name, byte[] Json)> more)
    {
        var sets = new Dictionary<string, Lazy<Known>>(StringComparer.Ordinal);
        var assembly = typeof(TileMatrixSets).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(Folder, StringComparison.Ordinal)))
        {
            // Most of them are never asked for: the sixty zones of UTM are read when they are.
            var id = Path.GetFileNameWithoutExtension(resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..]);
            sets[id] = new Lazy<Known>(() => Read(resource));
        }

        foreach (var (name, json) in more)
        {
            var set = TileMatrixSetReader.Read(json, name);
            sets[set.Id] = new Lazy<Known>(new Known(set, json));
        }

        _sets = sets.ToFrozenDictionary(StringComparer.Ordinal);
        Ids = [.. sets.Keys.Order(StringComparer.Ordinal)];

        Known Read(string resource)
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return new Known(TileMatrixSetReader.Read(bytes, resource), bytes);
        }
    }

    public TileMatrixSets()
        : this([])
    {
    }

    /// <summary>In order.</summary>
    public IReadOnlyList<string> Ids { get; }

    public TileMatrixSet? Find(string id) => _sets.TryGetValue(id, out var known) ? known.Value.Set : null;

    /// <summary>The set's own document (JSON), as it is registered or was dropped in.</summary>
    public ReadOnlyMemory<byte>? Document(string id) => _sets.TryGetValue(id, out var known) ? known.Value.Json : null;

    private sealed record Known(TileMatrixSet Set, byte[] Json);
}
