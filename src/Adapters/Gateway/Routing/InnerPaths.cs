namespace GeoWps.Adapters.Gateway.Routing;

/// <summary>What of a node is for those inside the cluster only: <c>/admin</c>, <c>/metrics</c>, <c>/health</c> and everything below.</summary>
internal static class InnerPaths
{
    private const int MaxDecoding = 4;

    private static readonly string[] _names = ["admin", "metrics", "health"];

    /// <summary>However it is written: a node, or what stands before it, may read escapes, dots and slashes in its own way.</summary>
    public static bool Holds(string path)
    {
        if (IsPlain(path))
        {
            var end = path.AsSpan(1).IndexOf('/');
            return IsInner(end < 0 ? path.AsSpan(1) : path.AsSpan(1, end));
        }

        // Each reading counts: some readers decode once, others more often, others not at all; to some a backslash is a slash.
        for (var i = 0; ; i++)
        {
            if (FirstIsInner(path, '/') || FirstIsInner(path, '/', '\\'))
            {
                return true;
            }

            if (i == MaxDecoding || !path.Contains('%', StringComparison.Ordinal))
            {
                return false;
            }

            path = Uri.UnescapeDataString(path);
        }
    }

    private static bool IsPlain(string path) =>
        path.Length > 0 && path[0] == '/' && path.AsSpan().IndexOfAny('%', '\\', ';') < 0 && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal);

    // Dots lead upwards only as far as the root. A segment that a later one takes back is judged, too: not everybody takes it back.
    private static bool FirstIsInner(string path, params char[] slashes)
    {
        var kept = new Stack<string>();
        foreach (var segment in path.Split(slashes, StringSplitOptions.RemoveEmptyEntries))
        {
            var name = segment.Split(';')[0].Trim();
            if (name == "..")
            {
                kept.TryPop(out _);
            }
            else if (name is not ("." or ""))
            {
                if (kept.Count == 0 && IsInner(name))
                {
                    return true;
                }

                kept.Push(name);
            }
        }

        return false;
    }

    private static bool IsInner(ReadOnlySpan<char> name)
    {
        foreach (var inner in _names)
        {
            if (name.Equals(inner, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
