using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Conformance;

/// <summary>Class "OGC Process Description": the built-in processes here, and below every algorithm of QGIS.</summary>
[Collection(ConformanceServerTests.Name)]
public sealed class ProcessDescriptionTests(ConformanceServer server)
{
    [Theory]
    [InlineData("echo")]
    [InlineData("EchoProcess")]
    [Trait("ATS", "/conf/ogc-process-description/json-encoding")]
    public async Task A_description_is_JSON_by_its_schema(string id)
    {
        var answer = (await server.GetAsync($"processes/{id}")).ShouldBe(200);

        answer.MediaType.ShouldBe("application/json");
        await OgcJsonSchema.ShouldFitAsync(answer.Json, "process");
    }

    [Theory]
    [InlineData("echo", 10)]
    [InlineData("EchoProcess", 10)]
    [Trait("ATS", "/conf/ogc-process-description/inputs-def")]
    public async Task Each_input_is_described_under_its_id(string id, int count)
    {
        var inputs = (await server.JsonAsync($"processes/{id}")).GetProperty("inputs").EnumerateObject().ToList();

        inputs.Count.ShouldBe(count);
        foreach (var input in inputs)
        {
            await OgcJsonSchema.ShouldFitAsync(input.Value, "inputDescription", input.Name);
        }
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("EchoProcess")]
    [Trait("ATS", "/conf/ogc-process-description/input-def")]
    public async Task The_schema_of_each_input_is_one(string id) => await SchemasAsync(id, "inputs");

    [Fact]
    [Trait("ATS", "/conf/ogc-process-description/input-mixed-type")]
    public async Task An_input_of_several_types_has_a_schema_for_each() => await AlternativesAsync("inputs", "geometryInput");

    [Theory]
    [InlineData("echo", 9)]
    [InlineData("EchoProcess", 10)]
    [Trait("ATS", "/conf/ogc-process-description/outputs-def")]
    public async Task Each_output_is_described_under_its_id(string id, int count)
    {
        var outputs = (await server.JsonAsync($"processes/{id}")).GetProperty("outputs").EnumerateObject().ToList();

        outputs.Count.ShouldBe(count);
        foreach (var output in outputs)
        {
            await OgcJsonSchema.ShouldFitAsync(output.Value, "outputDescription", output.Name);
        }
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("EchoProcess")]
    [Trait("ATS", "/conf/ogc-process-description/output-def")]
    public async Task The_schema_of_each_output_is_one(string id) => await SchemasAsync(id, "outputs");

    [Fact]
    [Trait("ATS", "/conf/ogc-process-description/output-mixed-type")]
    public async Task An_output_of_several_types_has_a_schema_for_each() => await AlternativesAsync("outputs", "geometryOutput");

    private async Task SchemasAsync(string id, string members)
    {
        foreach (var member in (await server.JsonAsync($"processes/{id}")).GetProperty(members).EnumerateObject())
        {
            await OgcJsonSchema.ShouldFitAsync(member.Value.GetProperty("schema"), "schema", member.Name);
        }
    }

    private async Task AlternativesAsync(string members, string name)
    {
        var alternatives = (await server.JsonAsync("processes/echo")).GetProperty(members).GetProperty(name).GetProperty("schema").GetProperty("oneOf").EnumerateArray().ToList();

        alternatives.Count.ShouldBe(2);
        foreach (var alternative in alternatives)
        {
            await OgcJsonSchema.ShouldFitAsync(alternative, "schema");
        }
    }
}

/// <summary>The same class for what QGIS offers.</summary>
[Collection(OpenServerTests.Name)]
public sealed class QgisDescriptionTests(OpenServer open)
{
    [QgisFact]
    [Trait("ATS", "/conf/ogc-process-description/json-encoding")]
    public async Task Every_algorithm_is_described_by_the_schemas()
    {
        var list = (await open.GetAsync("processes")).ShouldBe(200).Json;
        var ids = list.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()!).ToList();

        await OgcJsonSchema.ShouldFitAsync(list, "processList");
        ids.Count.ShouldBeGreaterThan(200);
        foreach (var id in ids)
        {
            await OgcJsonSchema.ShouldFitAsync((await open.GetAsync($"processes/{id}")).ShouldBe(200).Json, "process", id);
        }
    }
}
