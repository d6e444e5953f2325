using System.Collections.Frozen;
using System.Globalization;
using GeoWps.Application.Ports;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>
/// The tile matrix sets of this server: those of the OGC's register, one for CGCS2000, what the operator dropped in, and what came with a layer of another
/// server. A set of the operator's with the id of a registered one stands in its place.
/// </summary>
public sealed class TileMatrixSets : ITileGrids
{
    private const string Folder = ".Tiles.Registry.";
    private readonly Lock _defining = new();
    private readonly IDefinedSets? _files;
    private volatile Snapshot _now;

    /// <param name="more">Documents of the operator's: the name for errors, and the JSON. They are read now.</param>
    /// <param name="files">Where sets are kept that are defined later; <see langword="null"/>: until the end.</param>
    /// <exception cref="FormatException">One of them is wrong; the message names the document and the place.</exception>
    public TileMatrixSets(IEnumerable<(string Name, byte[] Json)> more, IDefinedSets? files = null)
    {
        _files = files;
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

        _now = Snapshot.Of(sets);

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
    public IReadOnlyList<string> Ids => _now.Ids;

    public bool Has(string id) => _now.Sets.ContainsKey(id);

    public TileMatrixSet? Find(string id) => _now.Sets.TryGetValue(id, out var known) ? known.Value.Set : null;

    /// <summary>The set's own document (JSON), as it is registered or was dropped in.</summary>
    public ReadOnlyMemory<byte>? Document(string id) => _now.Sets.TryGetValue(id, out var known) ? known.Value.Json : null;

    /// <summary>Takes in a set, under its own id or, where that is another set's, with a number. One with the same matrices stands for it.</summary>
    /// <returns>The set as it is here, and whether it is new.</returns>
    public (TileMatrixSet Set, bool IsNew) Define(TileMatrixSet proposed)
    {
        lock (_defining)
        {
            for (var number = 1; ; number++)
            {
                var id = number == 1 ? proposed.Id : string.Create(CultureInfo.InvariantCulture, $"{proposed.Id}-{number}");
                var json = TileMatrixSetWriter.Write(proposed, id);
                if (Find(id) is not { } taken)
                {
                    // Read back, it is what it will be after the next start.
                    var set = TileMatrixSetReader.Read(json, id);
                    _files?.Keep(id, json);
                    _now = Snapshot.Of(new Dictionary<string, Lazy<Known>>(_now.Sets, StringComparer.Ordinal) { [id] = new(new Known(set, json)) });
                    return (set, true);
                }

                if (TileMatrixSetWriter.Write(taken, id).AsSpan().SequenceEqual(json))
                {
                    return (taken, false);
                }
            }
        }
    }

    /// <summary>Takes back what was defined for a layer that did not come to be.</summary>
    public void Forget(string id)
    {
        lock (_defining)
        {
            var left = new Dictionary<string, Lazy<Known>>(_now.Sets, StringComparer.Ordinal);
            left.Remove(id);
            _now = Snapshot.Of(left);
            _files?.Remove(id);
        }
    }

    private sealed record Known(TileMatrixSet Set, byte[] Json);

    private sealed record Snapshot(FrozenDictionary<string, Lazy<Known>> Sets, IReadOnlyList<string> Ids)
    {
        public static Snapshot Of(Dictionary<string, Lazy<Known>> sets) => new(sets.ToFrozenDictionary(StringComparer.Ordinal), [.. sets.Keys.Order(StringComparer.Ordinal)]);
    }
}
