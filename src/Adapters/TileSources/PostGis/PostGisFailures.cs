using System.Net.Sockets;
using GeoWps.Application.Ports;
using Npgsql;

namespace GeoWps.Adapters.TileSources.PostGis;

/// <summary>What a failure of the database is to whoever asked for a tile. The database's own words stay in the log.</summary>
internal static class PostGisFailures
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(10);

    public static bool IsOfDatabase(Exception failure) => failure is NpgsqlException or SocketException or TimeoutException or IOException;

    public static TileSourceException Of(Exception failure, TimeSpan timeLimit)
    {
        var (message, retryAfter) = Told(failure, timeLimit);
        return new TileSourceException(message, failure, retryAfter);
    }

    /// <returns>In words that are safe to show, and when asking again may help.</returns>
    public static (string Message, TimeSpan? RetryAfter) Told(Exception failure, TimeSpan timeLimit) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => ($"the database took longer than {timeLimit.TotalSeconds:0} seconds", _soon * 3),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => ("the database has no such table", null),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedColumn } => ("the database's table has no such column", null),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject } => ("the database has no PostGIS, or a query uses what it does not have", null),
        PostgresException { SqlState: PostgresErrorCodes.SyntaxError } => ("the database can't read the query", null),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => ("the database does not let this server read it", null),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => ("the query writes; it may only read", null),
        PostgresException { SqlState: ['2', '8', ..] or "3D000" } => ("the database does not let this server in", _soon * 6),
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] } => ("the database is not available", _soon),
        PostgresException { MessageText: var text } when text.Contains("SRID", StringComparison.Ordinal) => ("the database does not know the coordinate reference system", null),
        PostgresException => ("the database can't do it; the log says why", null),
        _ => ("the database does not answer", _soon),
    };
}
