using GeoWps.Application.Features;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Features;

public sealed class AxisOrderTests
{
    [Theory]
    [InlineData("EPSG:4326", true)]
    [InlineData("EPSG:4490", true)]
    [InlineData("EPSG:4258", true)]
    [InlineData("EPSG:3035", true)]
    [InlineData("EPSG:2180", true)]
    [InlineData("EPSG:31297", true)]
    [InlineData("EPSG:32661", true)]
    [InlineData("EPSG:5041", false)]
    [InlineData("EPSG:3907", false)]
    [InlineData("EPSG:3857", false)]
    [InlineData("EPSG:25832", false)]
    [InlineData("EPSG:28992", false)]
    [InlineData("EPSG:32633", false)]
    [InlineData("OGC:CRS84", false)]
    [InlineData("ESRI:102100", false)]
    public void It_is_as_the_register_has_it(string name, bool isYFirst)
    {
        Crs.TryParse(name, out var crs).ShouldBeTrue();

        AxisOrder.IsYFirst(crs.Value).ShouldBe(isYFirst);
    }

    [Theory]
    [InlineData("http://here/collections/places/items", "places", "")]
    [InlineData("http://here/collections/places/items?bbox=1,2,3,4#x", "places", "bbox=1,2,3,4")]
    [InlineData("/collections/a.b/items", "a.b", "")]
    [InlineData("http://there/collections/places/items", null, "")]
    [InlineData("http://here/collections/places", null, "")]
    [InlineData("http://here/collections/places/items/7", null, "")]
    [InlineData("//there/collections/places/items", null, "")]
    public void An_address_of_this_server_is_known(string href, string? id, string query)
    {
        OwnCollections.TryParse(href, "http://here/", out var found, out var rest).ShouldBe(id is not null);

        found.ShouldBe(id);
        rest.ShouldBe(query);
    }
}
