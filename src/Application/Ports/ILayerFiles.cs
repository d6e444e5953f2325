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

    /// <summary>Sees to it that a layer's data are on this node. To be called before they are read: where nodes share layers, the first time takes as long as fetching them.</summary>
    /// <exception cref="IOException">They can't be fetched now.</exception>
    /// <exception cref="Nodes.ElsewhereException">They lie at another node.</exception>
    ValueTask BringAsync(Layer layer, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Where the file of a layer's source is, once <see cref="BringAsync"/> has seen to it.</summary>
    /// <param name="path">Of its source: absolute ones stay as they are.</param>
    string PathOf(string layer, string path);

    /// <summary>
    /// Notes, so that it outlives a crash, that a folder may be needed no more: <see cref="SweepAsync"/> deletes it, if by then its layer does not name it.
    /// To be called before the layer's row changes.
    /// </summary>
    void Doubt(string layer, string folder);

    /// <summary>Deletes a folder wherever it is kept; nothing, when there is none.</summary>
    Task DeleteAsync(string layer, string folder, CancellationToken cancellationToken) => Task.CompletedTask;

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

    /// <summary>Bytes of what was written so far.</summary>
    public abstract long Length { get; }

    /// <summary>Makes a file in it.</summary>
    public abstract Stream Create(string name);

    /// <summary>Gives a file that another layer has a name in this one, too: its bytes lie there once, until the last name is gone. Nobody writes into the files of layers.</summary>
    /// <param name="path">Of the other layer's source.</param>
    /// <returns><see langword="false"/> when it is gone, or the file system knows no second names: it has to be copied.</returns>
    public abstract bool TryShare(string layer, string path, string name);

    /// <summary>Where a file of that name in it is now; absolute.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    public abstract void Rename(string name, string next);

    /// <summary>Moves them to where a layer's data are; they are in doubt until <see cref="Keep"/>. May be called again with another id.</summary>
    /// <returns>The folder's name, which a source's relative path begins with.</returns>
    public abstract string Place(string layer, long revision);

    /// <summary>Makes what was placed readable on all nodes that share the layers; before the row names it.</summary>
    public virtual Task ShareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The layer's row names them.</summary>
    public abstract void Keep();

    public abstract void Dispose();
}

/// <summary>The folders of the setting <c>Layers:Folders</c>, whose files an administrator may name.</summary>
public interface IOperatorFolders
{
    /// <returns>The file, behind all links; or why it can't be had, in words that tell nothing of what else there is.</returns>
    (string? Path, string? Refusal) Find(string path);

    /// <returns>The folder, one of those or below, behind all links; or why it can't be had.</returns>
    (string? Path, string? Refusal) FindFolder(string path);
}

/// <summary>The sample data beside the server's own, if it has them.</summary>
public interface ISampleFiles
{
    /// <returns>Its path; <see langword="null"/> when there is no such sample.</returns>
    string? Find(string name);

    /// <summary>Ids of the samples that were published before, whatever has become of them.</summary>
    IReadOnlySet<string> Published();

    void NotePublished(string id);
}
