using System.Net;
using System.Text.Json;
using GeoWps.Domain.Layers;

namespace GeoWps.Tests.Unit.Http.Maps;

public sealed class StyleTests(MapServer server) : IClassFixture<MapServer>
{
    private const string MapLibre = "application/vnd.mapbox.style+json";

    [Theory]
    [InlineData("Polygon", "fill line")]
    [InlineData("LineString", "line")]
    [InlineData("Point", "circle")]
    [InlineData(null, "fill line line circle")]
    public async Task A_layer_without_a_style_has_one_that_fits_its_geometry(string? geometry, string types)
    {
        var layer = MapServer.Layer("drawn");
        var (style, type) = await StyleAsync(layer with { Contents = layer.Contents with { GeometryType = geometry }, Tiles = layer.Tiles with { Name = "inside" } });

        type.ShouldBe(MapLibre);
        style.GetProperty("version").GetInt32().ShouldBe(8);
        var source = style.GetProperty("sources").GetProperty("geowps");
        source.GetProperty("type").GetString().ShouldBe("vector");
        var tiles = JsonElement.Parse(await server.Client.GetByteArrayAsync(source.GetProperty("url").GetString()));
        tiles.GetProperty("vector_layers")[0].GetProperty("id").GetString().ShouldBe("inside");
        var layers = style.GetProperty("layers").EnumerateArray().ToArray();
        string.Join(' ', layers.Select(one => one.GetProperty("type").GetString())).ShouldBe(types);
        layers.ShouldAllBe(one => one.GetProperty("source").GetString() == "geowps" && one.GetProperty("source-layer").GetString() == "inside");
        layers.Select(one => one.GetProperty("id").GetString()).ShouldBeUnique();
    }

    [Fact]
    public async Task Pictures_are_a_raster()
    {
        var style = JsonElement.Parse(await server.Client.GetByteArrayAsync("collections/hills/styles/default"));

        style.GetProperty("layers")[0].GetProperty("type").GetString().ShouldBe("raster");
        var source = style.GetProperty("sources").GetProperty("geowps");
        source.GetProperty("type").GetString().ShouldBe("raster");
        JsonElement.Parse(await server.Client.GetByteArrayAsync(source.GetProperty("url").GetString())).GetProperty("tiles")[0].GetString()!.ShouldContain("/collections/hills/map/tiles/");
    }

    [Fact]
    public async Task The_owners_style_stays_and_its_sources_lead_to_the_tiles()
    {
        const string Text = """
            {"version":8,"name":"Mine","sources":{"geowps":{"type":"vector","url":"https://elsewhere.example/t.json","attribution":"me"},"plain":{"type":"vector"},
            "other":{"type":"raster","tiles":["https://tiles.example/{z}/{x}/{y}.png"]}},"layers":[{"id":"a","type":"fill","source":"geowps","source-layer":"drawn"}]}
            """;
        var (style, _) = await StyleAsync(MapServer.Layer("drawn") with { Style = new LayerStyle(StyleKind.MapLibre, Text) });

        style.GetProperty("name").GetString().ShouldBe("Mine");
        var sources = style.GetProperty("sources");
        var ours = $"{server.Address}collections/drawn/tiles/WebMercatorQuad?f=tilejson";
        sources.GetProperty("geowps").GetProperty("url").GetString().ShouldBe(ours);
        sources.GetProperty("geowps").GetProperty("attribution").GetString().ShouldBe("me");
        sources.GetProperty("plain").GetProperty("url").GetString().ShouldBe(ours);
        sources.GetProperty("other").GetProperty("tiles")[0].GetString().ShouldBe("https://tiles.example/{z}/{x}/{y}.png");
        sources.GetProperty("other").TryGetProperty("url", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_style_that_declares_no_source_gets_one()
    {
        var (style, _) = await StyleAsync(MapServer.Layer("drawn") with
        {
            Style = new LayerStyle(StyleKind.MapLibre, """{"version":8,"layers":[{"id":"back","type":"background"},{"id":"a","type":"fill","source":"mine"},{"id":"b","type":"line","source":"mine"}]}"""),
        });

        style.GetProperty("sources").EnumerateObject().Single().Name.ShouldBe("mine");
        style.GetProperty("sources").GetProperty("mine").GetProperty("url").GetString()!.ShouldEndWith("/collections/drawn/tiles/WebMercatorQuad?f=tilejson");
    }

    [Fact]
    public async Task A_style_of_QGIS_is_given_as_it_is_beside_one_for_MapLibre()
    {
        const string Qml = "<qgis version=\"3.22\"><renderer-v2 type=\"singleSymbol\"/></qgis>";
        var (style, type) = await StyleAsync(MapServer.Layer("drawn") with { Style = new LayerStyle(StyleKind.Qml, Qml) });
        using var qml = await server.Client.GetAsync("collections/drawn/styles/default?f=qml");

        type.ShouldBe(MapLibre);
        style.GetProperty("layers")[0].GetProperty("type").GetString().ShouldBe("fill");
        qml.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.qgis.qml");
        (await qml.Content.ReadAsStringAsync()).ShouldBe(Qml);
        var list = JsonElement.Parse(await server.Client.GetByteArrayAsync("collections/drawn/styles"));
        list.GetProperty("styles")[0].GetProperty("links").EnumerateArray().Select(link => link.GetProperty("type").GetString()).ShouldBe([MapLibre, "application/json", "application/vnd.qgis.qml"]);
    }

    [Fact]
    public async Task All_layers_together_have_one_and_a_collection_links_to_its_own()
    {
        var style = JsonElement.Parse(await server.Client.GetByteArrayAsync("styles/default?f=json"));
        var collection = JsonElement.Parse(await server.Client.GetByteArrayAsync("collections/areas"));

        style.GetProperty("sources").GetProperty("geowps").GetProperty("url").GetString().ShouldBe(server.Address + "tiles/WebMercatorQuad?f=tilejson");
        style.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("source-layer").GetString()).ShouldContain("areas");
        var link = collection.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "http://www.opengis.net/def/rel/ogc/1.0/styles");
        using var list = await server.Client.GetAsync(link.GetProperty("href").GetString());
        list.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("collections/nothing/styles", 404)]
    [InlineData("collections/nothing/styles/default", 404)]
    [InlineData("collections/areas/styles/other", 404)]
    [InlineData("collections/globe/styles/default", 404)]
    [InlineData("collections/areas/styles/default?f=qml", 400)]
    [InlineData("collections/areas/styles?f=html", 200)]
    public async Task What_is_not_there_is_a_problem(string path, int status) => ((int)(await server.Client.GetAsync(path)).StatusCode).ShouldBe(status);

    [Fact]
    public async Task A_style_that_nobody_has_is_not_acceptable()
    {
        using var asking = new HttpRequestMessage(HttpMethod.Get, "collections/areas/styles/default");
        asking.Headers.Accept.ParseAdd("application/vnd.ogc.sld+xml");

        ((int)(await server.Client.SendAsync(asking)).StatusCode).ShouldBe(406);
    }

    private async Task<(JsonElement Style, string? Type)> StyleAsync(Layer layer)
    {
        await server.Catalogue.RemoveAsync(layer.Id, CancellationToken.None);
        (await server.Catalogue.TryAddAsync(layer, CancellationToken.None)).ShouldBeTrue();
        using var response = await server.Client.GetAsync($"collections/{layer.Id}/styles/default");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (JsonElement.Parse(await response.Content.ReadAsByteArrayAsync()), response.Content.Headers.ContentType?.MediaType);
    }
}
