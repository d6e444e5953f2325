using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Layers;

/// <summary>An execute request of <see cref="PublishProvider.Process"/>, read.</summary>
internal sealed record PublishRequest(LayerWish Wish)
{
    public const string FileInput = "file";
    public const string ReplacesInput = "replaces";
    public const string KeepInput = "keep";
    public const string TableInput = "table";
    public const string MediaTypeInput = "mediaType";

    public InputValue? Data { get; private init; }

    /// <summary>A path of the operator's in place of data.</summary>
    public string? File { get; private init; }

    /// <summary>The layer that gets the data.</summary>
    public string? Replaces { get; private init; }

    /// <summary>The settings of the layer that is replaced stay.</summary>
    public bool KeepSettings { get; private init; }

    public string? Table { get; private init; }

    /// <summary>What the data are called outside.</summary>
    public string? Name { get; private init; }

    public string? MediaType { get; private init; }

    /// <summary>It is a job's result that anybody may have published: it has an end.</summary>
    public bool IsResult { get; private init; }

    public static PublishRequest Read(ExecuteRequest request, List<Mistake> mistakes) => new(Form(Text(request, PublishWish.Layer), mistakes))
    {
        Data = request.Inputs.TryGetValue(PublishWish.Data, out var data) ? data[0] : null,
        File = Text(request, FileInput),
        Replaces = Text(request, ReplacesInput),
        KeepSettings = YesNo(request, KeepInput),
        Table = Text(request, TableInput),
        Name = Text(request, PublishWish.Name),
        MediaType = Text(request, MediaTypeInput),
        IsResult = YesNo(request, PublishWish.Result),
    };

    private static LayerWish Form(string? json, List<Mistake> mistakes)
    {
        try
        {
            using var document = JsonDocument.Parse(json ?? "{}", RequestLimits.Reading);
            return LayerForm.Read(document.RootElement.Clone(), PublishWish.Layer, mistakes);
        }
        catch (JsonException)
        {
            mistakes.Add(new Mistake(PublishWish.Layer, "must be JSON"));
            return new LayerWish(new LayerSettings(), null);
        }
    }

    private static string? Text(ExecuteRequest request, string input) => Value(request, input) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static bool YesNo(ExecuteRequest request, string input) => Value(request, input) is { ValueKind: JsonValueKind.True };

    private static JsonElement? Value(ExecuteRequest request, string input) =>
        request.Inputs.TryGetValue(input, out var values) && values is [InputValue.Inline { Json: var json }] ? json : null;
}
