using GeoWps.Domain.Processes.Schemas;

namespace GeoWps.Tests.Unit.Schemas;

public sealed class AlternativeTests
{
    [Theory]
    [InlineData("oneOf")]
    [InlineData("anyOf")]
    public void One_that_fits_is_enough(string keyword)
    {
        var schema = $$"""{"{{keyword}}": [{"type": "integer"}, {"type": "number", "minimum": 0}, {"type": "string"}]}""";

        Judge.ShouldTake(schema, "-1", "0.5", "1", "\"a\"");
        Judge.ShouldRefuse(schema, "true", "A: must be an integer or a number or a string (got true)");
        Judge.ShouldRefuse(schema, "null", "A: must be an integer or a number or a string (got null)");
    }

    [Fact]
    public void Only_the_one_that_was_meant_is_told_about()
    {
        const string Schema = """{"oneOf": [{"type": "integer", "maximum": 5}, {"type": "array", "items": {"type": "integer"}}]}""";

        Judge.ShouldRefuse(Schema, "6", "A: must be at most 5 (got 6)");
        Judge.ShouldRefuse(Schema, "[1, \"a\"]", "A[1]: must be an integer (got a string)");
    }

    [Fact]
    public void Of_several_files_in_base64_one_message_is_enough() =>
        Judge.ShouldRefuse(
            """{"oneOf": [{"type": "string", "contentEncoding": "base64", "contentMediaType": "image/tiff"}, {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"}]}""",
            "\"?\"",
            "A: must be base64");

    [Fact]
    public void All_of_them_must_fit()
    {
        const string Schema = """{"allOf": [{"type": "integer", "minimum": 0}, {"type": "number", "maximum": 10}, {"multipleOf": 2}]}""";

        Judge.ShouldTake(Schema, "4");
        Judge.ShouldRefuse(Schema, "13", "A: must be at most 10 (got 13)", "A: must be a multiple of 2 (got 13)");
        Judge.ShouldRefuse(Schema, "\"a\"", "A: must be an integer (got a string)", "A: must be a number (got a string)");
    }

    [Fact]
    public void A_value_may_have_to_be_something_else()
    {
        const string Schema = """{"type": "string", "not": {"enum": ["a", "b"]}}""";

        Judge.ShouldTake(Schema, "\"c\"");
        Judge.ShouldRefuse(Schema, "\"a\"", "A: must not be \"a\" or \"b\"");
    }

    [Fact]
    public void Null_is_taken_where_it_is_allowed()
    {
        Judge.ShouldTake("""{"type": "integer", "nullable": true}""", "null", "1");
        Judge.ShouldTake("""{"enum": ["a"], "nullable": true}""", "null");
        Judge.ShouldTake("""{"oneOf": [{"type": "integer", "nullable": true}, {"type": "string"}]}""", "null");
        Judge.ShouldRefuse("""{"type": "integer", "nullable": false}""", "null", "A: must be an integer (got null)");
        Judge.ShouldRefuse("""{"enum": ["a"]}""", "null", "A: must be \"a\" (got null)");
    }

    [Fact]
    public void Alternatives_of_one_value_each_are_a_choice_that_knows_its_labels()
    {
        const string Schema = """{"oneOf": [{"const": 0, "title": "Round"}, {"enum": [1], "title": "Flat"}, {"const": "2"}]}""";

        Judge.ShouldTake(Schema, "0", "1", "\"Round\"", "\"Flat\"", "\"2\"");
        Judge.ShouldRefuse(Schema, "3", "A: must be one of 0 (Round), 1 (Flat), 2 (got 3)");
        Judge.ShouldRefuse(Schema, "\"flat\"", "A: must be one of 0 (Round), 1 (Flat), 2 (got \"flat\")");
    }

    [Fact]
    public void Alternatives_are_given_one_by_one_when_there_is_nothing_else()
    {
        Judge.Compile("""{"oneOf": [{"type": "integer"}, {"type": "string"}]}""").Alternatives.Select(part => part.Kinds).ShouldBe([JsonKinds.Integer, JsonKinds.String]);
        var whole = Judge.Compile("""{"type": "integer", "oneOf": [{"minimum": 5}, {"maximum": 1}]}""");
        whole.Alternatives.ShouldBe([whole]);
    }

    [Theory]
    [InlineData("""{"type": "array"}""", true)]
    [InlineData("""{"oneOf": [{"type": "string"}, {"type": "array"}]}""", true)]
    [InlineData("""{"allOf": [{"type": "string"}, {}]}""", false)]
    [InlineData("""{"enum": ["a", 1]}""", false)]
    [InlineData("""{"enum": [[1]]}""", true)]
    [InlineData("""{"format": "ogc-bbox"}""", false)]
    [InlineData("{}", true)]
    public void A_schema_tells_whether_it_judges_arrays(string schema, bool takes) => Judge.Compile(schema).Takes(JsonKinds.Array).ShouldBe(takes);
}
