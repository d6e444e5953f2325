using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Domain.Processes;
using static GeoWps.Tests.Unit.Processes.Inputs.ReadingBench;

namespace GeoWps.Tests.Unit.Processes.Inputs;

public sealed class LiteralReaderTests
{
    private const string Href = "http://a/b";

    private readonly ReadingBench _bench = new();

    [Fact]
    public async Task A_value_in_the_request_is_itself() => (await ReadAsync("""{"type": "number"}""", Inline("1.50"))).ShouldBe("1.50");

    [Theory]
    [InlineData("""{"type": "string"}""", "a b", "\"a b\"")]
    [InlineData("""{"type": "string"}""", "a\n", "\"a\"")]
    [InlineData("""{"type": "string"}""", "a\r\n", "\"a\"")]
    [InlineData("""{"type": "string"}""", "a\n\n", "\"a\\n\"")]
    [InlineData("""{"type": "string"}""", "\ufeffa", "\"a\"")]
    [InlineData("""{"type": "string"}""", "5", "\"5\"")]
    [InlineData("""{"type": "number"}""", "1.50\n", "1.50")]
    [InlineData("""{"type": "boolean"}""", " true ", "true")]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""", "[1, 2]", "[1, 2]")]
    [InlineData("""{"oneOf": [{"type": "integer"}, {"type": "string"}]}""", "5", "5")]
    [InlineData("""{"oneOf": [{"type": "integer"}, {"type": "string"}]}""", "five", "\"five\"")]
    [InlineData("""{"format": "ogc-bbox"}""", """{"bbox": [1, 2, 3, 4]}""", """{"bbox": [1, 2, 3, 4]}""")]
    [InlineData("""{"type": "string", "contentMediaType": "text/xml"}""", "<a/>\n", "\"<a/>\\n\"")]
    [InlineData("""{"type": "string", "contentEncoding": "base64", "contentMediaType": "image/tiff"}""", "Man", "\"TWFu\"")]
    public async Task What_lies_elsewhere_is_the_value_that_it_would_be_inline(string schema, string content, string json)
    {
        _bench.Web.With(Href, content);

        (await ReadAsync(schema, Link(Href))).ShouldBe(json);
        (await ReadAsync(schema, Inline(await _bench.AttachAsync(content)))).ShouldBe(json);
    }

    [Theory]
    [InlineData("""{"type": "number", "maximum": 5}""", "6", "A: must be at most 5 (got 6)")]
    [InlineData("""{"type": "number"}""", "six", "A: must be a number (got a string)")]
    [InlineData("""{"type": "number"}""", "01", "A: must be a number (got a string)")]
    [InlineData("""{"enum": ["a", "b"]}""", "c", "A: must be one of a, b (got \"c\")")]
    [InlineData("""{"type": "string", "contentMediaType": "text/xml"}""", "<a x>", "A: must be well-formed XML without a document type (line 1, column 5)")]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""", "[1, \"b\"]", "A[1]: must be an integer (got a string)")]
    [InlineData("""{"format": "ogc-bbox"}""", """{"$attachment": "x"}""", "A: must be a bounding box: it has no bbox")]
    public async Task What_lies_elsewhere_is_judged_like_a_value_inline(string schema, string content, string mistake)
    {
        _bench.Web.With(Href, content);

        (await ReadAsync(schema, Link(Href))).ShouldBe(mistake);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_none()
    {
        _bench.Web.With(Href, [0xC3, 0x28]);

        (await ReadAsync("""{"type": "string"}""", Link(Href))).ShouldBe("A: must be text in UTF-8");
        (await ReadAsync("""{"type": "number"}""", Link(Href))).ShouldBe("A: must be text in UTF-8");
    }

    [Fact]
    public async Task What_can_not_be_read_says_why() => (await ReadAsync("""{"type": "string"}""", Link(Href))).ShouldBe("A: can not be fetched");

    [Fact]
    public async Task A_literal_has_a_size()
    {
        const int Most = 4 * 1024 * 1024;
        _bench.Web.With(Href, new string('x', Most)).With(Href + "more", new string('x', Most + 1));

        (await ReadAsync("""{"type": "string"}""", Link(Href))).Length.ShouldBe(Most + 2);
        (await ReadAsync("""{"type": "string"}""", Link(Href + "more"))).ShouldBe($"A: is larger than {Most} bytes");
    }

    /// <returns>The value's JSON, or the mistakes.</returns>
    private async Task<string> ReadAsync(string schema, InputValue value)
    {
        var mistakes = new List<Mistake>();
        var json = await new LiteralReader(_bench.Reader).ReadAsync(_bench.Job, Bound.Input("A", schema), "A", value, mistakes, CancellationToken.None);
        (json is null).ShouldBe(mistakes.Count > 0);
        return json is { } read ? read.GetRawText() : string.Join("; ", mistakes);
    }
}
