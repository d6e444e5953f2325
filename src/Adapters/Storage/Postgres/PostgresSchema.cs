using System.Data;
using System.Globalization;
using System.Reflection;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// Brings a database to the schema of this program: the scripts <c>NNN-name.sql</c> beside this file, in their order, each in a transaction of its own, from
/// the version that <c>geowps.schema_version</c> names. A script that was released is never changed. Of many nodes that start at once one does it, the others wait.
/// </summary>
internal static class PostgresSchema
{
    private const string Suffix = ".postgres";
    private const string Lock = "SELECT pg_advisory_lock(7310246115)";
    private const string Unlock = "SELECT pg_advisory_unlock(7310246115)";

    private static Assembly Assembly => typeof(PostgresSchema).Assembly;

    /// <summary>The version of this program.</summary>
    public static int Newest => Scripts()[^1].Version;

    /// <returns>From which version to which it was brought here; the same twice when there was nothing to do, or another node did it.</returns>
    /// <exception cref="StorageUnavailableException">A newer program has written it.</exception>
    public static async Task<(int From, int To)> UpgradeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var scripts = Scripts();
        var newest = scripts[^1].Version;
        var found = await VersionAsync(connection, cancellationToken);
        Refuse(found, newest);
        if (found == newest)
        {
            return (found, found);
        }

        // Over all scripts: so one node does them, and one says so. It goes with the connection, whatever becomes of this.
        await RunAsync(connection, Lock, cancellationToken);
        try
        {
            return await UpgradeAsync(connection, scripts, cancellationToken);
        }
        finally
        {
            if (connection.State == ConnectionState.Open)
            {
                await RunAsync(connection, Unlock, CancellationToken.None);
            }
        }
    }

    private static async Task<(int From, int To)> UpgradeAsync(NpgsqlConnection connection, List<(int Version, string Name)> scripts, CancellationToken cancellationToken)
    {
        var newest = scripts[^1].Version;
        var found = await VersionAsync(connection, cancellationToken);
        Refuse(found, newest);
        var before = found;
        while (found < newest)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (scripts.Find(script => script.Version > found) is { Name: not null } next)
            {
                await RunAsync(connection, found == 0 ? First : "", cancellationToken);
                await RunAsync(connection, Read(next.Name), cancellationToken);
                await RunAsync(
                    connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO geowps.schema_version (version, name) VALUES ({next.Version}, '{next.Name[..^Suffix.Length]}')"), cancellationToken);
                found = next.Version;
            }

            await transaction.CommitAsync(cancellationToken);
        }

        return (before, found);
    }

    // Who may not make schemas can be given one.
    private const string First =
        """
        DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'geowps') THEN CREATE SCHEMA geowps; END IF; END $$;
        CREATE TABLE geowps.schema_version (version integer NOT NULL PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())
        """;

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // From the catalogue: to_regclass may remember, from before the lock, that there is none.
        await using (var look = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'geowps' AND tablename = 'schema_version')", connection))
        {
            if (await look.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return 0;
            }
        }

        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM geowps.schema_version", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static void Refuse(int found, int newest)
    {
        if (found > newest)
        {
            throw new StorageUnavailableException(string.Create(
                CultureInfo.InvariantCulture,
                $"Storage:ConnectionString: the database has schema version {found}, this program knows versions up to {newest}: start the program that wrote it, or a newer one."));
        }
    }

    private static List<(int Version, string Name)> Scripts() =>
    [
        .. Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture), name))
            .Order(),
    ];

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        if (sql.Length > 0)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
