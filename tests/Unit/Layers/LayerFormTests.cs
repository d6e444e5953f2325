using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Tiles;

namespace GeoWps.Tests.Unit.Layers;

public sealed class LayerFormTests
{
    [Fact]
    public void A_layers_own_document_reads_back_as_its_settings()
    {
        var layer = Some.FullLayer("a");
        var document = LayerDocument.Settings(LayerSettings.Of(layer));

        var (wish, mistakes) = Read(document.ToJsonString());

        mistakes.ShouldBeEmpty();
        LayerDocument.Settings(wish.Settings).ToJsonString().ShouldBe(document.ToJsonString());
        document.Count.ShouldBe(11, "every setting is in it");
    }

    [Fact]
    public void What_is_not_given_is_as_a_new_layer_has_it()
    {
        var (wish, mistakes) = Read("{}");

        mistakes.ShouldBeEmpty();
        LayerDocument.Settings(wish.Settings).ToJsonString().ShouldBe(LayerDocument.Settings(new LayerSettings()).ToJsonString());
        wish.Source.ShouldBeNull();
    }

    [Theory]
    [InlineData("""[]""", "")]
    [InlineData("""{"id": "../x"}""", "/id")]
    [InlineData("""{"id": ""}""", "/id")]
    [InlineData("""{"title": 7}""", "/title")]
    [InlineData("""{"titel": "x"}""", "/titel")]
    [InlineData("""{"a/b~c": 1}""", "/a~1b~0c")]
    [InlineData("""{"keywords": "a"}""", "/keywords")]
    [InlineData("""{"searchFields": "name"}""", "/searchFields")]
    [InlineData("""{"expires": "tomorrow"}""", "/expires")]
    [InlineData("""{"tiles": []}""", "/tiles")]
    [InlineData("""{"tiles": {"minZoom": 5, "maxZoom": 4}}""", "/tiles/minZoom")]
    [InlineData("""{"tiles": {"maxZoom": 31}}""", "/tiles/maxZoom")]
    [InlineData("""{"tiles": {"maxZoom": 3.5}}""", "/tiles/maxZoom")]
    [InlineData("""{"tiles": {"formats": ["gif"]}}""", "/tiles/formats")]
    [InlineData("""{"tiles": {"tileMatrixSets": []}}""", "/tiles/tileMatrixSets")]
    [InlineData("""{"tiles": {"buffers": 3}}""", "/tiles/buffers")]
    [InlineData("""{"caching": {"encoding": "zip"}}""", "/caching/encoding")]
    [InlineData("""{"caching": {"enabled": "yes"}}""", "/caching/enabled")]
    [InlineData("""{"caching": {"expireByZoom": {"x": 1}}}""", "/caching/expireByZoom/x")]
    [InlineData("""{"caching": {"quotaBytes": -1}}""", "/caching/quotaBytes")]
    [InlineData("""{"style": {}}""", "/style")]
    [InlineData("""{"style": {"mapLibre": {"version": 8}}}""", "/style/mapLibre")]
    [InlineData("""{"style": {"qml": "<svg/>"}}""", "/style/qml")]
    [InlineData("""{"source": {}}""", "/source")]
    [InlineData("""{"source": {"href": "http://a/", "file": "/b"}}""", "/source")]
    [InlineData("""{"source": {"job": "a"}}""", "/source/output")]
    [InlineData("""{"source": {"postgis": {"table": "a"}}}""", "/source/postgis/connection")]
    [InlineData("""{"source": {"postgis": {"connection": "a"}}}""", "/source/postgis")]
    [InlineData("""{"source": {"postgis": {"connection": "a", "table": "b", "query": "c"}}}""", "/source/postgis")]
    [InlineData("""{"source": {"upstream": {"template": "https://a/"}}}""", "/source/upstream/template")]
    [InlineData("""{"source": {"upstream": {"template": "https://a/{z}/{x}/{y}", "format": "gif"}}}""", "/source/upstream/format")]
    [InlineData("""{"source": {"upstream": {"template": "https://a/{z}/{x}/{y}", "extent": [0, 0, 181, 1]}}}""", "/source/upstream/extent")]
    [InlineData("""{"source": {"upstream": {"template": "https://a/{z}/{x}/{y}", "protocol": "ftp"}}}""", "/source/upstream/protocol")]
    [InlineData("""{"source": {"upstream": {"capabilities": "https://a/", "template": "https://a/{z}/{x}/{y}"}}}""", "/source/upstream/template")]
    [InlineData("""{"source": {"upstream": {"capabilities": "https://a/", "format": "gif"}}}""", "/source/upstream/format")]
    [InlineData("""{"source": {"upstream": {"capabilities": "https://a/", "layers": "b"}}}""", "/source/upstream/layers")]
    [InlineData("""{"source": {"upstream": {"capabilities": 7}}}""", "/source/upstream/capabilities")]
    public void A_mistake_is_told_with_its_place(string form, string place) => Read(form).Mistakes.ShouldHaveSingleItem().Place.ShouldBe(place);

    [Fact]
    public void What_another_server_offers_is_wished_for_by_its_document()
    {
        var (wish, mistakes) = Read("""{"source": {"upstream": {"capabilities": "https://a/wmts", "layer": "b", "tileMatrixSet": "c", "style": "d", "format": "image/png"}}}""");

        mistakes.ShouldBeEmpty();
        wish.Source.ShouldBe(new SourceWish.Offer(new UpstreamOffer("https://a/wmts") { Layer = "b", TileMatrixSet = "c", Style = "d", Format = TileFormat.Png }));
    }

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        Read("""{"id": "?", "tiles": {"minZoom": -1, "metaTile": 0}, "caching": {"maxAge": "x"}, "more": 1}""").Mistakes.Select(mistake => mistake.Place)
            .ShouldBe(["/id", "/tiles/minZoom", "/tiles/metaTile", "/caching/maxAge", "/more"], ignoreOrder: true);

    [Fact]
    public void A_member_that_is_nearly_right_is_suggested() =>
        Read("""{"titles": "x"}""").Mistakes.ShouldHaveSingleItem().Message.ShouldContain("did you mean title?");

    [Fact]
    public void What_a_layers_document_tells_of_its_data_is_passed_over() =>
        Read("""{"title": "a", "kind": "vector", "source": {"type": "geopackage", "table": "t"}, "revision": 3, "links": []}""").Mistakes.ShouldBeEmpty();

    [Fact]
    public void No_path_and_no_key_is_in_a_layers_document()
    {
        var sources = Some.Sources.Append(new LayerSource.Upstream(UpstreamKind.Xyz, "https://h/{z}/{x}/{y}.png?key=secret", "WebMercatorQuad"));
        foreach (var source in sources)
        {
            using var memory = new MemoryStream();
            using (var json = new Utf8JsonWriter(memory))
            {
                json.WriteStartObject();
                LayerDocument.WriteMembers(json, Some.Layer("a") with { Source = source });
                json.WriteEndObject();
            }

            var text = System.Text.Encoding.UTF8.GetString(memory.ToArray());
            text.ShouldNotContain("/srv");
            text.ShouldNotContain("data.");
            text.ShouldNotContain("secret");
            JsonNode.Parse(text)!["source"]!["type"].ShouldNotBeNull();
        }
    }

    private static (LayerWish Wish, List<Mistake> Mistakes) Read(string json)
    {
        var mistakes = new List<Mistake>();
        return (LayerForm.Read(JsonElement.Parse(json), "", mistakes), mistakes);
    }
}
