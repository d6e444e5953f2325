using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>Values that may be written in several ways.</summary>
[Collection(OpenServerTests.Name)]
public sealed class ValueTests(OpenServer qgis)
{
    [QgisTheory]
    [InlineData("""{"bbox":[0,40,10,50]}""")]
    [InlineData("""{"bbox":[0,40,10,50],"crs":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}""")]
    [InlineData("""{"bbox":[0,4865942.28,1113194.91,6446275.84],"crs":"http://www.opengis.net/def/crs/EPSG/0/3857"}""")]
    [InlineData("""{"bbox":[40,0,50,10],"crs":"http://www.opengis.net/def/crs/EPSG/0/4326"}""")]
    [InlineData("""{"bbox":[40,0,50,10],"crs":"urn:ogc:def:crs:EPSG::4326"}""")]
    [InlineData("""{"bbox":[0,40,10,50],"crs":"EPSG:4326"}""")]
    [InlineData("""{"bbox":[0,40,10,50],"crs":"urn:ogc:def:crs:OGC:1.3:CRS84"}""")]
    [InlineData("\"0,10,40,50 [urn:ogc:def:crs:EPSG::4326]\"")]
    [InlineData("\"0,10,40,50\"")]
    [InlineData("\"0,10,40,50 [EPSG:4326]\"")]
    public async Task Extents_of_any_spelling_mean_the_same_place(string extent)
    {
        var answer = await qgis.ExecuteAsync("native:extractbyextent", new { inputs = new { INPUT = Sample.Read(Sample.Places), EXTENT = JsonNode.Parse(extent) } });

        answer.ShouldBe(200).FeatureCount.ShouldBe(PlacesWithin(0, 40, 10, 50));
    }

    [QgisTheory]
    [InlineData("EPSG:3857")]
    [InlineData("epsg:3857")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/3857")]
    [InlineData("https://www.opengis.net/def/crs/EPSG/0/3857")]
    [InlineData("urn:ogc:def:crs:EPSG::3857")]
    [InlineData("[EPSG:3857]")]
    [InlineData("3857")]
    [InlineData("urn:x-ogc:def:crs:EPSG:3857")]
    [InlineData("http://www.opengis.net/gml/srs/epsg.xml#3857")]
    public async Task A_CRS_of_any_spelling_is_the_same(string crs)
    {
        var geopackage = await qgis.ExecuteAsync("native:reprojectlayer", new
        {
            inputs = new { INPUT = Sample.Point(10, 0), TARGET_CRS = crs },
            outputs = new { OUTPUT = new { format = new { mediaType = "application/geopackage+sqlite3" } } },
        });
        var layers = Gdal.LayersOf(qgis.Gdal.Keep(geopackage.ShouldBe(200).Body, "gpkg"));
        layers.ShouldContain("1113194.9");
        layers.ShouldContain("3857");
    }

    [QgisTheory]
    [InlineData("""{"type":"Point","coordinates":[2,49]}""")]
    [InlineData("\"2,49\"")]
    [InlineData("\"2,49 [EPSG:4326]\"")]
    public async Task Points_of_any_spelling(string point)
    {
        var answer = await qgis.ExecuteAsync("native:pointtolayer", new { inputs = new { INPUT = JsonNode.Parse(point) } });

        answer.ShouldBe(200);
        var coordinates = answer.Json.GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates");
        coordinates[0].GetDouble().ShouldBe(2, 1e-9);
        coordinates[1].GetDouble().ShouldBe(49, 1e-9);
    }

    [QgisTheory]
    [InlineData("1")]
    [InlineData("\"Flat\"")]
    [InlineData("{\"value\":1}")]
    public async Task A_choice_by_its_number_and_by_its_name(string choice)
    {
        var line = Sample.Collection(new { type = "LineString", coordinates = new double[][] { [0, 0], [10, 0] } });

        var flat = await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = line, DISTANCE = 1, END_CAP_STYLE = JsonNode.Parse(choice) } });
        var round = await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = line, DISTANCE = 1, END_CAP_STYLE = 0 } });

        East(flat.ShouldBe(200)).ShouldBe(10, 1e-9);
        East(round.ShouldBe(200)).ShouldBe(11, 1e-9);
    }

    [QgisFact]
    public async Task An_alias_is_executed_under_either_name()
    {
        foreach (var name in new[] { "native:aggregate", "qgis:aggregate" })
        {
            var answer = await qgis.ExecuteAsync(name, new
            {
                inputs = new
                {
                    INPUT = Sample.Read(Sample.Countries),
                    GROUP_BY = "\"CONTINENT\"",
                    AGGREGATES = new[] { new { aggregate = "count", delimiter = ",", input = "1", length = 10, name = "n", precision = 0, type = 2 } },
                },
            });
            answer.ShouldBe(200).Json.GetProperty("features").EnumerateArray().Sum(feature => feature.GetProperty("properties").GetProperty("n").GetInt32()).ShouldBe(Sample.CountriesCount);
        }
    }

    [QgisFact]
    public async Task What_QGIS_takes_from_a_project_is_an_input()
    {
        var plane = await AreaAsync("""{}""");
        var ball = await AreaAsync("""{"qgis:ellipsoid":"EPSG:7030"}""");

        plane.ShouldBe(1, 1e-6);
        ball.ShouldBeGreaterThan(1e9);
    }

    private async Task<double> AreaAsync(string more)
    {
        var inputs = JsonNode.Parse(more)!.AsObject();
        inputs["INPUT"] = Sample.Collection(new { type = "Polygon", coordinates = new double[][][] { [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]] } });
        inputs["CALC_METHOD"] = inputs.ContainsKey("qgis:ellipsoid") ? 2 : 0;
        var answer = await qgis.ExecuteAsync("qgis:exportaddgeometrycolumns", new { inputs });
        return answer.ShouldBe(200).Json.GetProperty("features")[0].GetProperty("properties").GetProperty("area").GetDouble();
    }

    private static int PlacesWithin(double west, double south, double east, double north) => Sample.Read(Sample.Places)["features"]!.AsArray().Count(feature =>
    {
        var at = feature!["geometry"]!["coordinates"]!;
        var (x, y) = ((double)at[0]!, (double)at[1]!);
        return x >= west && x <= east && y >= south && y <= north;
    });

    private static double East(Answer answer) =>
        answer.Json.GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates")[0][0].EnumerateArray().Max(position => position[0].GetDouble());
}
