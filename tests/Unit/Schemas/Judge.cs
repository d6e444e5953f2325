using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Tests.Unit.Schemas;

/// <summary>Judges a value, called <c>A</c>, by a schema.</summary>
internal static class Judge
{
    public static CompiledSchema Compile(string schema) => CompiledSchema.Compile(JsonNode.Parse(schema)!.AsObject());

    public static IReadOnlyList<string> Mistakes(string schema, string value, params Attachment[] attachments)
    {
        var (compiled, json, mistakes) = (Compile(schema), JsonElement.Parse(value), new List<Mistake>());
        var validator = new SchemaValidator(attachments);
        var fits = validator.Check(compiled, json, "A", mistakes);

        fits.ShouldBe(mistakes.Count == 0, "a value is refused exactly when something is said about it");
        validator.Fits(compiled, json).ShouldBe(fits, "the quick way judges like the one that talks");
        return [.. mistakes.Select(mistake => mistake.ToString())];
    }

    public static void ShouldTake(string schema, params string[] values)
    {
        foreach (var value in values)
        {
            Mistakes(schema, value).ShouldBeEmpty($"{value} by {schema}");
        }
    }

    public static void ShouldRefuse(string schema, string value, params string[] mistakes) =>
        Mistakes(schema, value).ShouldBe(mistakes, $"{value} by {schema}");
}
