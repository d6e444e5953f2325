using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>A source as both databases keep it.</summary>
internal static class HarvestRow
{
    public const string Columns = "id, kind, cron, settings, updated, state, max_removed";

    public static HarvestSource Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)))
        {
            State = row.IsDBNull(5) ? null : JsonSerializer.Deserialize(row.GetString(5), HarvestRowJson.Default.HarvestState),
            MaxRemoved = row.IsDBNull(6) ? null : row.GetDouble(6),
        };

    /// <summary>Of a row with the job and the time; no job: nobody has it by now.</summary>
    public static HarvestClaim? ReadClaim(DbDataReader row) => row.IsDBNull(0) ? null : new HarvestClaim(row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)));

    public static (string Name, object? Value)[] ValuesOf(HarvestSource source) =>
        [("@id", source.Id), ("@kind", source.Kind), ("@cron", source.When), ("@settings", source.Settings), ("@updated", UnixTime.Floor(source.Updated)), ("@maxRemoved", source.MaxRemoved)];

    public static string TextOf(HarvestState state) => JsonSerializer.Serialize(state, HarvestRowJson.Default.HarvestState);
}

[JsonSerializable(typeof(HarvestState))]
internal sealed partial class HarvestRowJson : JsonSerializerContext;
