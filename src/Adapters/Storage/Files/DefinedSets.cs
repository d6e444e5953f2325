using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>Tile matrix sets that came with layers: JSON documents in <c>layers/.tile-matrix-sets</c> of the data directory.</summary>
/// <remarks>What was being written when the server died has another ending and is passed over.</remarks>
internal sealed class DefinedSets(string dataDirectory) : IDefinedSets
{
    private readonly string _folder = Path.Combine(dataDirectory, "layers", ".tile-matrix-sets");

    public IEnumerable<(string Name, byte[] Json)> Read() => Directory.Exists(_folder)
        ? Directory.EnumerateFiles(_folder, "*.json").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))
        : [];

    public void Keep(string id, byte[] json)
    {
        Directory.CreateDirectory(_folder);
        var path = PathOf(id);
        File.WriteAllBytes(path + ".new", json);
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Remove(string id) => File.Delete(PathOf(id));

    // An id is part of a path: here is where it must be one.
    private string PathOf(string id) => Domain.Layers.Layer.IsId(id) ? Path.Combine(_folder, id + ".json") : throw new ArgumentException($"'{id}' can't be a file's name.", nameof(id));
}
