using System.Data.Common;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>A row of the table <c>tokens</c>, both ways.</summary>
internal static class TokenRow
{
    /// <summary>What <see cref="Read"/> expects, in this order.</summary>
    public const string Columns = "name, digest, rights, created, expires, last_used";

    public static StoredToken Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), (Rights)row.GetInt32(2), JobRow.Time(row, 3), TimeOrNone(row, 4), TimeOrNone(row, 5));

    public static (string Name, object? Value)[] ValuesOf(StoredToken token) =>
    [
        ("@name", token.Name),
        ("@digest", token.Digest),
        ("@rights", (int)token.Rights),
        ("@created", UnixTime.Floor(token.Created)),
        ("@expires", token.Expires is { } expires ? UnixTime.Floor(expires) : null),
        ("@last_used", token.LastUsed is { } used ? UnixTime.Floor(used) : null),
    ];

    private static DateTimeOffset? TimeOrNone(DbDataReader row, int column) => row.IsDBNull(column) ? null : JobRow.Time(row, column);
}
