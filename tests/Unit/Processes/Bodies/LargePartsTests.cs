using System.Text;
using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Bodies;

public sealed class LargePartsTests
{
    private const int Threshold = RequestLimits.AttachmentThreshold;

    private readonly BodyBench _bench = new();

    [Fact]
    public async Task A_string_is_moved_out_once_it_is_longer_than_the_threshold()
    {
        var small = await GoodAsync($$$$"""{"inputs":{"a":"{{{{new string('x', Threshold - 1)}}}}"}}""");
        small.Attachments.ShouldBeEmpty();
        small.Json.GetProperty("inputs").GetProperty("a").GetString()!.Length.ShouldBe(Threshold - 1);

        var large = await GoodAsync($$$$"""{"inputs":{"a":"{{{{new string('x', Threshold)}}}}","b":1}}""");
        large.Attachments.ShouldBe([new Attachment(0, JsonValueKind.String, Threshold)]);
        large.Json.GetRawText().ShouldBe("""{"inputs":{"a":{"$attachment":0},"b":1}}""");
        (await _bench.AttachmentAsync(0)).ShouldBe(new string('x', Threshold));
    }

    [Theory]
    [InlineData("features")]
    [InlineData("geometries")]
    [InlineData("coordinates")]
    public async Task An_array_of_GeoJSON_is_moved_out_once_it_is_longer_than_the_threshold(string member)
    {
        var large = Numbers(Threshold + 10);
        var small = Numbers(Threshold - 1);

        var body = await GoodAsync($$$$"""{"inputs":{"a":{"{{{{member}}}}":{{{{small}}}}},"b":{"{{{{member}}}}":{{{{large}}}}} } }""");

        body.Attachments.ShouldBe([new Attachment(0, JsonValueKind.Array, large.Length)]);
        body.Json.GetProperty("inputs").GetProperty("a").GetProperty(member).ValueKind.ShouldBe(JsonValueKind.Array);
        body.Json.GetProperty("inputs").GetProperty("b").GetRawText().ShouldBe($$$"""{"{{{member}}}":{"$attachment":0}}""");
        (await _bench.AttachmentAsync(0)).ShouldBe(large);
    }

