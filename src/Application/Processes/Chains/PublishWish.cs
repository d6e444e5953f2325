using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Chains;

/// <summary>The member <c>publish</c> of an output asked for: <see langword="true"/>, or a layer's form. The result becomes a layer before the job has ended.</summary>
/// <param name="Form">A layer's form as JSON.</param>
/// <param name="Id">Of the layer, as the form names it.</param>
internal sealed record PublishWish(string Form, string? Id)
{
    public const string Member = "publish";

    /// <summary>The process that does it, and its inputs and output.</summary>
    public const string Process = "geowps:publish";

    public const string Data = "data";
    public const string Layer = "layer";
    public const string Name = "name";
    public const string Result = "result";

    /// <returns>The wish, if there is one; or what is wrong with it.</returns>
    public static (PublishWish? Wish, string? Refusal) Read(JsonElement output)
    {
        if (output.ValueKind != JsonValueKind.Object || !output.TryGetProperty(Member, out var wish))
        {
            return (null, null);
        }

        return wish.ValueKind switch
        {
            JsonValueKind.False or JsonValueKind.Null => (null, null),
            JsonValueKind.True => (new PublishWish("{}", null), null),
            JsonValueKind.Object => wish.TryGetProperty("source", out _)
                ? (null, "a result is published: there can be no source")
                : (new PublishWish(wish.GetRawText(), wish.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null), null),
            _ => (null, "must be true, or an object with the settings of the layer"),
        };
    }

    /// <param name="href">Where the result lies.</param>
    /// <param name="name">What a layer is called that gets no title.</param>
    public string Inputs(string href, string name) => new JsonObject
    {
        [Data] = new JsonObject { ["href"] = href },
        [Layer] = Form,
        [Name] = name,
        [Result] = true,
    }.ToJsonString();

    /// <summary>The id of the layer that a publication made.</summary>
    public static string? LayerOf(Job publication) => publication.Outputs.OfType<OutputValue.Literal>().FirstOrDefault(output => output.Id == Layer) is { Json: var layer }
        && layer.ValueKind == JsonValueKind.Object && layer.TryGetProperty("id", out var id) ? id.GetString() : null;
}
