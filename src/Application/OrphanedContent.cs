using GeoWps.Application.Ports;

namespace GeoWps.Application;

/// <summary>Content below the id of something (<c>prefix/id/…</c>) that is not there any more, or never came to be.</summary>
public static class OrphanedContent
{
    /// <summary>Removes it.</summary>
    /// <param name="prefix">Ends in a slash; the id is the part of a key behind it.</param>
    /// <param name="before">What was stored since is left: what it belongs to may be on its way.</param>
    /// <param name="isOrphaned">Asked once for each id; of what is no id, <see langword="false"/>.</param>
    /// <returns>Of how many ids there was content and nothing else.</returns>
    public static async Task<int> RemoveAsync(IBlobStore blobs, string prefix, DateTimeOffset before, Func<string, Task<bool>> isOrphaned, CancellationToken cancellationToken)
    {
        var judged = new Dictionary<string, bool>(StringComparer.Ordinal);
        await foreach (var blob in blobs.ListAsync(prefix, cancellationToken))
        {
            var id = blob.Key[prefix.Length..].Split('/', 2)[0];
            if (blob.LastModified < before && !judged.ContainsKey(id))
            {
                judged.Add(id, await isOrphaned(id));
            }
        }

        foreach (var (id, _) in judged.Where(one => one.Value))
        {
            await blobs.DeleteAllAsync($"{prefix}{id}/", cancellationToken);
        }

        return judged.Values.Count(isGone => isGone);
    }
}
