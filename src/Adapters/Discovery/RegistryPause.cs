using GeoWps.Application;

namespace GeoWps.Adapters.Discovery;

/// <summary>Before a registry that did not answer is asked again.</summary>
internal static class RegistryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <param name="failures">In a row, at least one.</param>
    public static TimeSpan After(int failures, TimeSpan most) => Backoff.After(failures - 1, First, most);
}
