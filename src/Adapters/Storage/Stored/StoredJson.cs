using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>
/// The JSON columns of a job, both ways. Their shapes are records of their own, so that a renamed type of the domain does not make old rows unreadable.
/// </summary>
internal static class StoredJson
{
    // Deeper than the default, because the wrapping adds levels to callers' values; and most letters are not escaped, because rows are read by people.
    private static StoredJsonContext Context { get; } = new(new JsonSerializerOptions
    {
        MaxDepth = 512,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    });

    public static string Write(IReadOnlyList<OutputValue> outputs) =>
        JsonSerializer.Serialize([.. outputs.Select(StoredOutput.Of)], Context.StoredOutputArray);

    public static IReadOnlyList<OutputValue> ReadOutputs(string json) =>
        [.. JsonSerializer.Deserialize(json, Context.StoredOutputArray)!.Select(output => output.ToDomain())];

    public static string Write(JobFailure failure) =>
        JsonSerializer.Serialize(new StoredFailure(FailureKindText.Of(failure.Kind), failure.Message, [.. failure.Mistakes.Select(mistake => new StoredMistake(mistake.Place, mistake.Message))]), Context.StoredFailure);

    public static JobFailure ReadFailure(string json)
    {
        var stored = JsonSerializer.Deserialize(json, Context.StoredFailure)!;
        return new JobFailure(FailureKindText.Parse(stored.Kind), stored.Message, [.. stored.Mistakes.Select(mistake => new Mistake(mistake.Place, mistake.Message))]);
    }

    /// <returns><see langword="null"/> for none, which is what most jobs have.</returns>
    public static string? Write(IReadOnlyList<Attachment> attachments) => attachments.Count == 0
        ? null
        : JsonSerializer.Serialize([.. attachments.Select(StoredAttachment.Of)], Context.StoredAttachmentArray);

    public static string WriteNames(IEnumerable<string> names) => JsonSerializer.Serialize([.. names], Context.StringArray);

    public static IReadOnlyList<Attachment> ReadAttachments(string? json) => json is null
        ? []
        : [.. JsonSerializer.Deserialize(json, Context.StoredAttachmentArray)!.Select(attachment => attachment.ToDomain())];
}

internal sealed record StoredFailure(string Kind, string Message, StoredMistake[] Mistakes);

internal sealed record StoredMistake(string Place, string Message);

internal sealed record StoredAttachment(int Number, string Kind, long Length)
{
    private const string Text = "string";
    private const string Array = "array";
    private const string Raw = "bytes";

    public static StoredAttachment Of(Attachment attachment) =>
        new(attachment.Number, attachment.IsRaw ? Raw : attachment.Kind == JsonValueKind.String ? Text : Array, attachment.Length);

    public Attachment ToDomain() => new(Number, Kind == Array ? JsonValueKind.Array : JsonValueKind.String, Length) { IsRaw = Kind == Raw };
}

[JsonSerializable(typeof(StoredOutput[]))]
[JsonSerializable(typeof(StoredFailure))]
[JsonSerializable(typeof(StoredAttachment[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoredJsonContext : JsonSerializerContext;
