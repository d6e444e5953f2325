using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace GeoWps.Adapters.Gateway.Forwarding;

/// <summary>In which of several stores a thing is that not all of them have: a job, a layer, a file. It is found out, and remembered for as long as it is asked for now and then.</summary>
internal sealed class Homes
{
    private const int MostOfAge = 20_000;

    private ConcurrentDictionary<string, string> _young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, string> _old = new(StringComparer.Ordinal);

    /// <param name="thing">As <see cref="ThingOf"/> gives it.</param>
    public string? Find(string thing)
    {
        if (_young.TryGetValue(thing, out var store))
        {
            return store;
        }

        if (_old.TryGetValue(thing, out store))
        {
            Remember(thing, store);
        }

        return store;
    }

    public void Remember(string thing, string store)
    {
        _young[thing] = store;
        if (_young.Count > MostOfAge)
        {
            _old = Interlocked.Exchange(ref _young, new ConcurrentDictionary<string, string>(StringComparer.Ordinal));
        }
    }

    public void Forget(string thing)
    {
        _young.TryRemove(thing, out _);
        _old.TryRemove(thing, out _);
    }

    /// <summary>The part of a path that names one thing: up to what stands for the template's first parameter, or all of it where that is the rest.</summary>
    /// <returns><see langword="null"/> where the template names nothing.</returns>
    public static string? ThingOf(string template, string path)
    {
        var parameter = template.IndexOf('{', StringComparison.Ordinal);
        if (parameter < 0)
        {
            return null;
        }

        if (template[(parameter + 1)..].StartsWith('*'))
        {
            return path;
        }

        var end = 0;
        for (var slashes = template.AsSpan(0, parameter).Count('/'); slashes > 0 && end >= 0; slashes--)
        {
            end = path.IndexOf('/', end) is var slash and >= 0 ? slash + 1 : -1;
        }

        if (end <= 0)
        {
            return null;
        }

        var next = path.IndexOf('/', end);
        return next < 0 ? path : path[..next];
    }

    /// <summary>The first two parts of a path: <c>/files/FOLDER</c>.</summary>
    public static string FolderOf(string path) => string.Join('/', path.Split('/').Take(3));

    /// <summary>The store that a new thing goes to, of all that there are: the same one as long as they are the same, and most stay when one comes or goes.</summary>
    public static string ChosenFor(string thing, IEnumerable<string> stores) =>
        stores.MaxBy(store => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{store}\n{thing}"))))!;
}
