using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Npgsql;

namespace GeoWps.Adapters.TileSources.Features;

/// <summary>Runs a statement and reads its rows.</summary>
internal delegate Task<List<PostGisRow>> PostGisReading(
    string sql, IReadOnlyList<object?> parameters, Func<NpgsqlDataReader, CancellationToken, Task<List<PostGisRow>>> read, CancellationToken cancellationToken);

/// <param name="Geometry">Well-known binary.</param>
/// <param name="Properties">A JSON object.</param>
internal sealed record PostGisRow(FeatureId Id, byte[] Geometry, string Properties);

/// <summary>
/// Some rows at a time, each time by a statement of its own that goes on after the last: a reader that is slow holds no connection, and a long answer is not
/// ended by the time that one statement may take.
/// </summary>
internal sealed class PostGisCursor(Layer layer, FeatureQuery query, PostGisReading read) : FeatureCursor
{
    private const int FirstRows = 100;
    private const int MostRows = 1000;

    /// <summary>Bytes of rows that are read at a time, about.</summary>
    private const int MostBytes = 2 * 1024 * 1024;

    private List<PostGisRow> _rows = [];
    private int _at = -1;
    private int _next = FirstRows;
    private long _left = query.Limit;
    private string? _last = query.After;
    private bool _isOver;

    public override FeatureId Id => _rows[_at].Id;

    public override ReadOnlySpan<byte> Geometry => _rows[_at].Geometry;

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_left == 0)
        {
            return false;
        }

        if (++_at == _rows.Count && !await ReadMoreAsync(cancellationToken))
        {
            _left = 0;
            return false;
        }

        _left--;
        return true;
    }

    public override void WriteProperties(Utf8JsonWriter json) => json.WriteRawValue(_rows[_at].Properties, skipInputValidation: true);

    public override ValueTask DisposeAsync() => default;

    private async Task<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return false;
        }

        var (rows, isWhole) = (Math.Min(_next, _left), PostGisFeatureQuery.IsWhole(layer));
        var (sql, parameters) = PostGisFeatureQuery.Read(layer, query, _last, rows);
        var bytes = 0L;
        (_at, _rows) = (0, await read(sql, parameters, async (reader, token) =>
        {
            var found = new List<PostGisRow>();
            while (await reader.ReadAsync(token))
            {
                var id = isWhole ? new FeatureId(reader.GetInt64(0)) : new FeatureId(0, reader.GetString(0));
                var row = new PostGisRow(id, reader.IsDBNull(1) ? [] : reader.GetFieldValue<byte[]>(1), reader.GetString(2));
                bytes += row.Geometry.Length + row.Properties.Length;
                found.Add(row);
            }

            return found;
        }, cancellationToken));
        _isOver = _rows.Count < rows;
        _last = _rows.Count > 0 ? _rows[^1].Id.ToString() : _last;
        _next = bytes > MostBytes ? Math.Max(1, (int)(_rows.Count * (double)MostBytes / bytes)) : Math.Min(MostRows, 2 * _next);
        return _rows.Count > 0;
    }
}
