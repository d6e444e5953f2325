using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Schemes;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>Schemes and an operator's codes as texts, the same in every database.</summary>
internal static class StoredScheme
{
    public static string Write(ClassificationScheme scheme) => JsonSerializer.Serialize(scheme, SchemeJson.Default.ClassificationScheme);

    public static ClassificationScheme Read(string json) => JsonSerializer.Deserialize(json, SchemeJson.Default.ClassificationScheme)!;

    public static string WriteCodes(IEnumerable<Classification> codes) =>
        JsonSerializer.Serialize([.. codes.Select(code => code with { IsAssigned = true })], SchemeJson.Default.ClassificationArray);

    public static IReadOnlyList<Classification> ReadCodes(string json) => JsonSerializer.Deserialize(json, SchemeJson.Default.ClassificationArray)!;
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ClassificationScheme))]
[JsonSerializable(typeof(Classification[]))]
internal sealed partial class SchemeJson : JsonSerializerContext;
