using System.Text.Json.Nodes;
using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Tests.Unit.Schemas;

public sealed class StructureKeywordTests
{
    [Fact]
    public void An_array_has_a_length()
    {
        const string Schema = """{"type": "array", "minItems": 2, "maxItems": 3}""";

        Judge.ShouldTake(Schema, "[1, 2]", "[1, 2, \"a\"]");
        Judge.ShouldRefuse(Schema, "[1]", "A: must have at least 2 items (got 1)");
        Judge.ShouldRefuse(Schema, "[1, 2, 3, 4]", "A: must have at most 3 items (got 4)");
    }

    [Fact]
    public void Each_wrong_item_is_named_by_its_place()
    {
        const string Schema = """{"type": "array", "items": {"type": "array", "items": {"type": "integer", "minimum": 0}}}""";

        Judge.ShouldTake(Schema, "[]", "[[], [1, 2]]");
        Judge.ShouldRefuse(
            Schema,
            """[[1, "a"], 2, [-1]]""",
            "A[0][1]: must be an integer (got a string)",
            "A[1]: must be an array (got 2)",
            "A[2][0]: must be at least 0 (got -1)");
    }

    [Fact]
    public void A_thousand_wrong_items_are_not_told_about_a_thousand_times()
    {
        var mistakes = Judge.Mistakes("""{"type": "array", "items": {"type": "integer"}}""", $"[{string.Join(',', Enumerable.Repeat("\"a\"", 1000))}]");

        mistakes.Count.ShouldBe(20);
        mistakes[^1].ShouldBe("A[19]: must be an integer (got a string)");
    }

    [Theory]
    [InlineData("[1, 2, \"1\"]", true)]
    [InlineData("[1, 2, 1]", false)]
    [InlineData("[1, 1.0]", false)]
    [InlineData("[100, 1e2]", false)]
    [InlineData("[9007199254740993, 9007199254740992]", true)]
    [InlineData("[\"a\", \"\\u0061\"]", false)]
    [InlineData("[{\"a\": 1, \"b\": 2}, {\"b\": 2, \"a\": 1}]", false)]
    [InlineData("[{\"a\": 1}, {\"a\": 2}, true, false, null]", true)]
    public void Items_may_have_to_be_unique(string value, bool isRight)
    {
        const string Schema = """{"type": "array", "uniqueItems": true}""";

        Judge.Mistakes(Schema, value).ShouldBe(isRight ? [] : ["A: must not hold the same item twice"]);
    }

    [Fact]
    public void Members_are_required_and_judged_one_by_one()
    {
        const string Schema =
            """{"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}, "b": {"type": "object", "required": ["c"], "properties": {"c": {"type": "string"}}}}}""";

        Judge.ShouldTake(Schema, """{"a": 1, "b": {"c": "d"}, "e": [1]}""");
        Judge.ShouldRefuse(Schema, "{}", "A: must have a", "A: must have b");
        Judge.ShouldRefuse(Schema, """{"a": "x", "b": {"c": 1}}""", "A.a: must be an integer (got a string)", "A.b.c: must be a string (got 1)");
        Judge.ShouldRefuse(Schema, """{"a": 1, "b": {}}""", "A.b: must have c");
    }

    [Fact]
    public void Other_members_are_allowed_forbidden_or_judged()
    {
        Judge.ShouldTake("""{"properties": {"a": {}}, "additionalProperties": true}""", """{"b": 1}""");
        Judge.ShouldRefuse("""{"properties": {"a": {}}, "additionalProperties": false}""", """{"a": 1, "b": 1, "c": 1}""", "A: must not have b", "A: must not have c");
        Judge.ShouldTake("""{"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}""", """{"a": "x", "b": 1}""");
        Judge.ShouldRefuse("""{"additionalProperties": {"type": "integer"}}""", """{"b": "x"}""", "A.b: must be an integer (got a string)");
    }

    [Fact]
    public void An_object_has_a_number_of_members()
    {
        const string Schema = """{"type": "object", "minProperties": 1, "maxProperties": 2}""";

        Judge.ShouldTake(Schema, """{"a": 1}""");
        Judge.ShouldRefuse(Schema, "{}", "A: must have at least 1 members");
        Judge.ShouldRefuse(Schema, """{"a": 1, "b": 1, "c": 1}""", "A: must have at most 2 members");
    }

    [Theory]
    [InlineData("""{"type": 1}""")]
    [InlineData("""{"minItems": "a"}""")]
    [InlineData("""{"pattern": "("}""")]
    [InlineData("""{"required": [1]}""")]
    public void A_schema_that_is_none_is_found_when_it_is_read(string schema) => Should.Throw<Exception>(() => Judge.Compile(schema));

    [Fact]
    public void A_schema_nested_without_end_is_refused()
    {
        JsonObject schema = [];
        for (var i = 0; i < 70; i++)
        {
            schema = new JsonObject { ["items"] = schema };
        }

        Should.Throw<ArgumentException>(() => CompiledSchema.Compile(schema)).Message.ShouldContain("nested too deeply");
    }
}
