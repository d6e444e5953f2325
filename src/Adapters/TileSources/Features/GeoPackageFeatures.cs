using System.Globalization;
using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.TileSources.Features;

/// <summary>One table of features and a pooled connection that can only read. Whoever opens a cursor on it hands it over to that.</summary>
internal sealed class GeoPackageFeatures : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _table;
    private readonly string _geometry;
    private readonly string _key;

    /// <exception cref="FeatureStoreException">There is no such table, or nothing tells its features apart.</exception>
    public GeoPackageFeatures(string path, string table)
    {
        _table = table;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 5 }.ToString());
        try
        {
            _connection.Open();

            // Files may be of strangers: nothing in their schema is run.
            using var safe = _connection.CreateCommand();
            safe.CommandText = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -8192;";
            safe.ExecuteNonQuery();
            _geometry = Text("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = @name", table)
                ?? throw new FeatureStoreException($"The layer's file has no table {table} with geometries.");
            _key = Text("SELECT name FROM pragma_table_info(@name) WHERE pk = 1 AND upper(type) = 'INTEGER'", table)
                ?? throw new FeatureStoreException($"The table {table} has no primary key of one whole number.");
            HasTree = Text("SELECT name FROM sqlite_master WHERE name = @name", Tree) is not null;
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public bool HasTree { get; }

    private string Tree => $"rtree_{_table}_{_geometry}";

    /// <summary>How many features may be in some areas; at most <paramref name="most"/>.</summary>
    public long CountInTree(IReadOnlyList<Extent> areas, long most)
    {
        if (areas.Count == 0)
        {
            return 0;
        }

        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM (SELECT 1 FROM {Quoted(Tree)} WHERE {InTree(command, areas)} LIMIT {most.ToString(CultureInfo.InvariantCulture)})";
        return (long)command.ExecuteScalar()!;
    }

    /// <param name="fromTree">The R-tree finds the features in the query's areas; else all are looked at in their order.</param>
    public GeoPackageCursor Read(FeatureQuery query, IReadOnlyList<LayerField> fields, bool fromTree, CancellationToken cancellationToken)
    {
        var command = _connection.CreateCommand();
        var where = new List<string>();
        if (query.After is { } after)
        {
            where.Add($"{Quoted(_key)} > {Bind(command, GeoPackageFeatureStore.TryId(after, out var id) ? id : throw new ArgumentException("It is no id.", nameof(query)))}");
        }

        if (query.Ids is { } ids)
        {
            where.Add($"{Quoted(_key)} IN ({string.Join(", ", ids.Where(text => GeoPackageFeatureStore.TryId(text, out _)).Select(text => Bind(command, long.Parse(text, CultureInfo.InvariantCulture))))})");
        }

        if (query.Areas is { } areas && (fromTree || areas.Count == 0))
        {
            where.Add(areas.Count == 0 ? "0" : $"{Quoted(_key)} IN (SELECT id FROM {Quoted(Tree)} WHERE {InTree(command, areas)})");
        }

        where.AddRange(query.Matches.Select(match => Equal(command, match)));
        if (query.Time is { } time)
        {
            where.AddRange(During(command, time.Field, time.Interval.From, time.Interval.To));
        }

        var columns = string.Concat(fields.Select(field => ", " + Quoted(field.Name)));
        command.CommandText = $"SELECT {Quoted(_key)}, {Quoted(_geometry)}{columns} FROM {Quoted(_table)}{(where.Count > 0 ? " WHERE " + string.Join(" AND ", where) : "")} ORDER BY {Quoted(_key)}";
        return new GeoPackageCursor(this, command, fields, query.Areas, query.Limit, cancellationToken);
    }

    public void Dispose() => _connection.Dispose();

    private static string InTree(SqliteCommand command, IReadOnlyList<Extent> areas) => string.Join(" OR ", areas.Select(area =>
        $"(maxx >= {Bind(command, area.MinX)} AND minx <= {Bind(command, area.MaxX)} AND maxy >= {Bind(command, area.MinY)} AND miny <= {Bind(command, area.MaxY)})"));

    private static string Equal(SqliteCommand command, FieldMatch match) => match.Value switch
    {
        DateOnly date => $"strftime('%Y-%m-%d', {Quoted(match.Field.Name)}) = {Bind(command, Day(date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)))}",
        DateTimeOffset time => $"{Instant(match.Field)} = {Bind(command, Milliseconds(time))}",
        bool truth => $"{Quoted(match.Field.Name)} = {Bind(command, truth ? 1L : 0L)}",
        var value => $"{Quoted(match.Field.Name)} = {Bind(command, value)}",
    };

    /// <summary>Times are texts of ISO 8601 in some precision and with some offset: SQLite brings them into one form.</summary>
    private static IEnumerable<string> During(SqliteCommand command, LayerField field, DateTimeOffset? from, DateTimeOffset? to)
    {
        var (value, text) = field.Format == "date"
            ? ($"strftime('%Y-%m-%d', {Quoted(field.Name)})", (Func<DateTimeOffset, string>)(time => Day(time.UtcDateTime)))
            : (Instant(field), Milliseconds);
        yield return $"{value} IS NOT NULL";
        if (from is { } first)
        {
            yield return $"{value} >= {Bind(command, text(first))}";
        }

        if (to is { } last)
        {
            yield return $"{value} <= {Bind(command, text(last))}";
        }
    }

    private static string Instant(LayerField field) => $"strftime('%Y-%m-%dT%H:%M:%f', {Quoted(field.Name)})";

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Milliseconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <returns>The parameter's name.</returns>
    private static string Bind(SqliteCommand command, object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{command.Parameters.Count}");
        command.Parameters.AddWithValue(name, value);
        return name;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string? Text(string sql, string name)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@name", name);
        return command.ExecuteScalar() as string;
    }
}
