using System.Text.Json;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Schemas;

public sealed class ValueKeywordTests
{
    [Theory]
    [InlineData("integer", "1", "1.5", "an integer", "1.5")]
    [InlineData("integer", "-9223372036854775808", "1.0", "an integer", "1.0")]
    [InlineData("number", "1.5e3", "\"1\"", "a number", "a string")]
    [InlineData("number", "7", "true", "a number", "true")]
    [InlineData("string", "\"\"", "7", "a string", "7")]
    [InlineData("boolean", "false", "\"false\"", "true or false", "a string")]
    [InlineData("array", "[]", "{}", "an array", "an object")]
    [InlineData("object", "{}", "[]", "an object", "an array")]
    public void A_type_is_taken_and_no_other(string type, string good, string bad, string must, string got)
    {
        Judge.ShouldTake($$"""{"type": "{{type}}"}""", good);
        Judge.ShouldRefuse($$"""{"type": "{{type}}"}""", bad, $"A: must be {must} (got {got})");
        Judge.ShouldRefuse($$"""{"type": "{{type}}"}""", "null", $"A: must be {must} (got null)");
    }

    [Fact]
    public void Several_types_are_alternatives()
    {
        const string Schema = """{"type": ["string", "integer"]}""";

        Judge.ShouldTake(Schema, "1", "\"a\"");
        Judge.ShouldRefuse(Schema, "true", "A: must be an integer or a string (got true)");
    }

    [Fact]
    public void What_nothing_is_said_about_is_taken() => Judge.ShouldTake("{}", "1", "null", "[1, {}]", "{\"a\": null}", "\"a\"");

    [Fact]
    public void A_choice_names_what_there_is()
    {
        Judge.ShouldTake("""{"enum": ["a", 1, true, {"b": 1}]}""", "\"a\"", "1", "1.0", "true", "{\"b\": 1}");
        Judge.ShouldRefuse("""{"type": "string", "enum": ["a", "b"]}""", "\"c\"", "A: must be one of a, b (got \"c\")");
        Judge.ShouldRefuse("""{"enum": [1, 2]}""", "\"1\"", "A: must be one of 1, 2 (got \"1\")");
        Judge.ShouldRefuse("""{"const": 3}""", "{}", "A: must be 3 (got an object)");
        Judge.ShouldRefuse("""{"enum": ["a"]}""", $"\"{new string('x', 100)}\"", "A: must be a (got something longer)");
    }

    [Fact]
    public void A_long_choice_is_not_told_whole()
    {
        var schema = $$"""{"enum": [{{string.Join(',', Enumerable.Range(0, 45))}}]}""";

        Judge.Mistakes(schema, "99").ShouldHaveSingleItem().ShouldEndWith(", 38, 39 and 5 more (got 99)");
    }

    [Theory]
    [InlineData("""{"minimum": 0}""", "0", "-0.1", "at least 0 (got -0.1)")]
    [InlineData("""{"minimum": 0, "exclusiveMinimum": true}""", "1e-300", "0", "greater than 0 (got 0)")]
    [InlineData("""{"minimum": 0, "exclusiveMinimum": false}""", "0", "-1", "at least 0 (got -1)")]
    [InlineData("""{"maximum": 100}""", "100", "100.5", "at most 100 (got 100.5)")]
    [InlineData("""{"maximum": 100, "exclusiveMaximum": true}""", "99.9", "100", "less than 100 (got 100)")]
    [InlineData("""{"multipleOf": 0.1}""", "0.3", "0.35", "a multiple of 0.1 (got 0.35)")]
    [InlineData("""{"multipleOf": 5}""", "-10", "12", "a multiple of 5 (got 12)")]
    public void A_number_has_bounds(string rules, string good, string bad, string must)
    {
        var schema = rules.Replace("{", "{\"type\": \"number\", ", StringComparison.Ordinal);

        Judge.ShouldTake(schema, good);
        Judge.ShouldRefuse(schema, bad, $"A: must be {must}");
    }

    [Fact]
    public void A_number_that_no_number_can_hold_is_refused_where_it_is_compared() =>
        Judge.ShouldRefuse("""{"type": "number", "minimum": 0}""", "1e999", "A: is too large a number");

    [Fact]
    public void An_exclusive_bound_that_is_a_number_is_of_another_dialect_and_passed_over() =>
        Judge.ShouldTake("""{"type": "number", "exclusiveMinimum": 5}""", "1");

