namespace GeoWps.Application.Ports;

/// <summary>The newest editions of documents that all nodes make alike. Every implementation passes <c>EditionStoreContract</c>.</summary>
public interface IEditionStore
{
    /// <summary>The newest edition is of this content from now on: the one that is, when its content is the same; else another one, which other nodes are told of.</summary>
    /// <param name="document">What callers ask for, in a word.</param>
    /// <param name="content">A digest.</param>
    /// <returns>Its number: the time of the change in milliseconds (Unix), and above all before it, whatever the clock says.</returns>
    Task<long> TakeAsync(string document, string content, CancellationToken cancellationToken);

    /// <returns><see langword="null"/> when there has been none.</returns>
    Task<Edition?> NewestAsync(string document, CancellationToken cancellationToken);

    /// <summary>Calls <paramref name="heard"/> when a document (<see langword="null"/>: any) may have a new edition of another node's. It must not take long.</summary>
    IDisposable? Listen(Action<string?> heard) => null;
}

/// <inheritdoc cref="IEditionStore.TakeAsync" path="/param"/>
/// <param name="Number">In milliseconds (Unix).</param>
public sealed record Edition(string Content, long Number);
