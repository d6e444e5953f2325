using GeoWps.Adapters.Execution.Runs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class DataChecksTests
{
    private static readonly ParameterKind[] _ofData =
        [ParameterKind.Layer, ParameterKind.Layers, ParameterKind.File, ParameterKind.Files, ParameterKind.Folder];

    public static TheoryData<string> Forms => [.. SourceTexts.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_source_is_no_data(string text)
    {
        foreach (var kind in _ofData)
        {
            DataChecks.Refuse(kind, StagingBench.Text(text, "text/csv")).ShouldNotBeNull().ShouldContain("href");
        }
    }

    [Fact]
    public void Bytes_in_base64_may_look_like_a_path() =>
        DataChecks.Refuse(ParameterKind.Layer, new InputValue.Inline(Described.Text("/9j/4AAQ")) { Encoding = "base64" }).ShouldBeNull();

    [Theory]
    [InlineData("hello", null, false)]
    [InlineData("polygon.gpkg", null, false)]
    [InlineData("a,b", null, false)]
    [InlineData("a,b", "text/csv", true)]
    [InlineData("""{"type": "FeatureCollection", "features": []}""", null, true)]
    [InlineData("<gml:FeatureCollection xmlns:gml=\"http://www.opengis.net/gml\"/>", "application/gml+xml", true)]
    public void A_text_that_no_layer_begins_with_is_refused_as_one(string text, string? mediaType, bool fits)
    {
        (DataChecks.Refuse(ParameterKind.Layer, StagingBench.Text(text, mediaType)) is null).ShouldBe(fits);
        (DataChecks.Refuse(ParameterKind.Layers, StagingBench.Text(text, mediaType)) is null).ShouldBe(fits);
        DataChecks.Refuse(ParameterKind.File, StagingBench.Text(text, mediaType)).ShouldBeNull();
    }

    [Fact]
    public void The_fragment_of_a_layers_address_is_judged_before_it_is_fetched()
    {
        DataChecks.Refuse(ParameterKind.Layer, StagingBench.Link("http://example.org/a#subset=1")).ShouldNotBeNull().ShouldContain("layername=");
        DataChecks.Refuse(ParameterKind.Layer, StagingBench.Link("http://example.org/a#layername=b")).ShouldBeNull();
        DataChecks.Refuse(ParameterKind.File, StagingBench.Link("http://example.org/a#page2")).ShouldBeNull();
    }

    [Fact]
    public void What_is_no_text_is_judged_by_its_schema() =>
        DataChecks.Refuse(ParameterKind.Layer, StagingBench.Inline("""{"type": "FeatureCollection", "features": []}""")).ShouldBeNull();
}
