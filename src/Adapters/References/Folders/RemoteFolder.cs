namespace GeoWps.Adapters.References.Folders;

/// <summary>A connection to a server of files, for one run.</summary>
internal interface IRemoteFolder : IAsyncDisposable
{
    /// <summary>What is in a folder, without itself and its parent.</summary>
    /// <param name="path">From the root, with slashes.</param>
    IAsyncEnumerable<RemoteEntry> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>A file below a folder, to which no link leads as far as the server tells.</summary>
    /// <param name="root">From the server's root; empty: that itself.</param>
    /// <returns><see langword="null"/>: there is none.</returns>
    Task<RemoteEntry?> FindAsync(string root, string path, CancellationToken cancellationToken);

    /// <summary>The content of a file; read and disposed of before anything else is asked for.</summary>
    Task<Stream> OpenAsync(string path, CancellationToken cancellationToken);
}

/// <param name="Length">Bytes; -1: the server does not say.</param>
/// <param name="Modified">As the server says it; <see langword="null"/>: it does not.</param>
internal readonly record struct RemoteEntry(string Name, RemoteEntryKind Kind, long Length, DateTimeOffset? Modified);

internal enum RemoteEntryKind
{
    File,
    Folder,

    /// <summary>A link, a device: nothing to read.</summary>
    Other,
}
