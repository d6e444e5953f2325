using GeoWps.Domain.Layers;

namespace GeoWps.Application.Ports;

/// <summary>Keeps layers. Every implementation passes <c>LayerStoreContract</c>. Nothing of it is read at the start of a node: 20,000 layers cost no more than 20.</summary>
public interface ILayerStore
{
    /// <summary>The newest revision; <see langword="null"/> when there is none.</summary>
    ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken);

    /// <returns><see langword="false"/> when the id is taken.</returns>
    Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken);

    /// <summary>Writes <paramref name="next"/> over the revision before it.</summary>
    /// <returns><see langword="false"/> when another writer was first, or it is gone.</returns>
    Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken);

    /// <inheritdoc cref="TryReplaceAsync(Layer, CancellationToken)"/>
    /// <param name="owed">What is to be done after it (told the layer that is replaced): stored with it, or not at all. A store that forgets everything forgets that, too.</param>
    Task<bool> TryReplaceAsync(Layer next, Func<Layer, IReadOnlyList<Message>> owed, CancellationToken cancellationToken) => TryReplaceAsync(next, cancellationToken);

    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <inheritdoc cref="RemoveAsync(string, CancellationToken)"/>
    /// <param name="owed">As in replacing: told the layer that is removed.</param>
    Task<bool> RemoveAsync(string id, Func<Layer, IReadOnlyList<Message>> owed, CancellationToken cancellationToken) => RemoveAsync(id, cancellationToken);

    /// <summary>By id (ordinal), those after <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken);

    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>A digest of which layers there are, in which revisions: the same for all who ask, and another one after each change.</summary>
    Task<string> DigestAsync(CancellationToken cancellationToken);

    /// <summary>Those whose time is over.</summary>
    Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>How many have an end, and what their data take.</summary>
    Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken);
}

/// <param name="Bytes">In the data directory.</param>
public sealed record LayerUse(long Layers, long Bytes);
