namespace GeoWps.Adapters.Http.Transport;

/// <summary>Whether a connection is being read: by one thread at a time, and once more when something came while it was.</summary>
internal static class Reading
{
    public const int Idle = 0;
    private const int Running = 1;
    private const int Again = 2;

    /// <summary>Something came.</summary>
    /// <returns>Whether the caller is to read; whoever does already will see to it otherwise.</returns>
    public static bool Begins(ref int state)
    {
        while (true)
        {
            var before = Volatile.Read(ref state);
            if (before == Again || Interlocked.CompareExchange(ref state, before == Idle ? Running : Again, before) == before)
            {
                return before == Idle;
            }
        }
    }

    /// <summary>There is nothing more to read.</summary>
    /// <returns><see langword="false"/> when something came meanwhile: the caller reads on.</returns>
    public static bool Ends(ref int state)
    {
        if (Interlocked.CompareExchange(ref state, Idle, Running) == Running)
        {
            return true;
        }

        Volatile.Write(ref state, Running);
        return false;
    }
}