    [Theory]
    [InlineData("""{"minLength": 1}""", "a", "", "must not be empty")]
    [InlineData("""{"minLength": 3}""", "abc", "ab", "must have at least 3 characters")]
    [InlineData("""{"maxLength": 3}""", "abc", "abcd", "must have at most 3 characters")]
    [InlineData("""{"pattern": "^[a-z]+$"}""", "abc", "ab1", "must match ^[a-z]+$")]
    [InlineData("""{"format": "date"}""", "2024-02-29", "2023-02-29", "must be a date such as 2026-03-06")]
    [InlineData("""{"format": "time"}""", "07:21:00Z", "24:00:00Z", "must be a time such as 07:21:00Z")]
    [InlineData("""{"format": "date-time"}""", "2026-03-06T07:21:00.5+01:00", "2026-03-06 07:21:00", "must be a date and time such as 2026-03-06T07:21:00Z")]
    [InlineData("""{"format": "dateTime"}""", "2026-03-06T07:21:00", "2026-02-30T07:21:00Z", "must be a date and time such as 2026-03-06T07:21:00Z")]
    [InlineData("""{"format": "uri"}""", "http://a/b", "a/b", "must be an absolute URI")]
    [InlineData("""{"format": "uri"}""", "urn:ogc:def:crs:EPSG::4326", "http://a b", "must be an absolute URI")]
    [InlineData("""{"format": "email"}""", "a@b.org", "A <a@b.org>", "must be an e-mail address")]
    [InlineData("""{"format": "byte"}""", "TWFu", "TWF", "must be base64")]
    [InlineData("""{"contentEncoding": "binary"}""", "TWE=", "TWE", "must be base64")]
    [InlineData("""{"contentEncoding": "base64"}""", "TWFu\nTWFu", "TW Fu", "must be base64")]
    [InlineData("""{"contentMediaType": "application/json"}""", "[1]", "[1", "must be well-formed JSON (line 1, column 3)")]
    [InlineData("""{"contentMediaType": "text/xml"}""", "<a/>", "<a></b>", "must be well-formed XML without a document type (line 1, column 6)")]
    [InlineData("""{"contentMediaType": "application/gml+xml"}""", "<a/>", "<!DOCTYPE a><a/>", "must be well-formed XML without a document type")]
    [InlineData("""{"contentMediaType": "image/svg+xml", "contentEncoding": "base64"}""", "TWFu", "<a/>", "must be base64")]
    public void A_text_has_rules(string rules, string good, string bad, string must)
    {
        var schema = rules.Replace("{", "{\"type\": \"string\", ", StringComparison.Ordinal);

        Judge.ShouldTake(schema, JsonSerializer.Serialize(good));
        Judge.ShouldRefuse(schema, JsonSerializer.Serialize(bad), $"A: {must}");
    }

    [Fact]
    public void A_format_that_is_not_known_is_passed_over() => Judge.ShouldTake("""{"type": "string", "format": "colour"}""", "\"red\"");

    [Fact]
    public void A_text_that_keeps_a_pattern_busy_does_not_match_it() =>
        Judge.ShouldRefuse("""{"type": "string", "pattern": "^(a+)+$"}""", $"\"{new string('a', 40)}!\"", "A: must match ^(a+)+$");

    [Fact]
    public void Text_that_was_moved_out_is_judged_by_what_is_known_of_it()
    {
        var attachment = new Attachment(0, JsonValueKind.String, 100_000);
        const string Marker = """{"$attachment": 0}""";

        Judge.Mistakes("""{"type": "string", "contentEncoding": "base64"}""", Marker, attachment).ShouldBeEmpty();
        Judge.Mistakes("""{"type": "string", "maxLength": 25000}""", Marker, attachment).ShouldBeEmpty();
        Judge.Mistakes("""{"type": "string", "maxLength": 24999}""", Marker, attachment).ShouldBe(["A: must have at most 24999 characters"]);
        Judge.Mistakes("""{"type": "string", "format": "date"}""", Marker, attachment).ShouldBe(["A: must be a date such as 2026-03-06"]);
        Judge.Mistakes("""{"type": "number"}""", Marker, attachment).ShouldBe(["A: must be a number (got a string)"]);
        Judge.Mistakes("""{"type": "array"}""", Marker, attachment with { Kind = JsonValueKind.Array }).ShouldBeEmpty();
        Judge.Mistakes("""{"type": "string"}""", Marker).ShouldBe(["A: must be a string (got an object)"]);
    }
}
