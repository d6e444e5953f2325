using GeoWps.Application.Security;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>The administrator's token of a cluster whose settings have none: made once, in the database.</summary>
internal sealed class AgreedToken
{
    /// <summary><see langword="null"/> where there is no cluster, or the settings have one.</summary>
    public string? Value { get; private set; }

    /// <summary>Whether this node has made it, just now.</summary>
    public bool IsNew { get; private set; }

    public async Task AgreeAsync(PostgresDatabase database) => (Value, IsNew) = await database.AgreeAsync("admin-token", AdminToken.Make, CancellationToken.None);
}
