using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Layers;

/// <summary>The folder <c>samples</c> of the data directory, and a list of what was published of it.</summary>
internal sealed class SampleFiles(string root) : ISampleFiles
{
    private readonly string _published = Path.Combine(root, "layers", ".samples");

    public string? Find(string name) => Path.Combine(root, "samples", name) is var path && File.Exists(path) ? path : null;

    public IReadOnlySet<string> Published() =>
        File.Exists(_published) ? File.ReadAllLines(_published).ToHashSet(StringComparer.Ordinal) : new HashSet<string>(StringComparer.Ordinal);

    public void NotePublished(string id) => File.AppendAllLines(_published, [id]);
}
