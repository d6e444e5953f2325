using System.Globalization;
using System.Reflection;

namespace GeoWps.Adapters.Storage.Sqlite;

/// <summary>
/// Brings a database to the schema of this program: the scripts <c>NNN-name.sql</c> beside this file, in their order, from the version that
/// <c>user_version</c> names. A script that was released is never changed.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>The ending of the scripts of the database of jobs, which is that of files.</summary>
    public const string Jobs = ".sql";

    private static Assembly Assembly => typeof(SqliteSchema).Assembly;

    /// <param name="ending">Of the scripts' names among the resources.</param>
    /// <returns>The versions before and now.</returns>
    /// <exception cref="StorageUnavailableException">A newer program has written it.</exception>
    public static (long From, long To) Upgrade(SqliteSession session, string databaseName, string ending)
    {
        var scripts = Scripts(ending);
        var newest = scripts[^1].Version;
        session.Run("BEGIN IMMEDIATE");
        try
        {
            var found = session.Number("PRAGMA user_version") ?? 0;
            if (found > newest)
            {
                throw new StorageUnavailableException(
                    $"Data:Directory: {databaseName} has schema version {found}, this program knows versions up to {newest}: "
                    + "start the program that wrote it, or a newer one.");
            }

            foreach (var (version, name) in scripts.Where(script => script.Version > found))
            {
                session.Run(Read(name));
                session.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"));
            }

            session.Run("COMMIT");
            return (found, newest);
        }
        catch
        {
            session.Run("ROLLBACK");
            throw;
        }
    }

    private static List<(long Version, string Name)> Scripts(string ending) =>
    [
        .. Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(ending, StringComparison.Ordinal))
            .Select(name => (long.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture), name))
            .Order(),
    ];

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
