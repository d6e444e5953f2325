using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GeoWps.Adapters.TileSources.Features;

/// <summary>Rows of a table, read out of SQLite's own memory: neither geometries nor texts are copied on their way to the answer.</summary>
internal sealed class GeoPackageCursor : FeatureCursor
{
    private const int FirstField = 2;

    /// <summary>Instructions of SQLite between two looks at whether anybody still waits.</summary>
    private const int Instructions = 20_000;

    private readonly GeoPackageFeatures _table;
    private readonly SqliteCommand _command;
    private readonly IReadOnlyList<Extent>? _areas;
    private readonly JsonEncodedText[] _names;
    private readonly bool[] _areTruths;
    private SqliteDataReader? _reader;
    private sqlite3_stmt? _row;
    private long _left;

    public GeoPackageCursor(
        GeoPackageFeatures table, SqliteCommand command, IReadOnlyList<LayerField> fields, IReadOnlyList<Extent>? areas, long limit, CancellationToken cancellationToken)
    {
        (_table, _command, _areas, _left) = (table, command, areas, limit);
        _names = [.. fields.Select(field => JsonEncodedText.Encode(field.Name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        _areTruths = [.. fields.Select(field => field.Type == "boolean")];
        raw.sqlite3_progress_handler(command.Connection!.Handle, Instructions, _ => cancellationToken.IsCancellationRequested ? 1 : 0, null);
    }

    public override FeatureId Id => new(raw.sqlite3_column_int64(_row!, 0));

    public override ReadOnlySpan<byte> Geometry => GeoPackageGeometry.Binary(Stored);

    private ReadOnlySpan<byte> Stored => raw.sqlite3_column_type(_row!, 1) == raw.SQLITE_BLOB ? raw.sqlite3_column_blob(_row!, 1) : [];

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_left == 0)
            {
                return new(false);
            }

            if (_reader is null)
            {
                _reader = _command.ExecuteReader();
                _row = _reader.Handle;
            }

            while (_reader.Read())
            {
                if (_areas is null || GeoPackageGeometry.Meets(Stored, _areas))
                {
                    _left--;
                    return new(true);
                }
            }

            _left = 0;
            return new(false);
        }
        catch (SqliteException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw GeoPackageFeatureStore.Failed(failure);
        }
    }

    public override void WriteProperties(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (var i = 0; i < _names.Length; i++)
        {
            var column = FirstField + i;
            json.WritePropertyName(_names[i]);
            switch (raw.sqlite3_column_type(_row!, column))
            {
                case raw.SQLITE_INTEGER when _areTruths[i]:
                    json.WriteBooleanValue(raw.sqlite3_column_int64(_row!, column) != 0);
                    break;
                case raw.SQLITE_INTEGER:
                    json.WriteNumberValue(raw.sqlite3_column_int64(_row!, column));
                    break;
                case raw.SQLITE_FLOAT when raw.sqlite3_column_double(_row!, column) is var number && double.IsFinite(number):
                    json.WriteNumberValue(number);
                    break;
                case raw.SQLITE_TEXT:
                    // As text first: where the file keeps it in UTF-16, SQLite turns it.
                    raw.sqlite3_column_text(_row!, column);
                    json.WriteStringValue(raw.sqlite3_column_blob(_row!, column));
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }

        json.WriteEndObject();
    }

    public override ValueTask DisposeAsync()
    {
        // The connection goes back to a pool.
        raw.sqlite3_progress_handler(_command.Connection!.Handle, 0, null, null);
        _reader?.Dispose();
        _command.Dispose();
        _table.Dispose();
        return default;
    }
}
