using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Safety;

/// <summary>Expressions reckon with features; they don't look round on the server.</summary>
[Collection(StrangersServerTests.Name)]
public sealed class ExpressionTests(StrangersServer qgis)
{
    public static TheoryData<string> Forbidden => new(
        "env('PATH')", "ENV('PATH')", "eval('1')", "eval_template('[% 1 %]')", "exif('{txt}','x')", "exif_geotag('{txt}')", "file_exists('{txt}')", "file_size('{txt}')",
        "is_directory('/')", "is_file('{txt}')", "sqlite_fetch_and_increment('{txt}','t','a','b','c')", "layer_property('x','source')", "decode_uri('x')",
        "@user_account_name", "@user_full_name", "@qgis_os_name", "@project_path", "@qgis_version", "var('user_account_name')", "var('user_' || 'account_name')",
        "aggregate('x','count',env('PATH'))", "array_foreach(array(1),env('PATH'))", "1 + if(true, file_size('{txt}'), 2)", "with_variable('a', env('PATH'), @a)");

    [QgisTheory]
    [MemberData(nameof(Forbidden))]
    public async Task A_function_that_looks_round_is_refused_wherever_an_expression_stands(string template)
    {
        var expression = template.Replace("{txt}", qgis.Outside("secret.txt"), StringComparison.Ordinal);
        await ShouldBeRefusedAsync("native:extractbyexpression", "EXPRESSION", expression, []);
        await ShouldBeRefusedAsync("native:fieldcalculator", "FORMULA", expression, new() { ["FIELD_NAME"] = "x" });
        await ShouldBeRefusedAsync("native:geometrybyexpression", "EXPRESSION", expression, []);
        await ShouldBeRefusedAsync("native:aggregate", "GROUP_BY", expression, new() { ["AGGREGATES"] = Aggregates("1") });
        await ShouldBeRefusedAsync("native:aggregate", "AGGREGATES", Aggregates(expression), []);
        await ShouldBeRefusedAsync("native:refactorfields", "FIELDS_MAPPING", new JsonArray(new JsonObject
        {
            ["expression"] = expression,
            ["name"] = "x",
            ["type"] = 10,
            ["length"] = 0,
            ["precision"] = 0,
        }), []);
    }

    [QgisTheory]
    [InlineData("native:buffer", "DISTANCE")]
    [InlineData("native:translategeometry", "DELTA_X")]
    [InlineData("native:simplifygeometries", "TOLERANCE")]
    [InlineData("native:extractbyexpression", "EXPRESSION")]
    public async Task An_expression_in_disguise_is_refused(string process, string input)
    {
        foreach (var disguise in new object[]
        {
            new { type = "data-defined", expression = "env('PATH')" },
            new { type = "data-defined", field = "name" },
            new { value = new { type = "data-defined", expression = "1" } },
            "QgsProperty.fromExpression('1')",
        })
        {
            await ShouldBeRefusedAsync(process, input, disguise, []);
        }
    }

    [QgisFact]
    public async Task The_others_reckon()
    {
        var answer = await qgis.ExecuteAsync("native:fieldcalculator", new
        {
            inputs = new { INPUT = Sample.Point(3, 4), FIELD_NAME = "n", FIELD_TYPE = 0, FORMULA = "$x * 2 + length(\"name\") + @row_number * 0" },
        });

        answer.ShouldBe(200).Json.GetProperty("features")[0].GetProperty("properties").GetProperty("n").GetDouble().ShouldBe(10);
    }

    [QgisFact]
    public async Task A_field_that_is_called_like_a_function_is_a_field()
    {
        var answer = await qgis.ExecuteAsync("native:extractbyexpression", new { inputs = new { INPUT = Sample.Point(3, 4), EXPRESSION = "\"name\" = 'env(1)' or \"name\" = 'here'" } });

        answer.ShouldBe(200).FeatureCount.ShouldBe(1);
    }

    private async Task ShouldBeRefusedAsync(string process, string input, object value, Dictionary<string, object> more)
    {
        var inputs = new Dictionary<string, object>(more) { ["INPUT"] = Sample.Point(0, 0), [input] = value };

        var answer = await qgis.ExecuteAsync(process, new { inputs });

        answer.ShouldBe(400).Blamed.ShouldBe([input], process);
    }

    private static JsonArray Aggregates(string expression) => new(new JsonObject
    {
        ["aggregate"] = "first_value",
        ["delimiter"] = ",",
        ["input"] = expression,
        ["length"] = 0,
        ["name"] = "x",
        ["precision"] = 0,
        ["type"] = 10,
    });
}
