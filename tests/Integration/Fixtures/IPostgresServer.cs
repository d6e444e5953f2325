namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A PostgreSQL for tests, wherever it comes from.</summary>
public interface IPostgresServer
{
    /// <summary>An empty database of its own for a test; it goes with the server.</summary>
    /// <param name="extensions">That it has: <c>postgis</c>.</param>
    /// <returns>How to connect to it, as a user who may do everything.</returns>
    Task<string> CreateDatabaseAsync(params string[] extensions);
}

/// <summary>Where it comes from.</summary>
internal interface IPostgresWay : IPostgresServer, IAsyncLifetime
{
    /// <summary>Ends it; its databases stay.</summary>
    Task StopAsync();

    /// <summary>Ends it as a crash does: nothing is written that was not; the next start reads its log again.</summary>
    Task CrashAsync();

    Task StartAgainAsync();
}
