using System.Globalization;
using GeoWps.Application.Processes.Binding;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Application.Processes.Chains;

/// <summary>In which form an output goes to the input of the next step; or why it can't.</summary>
/// <param name="MediaType"><see langword="null"/> for a plain value.</param>
/// <param name="Quick">GeoJSON that may stay what it is in between: both sides know FlatGeobuf.</param>
internal sealed record HandOver(string? MediaType, bool Quick = false, string? Refusal = null)
{
    /// <summary>They hold layers of any kind: that both sides take them says nothing.</summary>
    private static readonly HashSet<string> Containers = [MediaTypes.GeoPackage, "application/zip"];

    private const int Named = 3;

    /// <param name="asked">By the caller, if anything.</param>
    /// <param name="input"><see langword="null"/>: a layer deep inside a value.</param>
    public static HandOver Choose(OutputDescription output, string? asked, CompiledInput? input)
    {
        var offered = output.MediaTypes;
        if (offered.Count == 0)
        {
            return new HandOver(asked, Refusal: input is null || CanBe(CompiledSchema.Compile(output.Schema), input) ? null : "gives a plain value, which this input does not take");
        }

        if (asked is not null)
        {
            return input is null || Takes(input, asked) || IsAnyFile(input) ? new HandOver(asked) : Refuse([asked], input);
        }

        var quick = offered.Contains(MediaTypes.GeoJson) && offered.Contains(MediaTypes.FlatGeobuf);
        if (quick && (input is null || (Takes(input, MediaTypes.GeoJson) && Takes(input, MediaTypes.FlatGeobuf))))
        {
            return new HandOver(MediaTypes.GeoJson, Quick: true);
        }

        return input is null ? new HandOver(offered[0])
            : offered.FirstOrDefault(type => !Containers.Contains(type) && Takes(input, type)) is { } common ? new HandOver(common)
            : Takes(input, offered[0]) || IsAnyFile(input) || offered[0] == MediaTypes.Unknown && Takes(input, MediaTypes.Unknown) ? new HandOver(offered[0])
            : Refuse(offered, input);
    }

    /// <summary>By its own name: that the input looks at content of an unknown type does not count.</summary>
    private static bool Takes(CompiledInput input, string type) => input.MediaTypes.Count == 0
        ? MediaTypes.WithoutParameters(type) is MediaTypes.Text or MediaTypes.Json
        : MediaTypes.Match(type, input.MediaTypes) >= 0;

    private static bool IsAnyFile(CompiledInput input) =>
        input.MediaTypes.Contains(MediaTypes.Unknown) && input.MediaTypes.All(type => type is MediaTypes.Unknown or MediaTypes.Text || input.MediaTypes[0] == type)
        && input.MediaTypes.Contains(MediaTypes.Text);

    /// <summary>What is text, or goes into one, is only judged when it is there.</summary>
    private static bool CanBe(CompiledSchema value, CompiledInput input)
    {
        var kinds = value.Together().Aggregate(JsonKinds.None, (all, part) => all | part.Kinds | (part.WellKnown == WellKnownObject.None ? JsonKinds.None : JsonKinds.Object));
        var ways = input.Alternatives.Where(way => way.MediaType is null || way.Schema.Kinds != JsonKinds.String).ToList();
        return kinds == JsonKinds.None ? ways.Count > 0
            : ways.Exists(way => way.Schema.Takes(kinds == JsonKinds.Integer ? kinds | JsonKinds.Number : kinds)
                || (way.MediaType is null && (kinds == JsonKinds.String || way.Schema.Takes(JsonKinds.String))));
    }

    private static HandOver Refuse(IReadOnlyList<string> offered, CompiledInput input) => new(
        null, Refusal: $"gives {Some(offered)}, and this input takes {(input.MediaTypes.Count == 0 ? "a plain value" : Some(input.MediaTypes))}");

    private static string Some(IReadOnlyList<string> types) =>
        string.Join(" or ", types.Take(Named)) + (types.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" or {types.Count - Named} others") : "");
}
