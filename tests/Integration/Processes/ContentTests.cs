using System.Text;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>What is sent is told by its content, whatever it is called.</summary>
[Collection(OpenServerTests.Name)]
public sealed class ContentTests(OpenServer qgis)
{
    private const string Collection = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[8,50]}}]}""";
    private const string Kml = """<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>a</name><Point><coordinates>8,50</coordinates></Point></Placemark></Document></kml>""";
    private const string Table = "name;lon;lat\na;8;50\n";

    /// <summary>What servers of WFS 1.0.0, 1.1.0 and 2.0.0 send: line breaks, or none, and addresses of theirs in it.</summary>
    private static readonly Dictionary<string, string> _gml = new()
    {
        ["2, one line"] = """<?xml version="1.0" encoding="UTF-8"?><wfs:FeatureCollection xmlns="http://www.opengis.net/wfs" xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:a="http://example.org/a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://example.org/a http://example.org/a/wfs?service=WFS&amp;version=1.0.0&amp;request=DescribeFeatureType&amp;typeName=a%3Aplaces http://www.opengis.net/wfs http://example.org/schemas/wfs/1.0.0/WFS-basic.xsd"><gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy><gml:featureMember><a:places fid="places.1"><a:geom><gml:Point srsName="{0}"><gml:coordinates xmlns:gml="http://www.opengis.net/gml" decimal="." cs="," ts=" ">{1},{2}</gml:coordinates></gml:Point></a:geom><a:name>a</a:name></a:places></gml:featureMember></wfs:FeatureCollection>""",
        ["2, MapServer"] = """
            <?xml version='1.0' encoding="UTF-8" ?>
            <wfs:FeatureCollection xmlns:ms="http://mapserver.gis.umn.edu/mapserver" xmlns:gml="http://www.opengis.net/gml" xmlns:wfs="http://www.opengis.net/wfs">
              <gml:boundedBy><gml:Box srsName="{0}"><gml:coordinates>{1},{2} {1},{2}</gml:coordinates></gml:Box></gml:boundedBy>
              <gml:featureMember><ms:places fid="places.1">
                <gml:boundedBy><gml:Box srsName="{0}"><gml:coordinates>{1},{2} {1},{2}</gml:coordinates></gml:Box></gml:boundedBy>
                <ms:msGeometry><gml:Point srsName="{0}"><gml:coordinates>{1},{2}</gml:coordinates></gml:Point></ms:msGeometry><ms:name>a</ms:name>
              </ms:places></gml:featureMember>
            </wfs:FeatureCollection>
            """,
        ["3.1"] = """
            <?xml version="1.0" encoding="UTF-8"?>
            <wfs:FeatureCollection numberOfFeatures="1" timeStamp="2024-01-01T00:00:00Z" xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:a="http://example.org/a">
            <gml:featureMembers><a:places gml:id="places.1"><a:geom><gml:Point srsName="{0}" srsDimension="2"><gml:pos>{1} {2}</gml:pos></gml:Point></a:geom><a:name>a</a:name></a:places></gml:featureMembers>
            </wfs:FeatureCollection>
            """,
        ["3.1, srsName on the envelope"] = """
            <?xml version="1.0" encoding="UTF-8"?>
            <gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:app="http://www.deegree.org/app">
            <gml:boundedBy><gml:Envelope srsName="{0}"><gml:pos>{1} {2}</gml:pos><gml:pos>{1} {2}</gml:pos></gml:Envelope></gml:boundedBy>
            <gml:featureMember><app:places gml:id="P1"><app:geom><gml:Point srsName="{0}"><gml:pos>{1} {2}</gml:pos></gml:Point></app:geom><app:name>a</app:name></app:places></gml:featureMember>
            </gml:FeatureCollection>
            """,
        ["3.2"] = """
            <?xml version="1.0" encoding="UTF-8"?>
            <wfs:FeatureCollection numberMatched="1" numberReturned="1" timeStamp="2024-01-01T00:00:00Z" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="http://example.org/a">
            <wfs:member><a:places gml:id="places.1"><a:geom><gml:Point srsName="{0}" srsDimension="2" gml:id="places.1.geom"><gml:pos>{1} {2}</gml:pos></gml:Point></a:geom><a:name>a</a:name></a:places></wfs:member>
            </wfs:FeatureCollection>
            """,
    };

    public static TheoryData<string, string> Named
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var content in new[] { Collection, Kml, Table, Gml("2, one line", "EPSG:4326", 8, 50), Gml("3.2", "urn:ogc:def:crs:EPSG::4326", 50, 8) })
            {
                foreach (var mediaType in new[] { "application/octet-stream", "text/plain", "text/xml", "application/xml", "application/json", "application/geo+json", "application/gml+xml; version=2.1", "text/csv", "application/zip" })
                {
                    all.Add(content, mediaType);
                }
            }

            return all;
        }
    }

    public static TheoryData<string, string, bool> Systems
    {
        get
        {
            var all = new TheoryData<string, string, bool>();
            foreach (var document in _gml.Keys)
            {
                foreach (var (name, isNorthingFirst) in new[]
                {
                    ("EPSG:4326", false), ("http://www.opengis.net/gml/srs/epsg.xml#4326", false), ("urn:ogc:def:crs:EPSG::4326", true), ("urn:x-ogc:def:crs:EPSG:4326", true),
                    ("urn:x-ogc:def:crs:EPSG:6.9:4326", true), ("http://www.opengis.net/def/crs/EPSG/0/4326", true), ("urn:ogc:def:crs:OGC:1.3:CRS84", false),
                })
                {
                    all.Add(document, name, isNorthingFirst);
                }
            }

            return all;
        }
    }

    [QgisTheory]
    [MemberData(nameof(Named))]
    public async Task A_layer_is_read_as_what_it_is(string content, string mediaType)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        foreach (var input in new object[]
        {
            new { href = qgis.Files.Put($"content-{Guid.NewGuid():N}", bytes, mediaType) },
            new { href = qgis.Files.Put($"content-{Guid.NewGuid():N}", bytes), type = mediaType },
            new { value = Convert.ToBase64String(bytes), mediaType, encoding = "base64" },
        })
        {
            await ShouldBeHereAsync(input);
        }

        if (!mediaType.Contains("octet", StringComparison.Ordinal) && !(mediaType == "application/zip" && content == Table))
        {
            await ShouldBeHereAsync(new { value = content, mediaType });
        }
    }

    [QgisTheory]
    [MemberData(nameof(Systems))]
    public async Task GML_of_any_server_lies_where_its_srsName_says(string document, string srsName, bool isNorthingFirst)
    {
        var gml = Gml(document, srsName, isNorthingFirst ? 50 : 8, isNorthingFirst ? 8 : 50);

        var answer = await ShouldBeHereAsync(new { value = gml, mediaType = "text/xml" });

        answer.Json.TryGetProperty("crs", out _).ShouldBeFalse("it is in WGS 84");
    }

    [QgisTheory]
    [InlineData("lon,lat\n8,50")]
    [InlineData("x\ty\r\n8\t50\r\n")]
    [InlineData("WKT\nPOINT (8 50)")]
    [InlineData("id;geom\n1;POINT(8 50)\n")]
    [InlineData("Latitude;Longitude\n50,0;8,0\n")]
    public async Task A_table_as_people_write_it(string table) => await ShouldBeHereAsync(new { value = table, mediaType = "text/csv" });

    [QgisFact]
    public async Task A_table_without_rows_is_a_layer_without_features() =>
        (await qgis.ExecuteAsync("native:dropgeometries", new { inputs = new { INPUT = new { value = "name,size", mediaType = "text/csv" } } })).ShouldBe(200).FeatureCount.ShouldBe(0);

    [QgisFact]
    public async Task A_KMZ_with_pictures_in_it()
    {
        var folder = Directory.CreateTempSubdirectory("geowps-kmz-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "doc.kml"), Kml);
            File.WriteAllBytes(Path.Combine(folder.FullName, "a.png"), [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
            var kmz = Sample.Zip(Path.Combine(folder.FullName, "a.png"), Path.Combine(folder.FullName, "doc.kml"));

            await ShouldBeHereAsync(new { value = Convert.ToBase64String(kmz), encoding = "base64", mediaType = "application/vnd.google-earth.kmz" });
            await ShouldBeHereAsync(new { href = qgis.Files.Put("places.kmz", kmz, "application/vnd.google-earth.kmz") });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [QgisTheory]
    [InlineData("image/tiff; application=geotiff")]
    [InlineData("application/x-geotiff")]
    [InlineData("image/png")]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    public async Task A_raster_is_read_as_what_it_is(string mediaType)
    {
        var grid = await File.ReadAllBytesAsync(qgis.Gdal.Raster(Sample.Dem, $"content-{Guid.NewGuid():N}.asc", "AAIGrid"));
        foreach (var content in new[] { await File.ReadAllBytesAsync(Sample.Dem), grid })
        {
            var answer = await qgis.ExecuteAsync("native:rasterlayerproperties", new
            {
                inputs = new { INPUT = new { value = Convert.ToBase64String(content), encoding = "base64", mediaType } },
                response = "document",
            });

            answer.ShouldBe(200).Json.GetProperty("WIDTH_IN_PIXELS").GetInt32().ShouldBe(403);
        }
    }

    [QgisFact]
    public async Task What_no_layer_can_be_is_refused_with_what_is_taken()
    {
        var painting = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { value = "x", mediaType = "image/x-painting" } } });
        painting.ShouldBe(400).MessageFor("INPUT").ShouldContain("application/gml+xml; version=3.2");

        var words = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { value = "just words", mediaType = "text/plain" } } });
        words.ShouldBe(400).Blamed.ShouldBe(["INPUT"]);
    }

    private static string Gml(string document, string srsName, double first, double second) =>
        _gml[document].Trim().Replace("{0}", srsName).Replace("{1}", first.ToString()).Replace("{2}", second.ToString());

    private async Task<Answer> ShouldBeHereAsync(object input)
    {
        var answer = (await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = input } })).ShouldBe(200);
        answer.FeatureCount.ShouldBe(1);
        answer.Json.GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Take(2).Select(number => number.GetDouble()).ShouldBe([8, 50]);
        return answer;
    }
}
