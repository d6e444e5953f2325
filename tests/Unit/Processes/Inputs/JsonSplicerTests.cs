using System.Text;
using System.Text.Json;
using GeoWps.Application.Processes.Inputs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Inputs;

public sealed class JsonSplicerTests
{
    [Fact]
    public async Task Large_parts_are_put_back_where_they_stood()
    {
        const string Json = """{"a": {"$attachment":1}, "b" : [{ "$attachment" : 0 }, 1.50, {"$attachment":1}], "c": "ü"}""";

        (await SpliceAsync(Json, ("text", JsonValueKind.String), ("[1,[2, 3]]", JsonValueKind.Array)))
            .ShouldBe("""{"a": [1,[2, 3]], "b" : ["text", 1.50, [1,[2, 3]]], "c": "ü"}""");
    }

    [Fact]
    public async Task A_document_without_any_stays_as_it_was_written()
    {
        const string Json = """{ "a" : [ 1.0 , "\u00e9" ] }""";

        (await SpliceAsync(Json)).ShouldBe(Json);
    }

    [Fact]
    public async Task A_text_gets_the_escapes_that_it_needs()
    {
        var text = string.Concat(Enumerable.Range(0, 0x80).Select(letter => (char)letter)) + "ü€𝄞" + new string('"', 20_000);

        var json = await SpliceAsync("""[{"$attachment":0}]""", (text, JsonValueKind.String));

        JsonElement.Parse(json)[0].GetString().ShouldBe(text);
    }

    [Fact]
    public async Task An_attachment_may_be_the_whole_value() =>
        (await SpliceAsync("""{"$attachment":0}""", ("[1]", JsonValueKind.Array))).ShouldBe("[1]");

    private static async Task<string> SpliceAsync(string json, params (string Content, JsonValueKind Kind)[] parts)
    {
        using var destination = new MemoryStream();
        await JsonSplicer.WriteAsync(
            JsonElement.Parse(json),
            [.. parts.Select((part, i) => new Attachment(i, part.Kind, part.Content.Length))],
            (number, _) => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(parts[number].Content))),
            destination,
            CancellationToken.None);
        return Encoding.UTF8.GetString(destination.ToArray());
    }
}
