namespace GeoWps.Adapters.Storage.Files;

/// <summary>Lets only one change of a key through at a time; a fixed number of locks, so two keys share one now and then.</summary>
internal sealed class KeyLocks
{
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 256).Select(_ => new Lock())];

    public Lock For(string key) => _locks[(uint)key.GetHashCode(StringComparison.Ordinal) % _locks.Length];
}
