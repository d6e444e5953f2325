using GeoWps.Adapters.Execution.Runs;
using GeoWps.Adapters.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class LayerOptionsTests
{
    [Theory]
    [InlineData("http://example.org/a.gpkg", null, null)]
    [InlineData("http://example.org/a.gpkg?layername=x", null, null)]
    [InlineData("http://example.org/a.gpkg#", null, null)]
    [InlineData("http://example.org/a.gpkg#layername=roads", "roads", null)]
    [InlineData("http://example.org/a.gpkg#geometrytype=Point", null, "Point")]
    [InlineData("http://example.org/a.gml.zip#layername=lines&geometrytype=LineString", "lines", "LineString")]
    [InlineData("http://example.org/a.gpkg#layername=a+b%26c%3Dd", "a b&c=d", null)]
    [InlineData("http://example.org/a.gpkg#layername=a=b", "a=b", null)]
    public void The_fragment_chooses_a_layer(string href, string? layerName, string? geometryType)
    {
        var (options, refusal) = LayerOptions.Of(href);

        refusal.ShouldBeNull();
        options.ShouldBe(new LayerOptions(layerName, geometryType));
    }

    [Theory]
    [InlineData("subset=1=1")]
    [InlineData("option:A=B")]
    [InlineData("layerid=0")]
    [InlineData("LAYERNAME=a")]
    [InlineData("layername")]
    [InlineData("layername=")]
    [InlineData("layername=a&subset=b")]
    [InlineData("layername=a|subset=b&x")]
    [InlineData("uniqueGeometryType=yes")]
    public void Any_other_option_is_refused_with_the_whole_address(string fragment)
    {
        var (options, refusal) = LayerOptions.Of("http://example.org/a.gpkg#" + fragment);

        refusal.ShouldNotBeNull().ShouldContain("layername=");
        options.ShouldBe(LayerOptions.None);
    }

    [Fact]
    public void A_layer_says_where_it_lies_what_it_is_and_what_is_wanted()
    {
        var data = new StagedData("inputs/1/lines.gml", new DataKind("application/gml+xml", "gml"), "lines");

        data.Layer("vector", LayerOptions.None).ToJsonString().ShouldBe(
            """{"path":"inputs/1/lines.gml","name":"lines","mediaType":"application/gml\u002Bxml","want":"vector"}""");
        data.Layer("any", new LayerOptions("a", "Point")).ToJsonString().ShouldEndWith(""","want":"any","layername":"a","geometrytype":"Point"}""");
    }
}
