using GeoWps.Adapters.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>The database class over a server that is there already.</summary>
internal static class Databases
{
    public static Task<PostgresDatabase> OpenAsync(string connection) => PostgresDatabase.OpenAsync(connection, TimeSpan.Zero, NullLogger.Instance, CancellationToken.None);
}
