using System.Xml.Linq;

namespace GeoWps.Tests.Unit.Http.Maps;

/// <summary>A server of its own, so that others' documents stay small.</summary>
public sealed class ManyLayersTests(MapServer server) : IClassFixture<MapServer>
{
    [Theory]
    [InlineData("wmts/1.0.0/WMTSCapabilities.xml", "{http://www.opengis.net/wmts/1.0}Layer")]
    [InlineData("tms/1.0.0", "TileMap")]
    public async Task All_layers_are_in_it_however_many_there_are(string path, string element)
    {
        // More than are read at once, and no multiple of it.
        for (var number = 0; number < 1203; number++)
        {
            server.Layers.Add(MapServer.Layer($"many-{number:D4}"));
        }

        var root = XElement.Parse(await server.Client.GetStringAsync(path));

        // Beside them areas and hills, and europe where WMTS can say its sets; globe in none.
        root.Descendants(element).Count().ShouldBe(1203 + (element == "TileMap" ? 2 : 3));
        root.Descendants(element).Select(layer => layer.ToString()).ShouldBeUnique();
    }
}