    [Fact]
    public async Task What_stands_elsewhere_stays_in_its_place()
    {
        var text = new string('x', Threshold);
        var array = Numbers(Threshold + 10);

        var body = await GoodAsync($$$$"""{"note":"{{{{text}}}}","coordinates":{{{{array}}}},"inputs":{"features":{{{{array}}}},"a":{"values":{{{{array}}}},"{{{{text}}}}":1}},"subscriber":{"successUri":"{{{{text}}}}"}}""");

        body.Attachments.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_name_of_an_array_may_be_written_with_escapes()
    {
        var body = await GoodAsync($$$$"""{"\u0069nputs":{"a":{"f\u0065atures":{{{{Numbers(Threshold + 10)}}}}}}}""");

        body.Attachments.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_outermost_array_is_what_is_moved_out_with_all_that_is_in_it()
    {
        var feature = $$$$"""{ "type" : "Feature", "geometry":{"coordinates": {{{{Numbers(100)}}}} },"properties":{"a":"{{{{new string('y', Threshold)}}}}"}}""";

        var body = await GoodAsync($$$$"""{"inputs":{"a":{"type":"FeatureCollection","features":[{{{{feature}}}},{{{{feature}}}}]}}}""");

        body.Json.GetRawText().ShouldBe("""{"inputs":{"a":{"type":"FeatureCollection","features":{"$attachment":0}}}}""");
        JsonElement.DeepEquals(JsonElement.Parse(await _bench.AttachmentAsync(0)), JsonElement.Parse($"[{feature},{feature}]")).ShouldBeTrue();
    }

    [Fact]
    public async Task Escapes_are_undone_in_text_that_is_moved_out()
    {
        const string Escaped = """\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud834\udd1eü€𝄞\u0000""";
        var padding = new string('x', Threshold);
        var text = JsonElement.Parse($"\"{Escaped}\"").GetString()!;

        var body = await GoodAsync($$$$"""{"inputs":{"a":"{{{{Escaped}}}}{{{{padding}}}}{{{{Escaped}}}}"}}""");

        (await _bench.AttachmentAsync(0)).ShouldBe(text + padding + text);
        body.Attachments[0].Length.ShouldBe(Encoding.UTF8.GetByteCount(text + padding + text));
    }

    [Fact]
    public async Task Large_values_are_numbered_in_the_order_of_the_request()
    {
        var body = await GoodAsync(Mixed);

        body.Json.GetRawText().ShouldBe("""{"inputs":{"a":[{"$attachment":0},"short",{"$attachment":1}],"b":{"coordinates":{"$attachment":2}},"c":{"value":{"$attachment":3}}},"response":"raw"}""");
        body.Attachments.Select(attachment => attachment.Kind).ShouldBe([JsonValueKind.String, JsonValueKind.String, JsonValueKind.Array, JsonValueKind.String]);
        JsonElement.DeepEquals(await _bench.WholeAsync(body), JsonElement.Parse(Mixed)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_body_in_pieces_is_read_as_it_is_whole()
    {
        var document = Encoding.UTF8.GetBytes(Mixed);
        var whole = await GoodAsync(Mixed);
        for (var seed = 0; seed < 25; seed++)
        {
            await ShouldBeSameAsync([.. new RandomJson(seed).Pieces(document, seed < 5 ? 300 : 40_000)], whole);
        }
    }

    [Fact]
    public async Task A_body_may_be_cut_anywhere_near_a_threshold_or_an_end()
    {
        var text = $$$$"""{"inputs":{"a":"{{{{string.Concat(Enumerable.Repeat("\\ud834\\udd1e€", Threshold / 15))}}}}é\n","b":{"features":{{{{Numbers(Threshold + 20)}}}}}}}""";
        var document = Encoding.UTF8.GetBytes(text);
        var whole = await GoodAsync(text);
        whole.Attachments.Count.ShouldBe(2);
        var middle = text.IndexOf("\",\"b\"", StringComparison.Ordinal);
        var arrays = Encoding.UTF8.GetByteCount(text[..middle]);

        foreach (var around in new[] { 15, 14 + Threshold, arrays + 8, arrays + 18 + Threshold, document.Length - 12 })
        {
            for (var cut = around - 12; cut <= Math.Min(around + 12, document.Length); cut++)
            {
                await ShouldBeSameAsync([document[..cut], document[cut..]], whole);
            }
        }
    }

    private static string Mixed { get; } =
        $$$$"""
        {"inputs":{"a":["{{{{new string('x', Threshold)}}}}","short","{{{{string.Concat(Enumerable.Repeat("\\u20ac\\n", Threshold / 4))}}}}"],
          "b":{"coordinates":[ [1, 2.5], [{{{{Numbers(Threshold)}}}}, -1e5 ] ]},"c":{"value":"{{{{string.Concat(Enumerable.Repeat("ü", Threshold))}}}}"}}, "response": "raw"}
        """;

    /// <summary>An array of numbers, that long.</summary>
    private static string Numbers(int length) => "[" + string.Concat(Enumerable.Repeat("1,", (length - 3) / 2)) + (length % 2 == 0 ? "12" : "1") + "]";

    private Task<RequestBody> GoodAsync(string body) => _bench.GoodAsync([Encoding.UTF8.GetBytes(body)]);

    private async Task ShouldBeSameAsync(IReadOnlyList<byte[]> pieces, RequestBody expected)
    {
        var bench = new BodyBench();
        var body = await bench.GoodAsync(pieces);
        body.Json.GetRawText().ShouldBe(expected.Json.GetRawText());
        body.Attachments.ShouldBe(expected.Attachments);
        body.Digest.ShouldBe(expected.Digest);
        for (var i = 0; i < body.Attachments.Count; i++)
        {
            (await bench.AttachmentAsync(i) == await _bench.AttachmentAsync(i)).ShouldBeTrue($"attachment {i}");
        }
    }
}
