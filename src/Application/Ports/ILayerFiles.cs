using GeoWps.Domain.Layers;

namespace GeoWps.Application.Ports;

/// <summary>
/// Keeps what layers own in the data directory: <c>layers/{id}/{revision}-{number}/…</c>, a folder for each time that a layer's data were published. A folder
/// appears whole under its name. Whatever dies in the middle leaves nothing that the next start does not clear, and no start looks at every layer.
/// </summary>
public interface ILayerFiles
{
    /// <summary>A new folder aside, to be written.</summary>
    LayerDraft Begin();

    /// <summary>Where the file of a layer's source is.</summary>
    /// <param name="path">Of its source: absolute ones stay as they are.</param>
    string PathOf(string layer, string path);

    /// <summary>
    /// Notes, so that it outlives a crash, that a folder may be needed no more: <see cref="SweepAsync"/> deletes it, if by then its layer does not name it.
    /// To be called before the layer's row changes.
    /// </summary>
    void Doubt(string layer, string folder);

    /// <summary>Deletes the folders in doubt that no layer names, once they are <paramref name="age"/> old: until then a reader may be about to open them.</summary>
    /// <param name="find">The layer of an id.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> SweepAsync(TimeSpan age, Func<string, CancellationToken, ValueTask<Layer?>> find, CancellationToken cancellationToken);
}

/// <summary>Data of a layer that are being written. Disposing of it removes them, unless they are kept.</summary>
public abstract class LayerDraft : IDisposable
{
    /// <summary>Where they are now; absolute.</summary>
    public abstract string Folder { get; }

    /// <summary>Moves them to where a layer's data are; they are in doubt until <see cref="Keep"/>. May be called again with another id.</summary>
    /// <returns>The folder's name, which a source's relative path begins with.</returns>
    public abstract string Place(string layer, long revision);

    /// <summary>The layer's row names them.</summary>
    public abstract void Keep();

    public abstract void Dispose();
}
