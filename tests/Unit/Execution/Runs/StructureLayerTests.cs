using GeoWps.Adapters.Execution.Runs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class StructureLayerTests
{
    [Theory]
    [InlineData("""{"value": "a,b", "mediaType": "text/csv", "encoding": "UTF-8"}""", "text/csv", null)]
    [InlineData("""{"value": "YQ==", "format": {"mediaType": "text/csv", "encoding": "Base64"}}""", "text/csv", "base64")]
    [InlineData("""{"href": "http://example.org/a", "type": "text/csv"}""", "text/csv", null)]
    [InlineData("""{"href": "http://example.org/a", "format": {"mediaType": "text/csv", "encoding": "base64"}}""", "text/csv", "base64")]
    [InlineData("""{"type": "FeatureCollection", "features": []}""", null, null)]
    public void A_layer_has_the_forms_that_it_has_outside_of_a_structure(string json, string? mediaType, string? encoding)
    {
        var (value, refusal) = StructureLayer.Read(Described.Json(json));

        refusal.ShouldBeNull();
        (value!.MediaType, value.Encoding).ShouldBe((mediaType, encoding));
    }

    [Theory]
    [InlineData("""{"value": "a", "encoding": "zip"}""", "encoding must be base64")]
    [InlineData("""{"value": "a", "mediaType": 5}""", "mediaType must be a string")]
    [InlineData("""{"value": "a", "format": "text/csv"}""", "format must be an object")]
    [InlineData("""{"value": "a", "href": "http://example.org/a"}""", "not both")]
    [InlineData("""{"href": 5}""", "href must be an address")]
    public void What_has_another_form_is_refused(string json, string message) =>
        StructureLayer.Read(Described.Json(json)).Refusal.ShouldNotBeNull().ShouldContain(message);
}
