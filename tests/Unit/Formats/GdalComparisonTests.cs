using System.Text;
using GeoWps.Adapters.Formats;
using static GeoWps.Tests.Unit.Formats.Conversion;

namespace GeoWps.Tests.Unit.Formats;

/// <summary>GDAL reads what is written here as it reads the GeoJSON itself, and what it writes is read here as it reads it itself.</summary>
public sealed class GdalComparisonTests
{
    private static readonly string Mixture = Collection(
        Feature("""{"i":1,"l":5000000000,"d":1.5,"s":"ä \"q\"","b":true,"t":"2020-01-02T03:04:05.678Z","n":null,"x":1}"""),
        Feature("""{"i":-7,"l":2,"d":2,"s":"","b":false,"t":"2020/01/02 03:04:05","n":null,"x":2.25}""", """{"type":"LineString","coordinates":[[1,2],[3.25,-4e-3]]}"""),
        Feature("""{"i":null,"s":"z"}""", """{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]],[[2,1],[3,1],[3,2],[2,1]]]}"""),
        Feature("{}", """{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"""),
        Feature("{}", """{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}"""),
        Feature("{}", """{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}"""),
        Feature("{}", """{"type":"MultiPolygon","coordinates":[[[[0,0],[9,0],[9,9],[0,0]],[[2,1],[3,1],[3,2],[2,1]]],[[[20,0],[29,0],[29,9],[20,0]]]]}"""),
        Feature("{}", """{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]},{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]]]}]}"""),
        Feature("{}", """{"type":"MultiLineString","coordinates":[]}"""),
        Feature("{}", """{"type":"Polygon","coordinates":[]}"""),
        Feature("{}", "null"));

    [GdalFact]
    public Task GdalReadsMixedFeaturesTheSame() => GdalReadsTheSameAsync(Encoding.UTF8.GetBytes(Mixture));

    [GdalFact]
    public Task GdalReadsCountriesTheSame() => GdalReadsTheSameAsync(Data("countries_110m.geojson"));

    [GdalFact]
    public Task GdalReadsHeightsTheSame() => GdalReadsTheSameAsync(Encoding.UTF8.GetBytes(Collection(
        Feature("""{"a":1}""", """{"type":"LineString","coordinates":[[1,2,3],[4,5,6.5]]}"""), Feature("""{"a":2}""", """{"type":"LineString","coordinates":[[1,2,3],[4,5,-6.5]]}"""))));

    [GdalFact]
    public async Task GdalReadsTextIdsTheSame()
    {
        var text = Collection(Feature("""{"a":1}""", more: "\"id\":\"x\","), Feature("""{"a":2}""", more: "\"id\":\"y\","));
        using var gdal = new Gdal();
        gdal.Put("layer.geojson", Encoding.UTF8.GetBytes(text));
        var expected = gdal.Features("layer.geojson");
        gdal.Put("layer.fgb", await ToFlatGeobufAsync(text));
        gdal.Features("layer.fgb").ShouldBe(expected);
        expected.ShouldContain("id (String) = x");
    }

    [GdalFact]
    public async Task GdalSeesTheProjectedCrs()
    {
        using var gdal = new Gdal();
        gdal.Put("a.fgb", await ToFlatGeobufAsync("""{"type":"Point","coordinates":[1,2],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}}}"""));
        gdal.Summary("a.fgb").ShouldContain("ID[\"EPSG\",3857]");
    }

    [GdalFact]
    public async Task WhatGdalWritesIsReadWithIndexAndWithout()
    {
        foreach (var (text, options) in new[]
        {
            (Encoding.UTF8.GetBytes(Mixture), new[] { "-lco", "SPATIAL_INDEX=NO" }),
            (Encoding.UTF8.GetBytes(Mixture), []),
            (Data("countries_110m.geojson"), ["-lco", "SPATIAL_INDEX=YES"]),
            (Data("countries_110m.geojson"), ["-t_srs", "EPSG:3035", "-lco", "SPATIAL_INDEX=NO"]),
        })
        {
            using var gdal = new Gdal();
            gdal.Put("in.geojson", text);
            var flatGeobuf = gdal.Translate("in.geojson", "gdal.fgb", options);
            var expected = Encoding.UTF8.GetString(gdal.Translate("gdal.fgb", "gdal.geojson", "-lco", "COORDINATE_PRECISION=17", "-lco", "SIGNIFICANT_FIGURES=17"));
            var actual = await ToGeoJsonAsync(flatGeobuf);
            ShouldBeTheSame(FeaturesOf(actual), FeaturesOf(expected));
            actual.Contains("urn:ogc:def:crs:EPSG::3035").ShouldBe(options.Contains("EPSG:3035"));
            (await InfoOfAsync(flatGeobuf)).IndexNodeSize.ShouldBe(options.Contains("SPATIAL_INDEX=NO") ? 0 : 16);
        }
    }

    [GdalFact]
    public async Task CurvesBecomeTheLinesThatGdalMakesOfThem()
    {
        string[] shapes =
        [
            "CIRCULARSTRING(0 0,1 1,2 0,3 -1,4 0)", "CIRCULARSTRING(500000 5500000,500010 5500010,500000 5500000)",
            "COMPOUNDCURVE((0 0,1 0),CIRCULARSTRING(1 0,2 1,3 0),(3 0,4 0))", "CURVEPOLYGON(CIRCULARSTRING(0 0,2 0,2 1,2 3,0 0),(0.5 0.5,1 0.5,1 1,0.5 0.5))",
            "CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(0 0,2 0,2 1,2 3,4 3),(4 3,4 5,1 4,0 0)))", "MULTICURVE((0 0,5 5),CIRCULARSTRING(4 0,4 4,8 4))",
            "MULTISURFACE(CURVEPOLYGON(CIRCULARSTRING(0 0,4 0,4 4,0 4,0 0)),((10 14,11 10,12 14,10 14)))", "LINESTRING ZM(1 2 3 4,5 6 7 8)", "POINT M(1 2 3)",
        ];
        foreach (var shape in shapes)
        {
            using var gdal = new Gdal();
            var flatGeobuf = FlatGeobufOf(gdal, shape);
            var expected = FeaturesOf(Encoding.UTF8.GetString(gdal.Translate("gdal.fgb", "gdal.geojson", "-lco", "COORDINATE_PRECISION=17", "-lco", "SIGNIFICANT_FIGURES=17")))[0]!["geometry"]!;
            var actual = FeaturesOf(await ToGeoJsonAsync(flatGeobuf))[0]!["geometry"]!;
            if (shape.Contains("CURVE") || shape.Contains("CIRCULAR"))
            {
                // Both draw the same curve with their own vertices.
                SketchOf(actual).ShouldBe(SketchOf(expected), 0.01, shape);
                actual["type"]!.ToJsonString().ShouldBe(expected["type"]!.ToJsonString(), shape);
            }
            else
            {
                ShouldBeTheSame(actual, expected, shape);
            }
        }
    }

    [GdalFact]
    public async Task SurfacesBecomePolygons()
    {
        foreach (var (shape, geometry) in new[]
        {
            ("TRIANGLE((0 0,0 9,9 0,0 0))", """{"type":"Polygon","coordinates":[[[0,0],[0,9],[9,0],[0,0]]]}"""),
            // GDAL's own driver writes these two without heights.
            ("TIN(((0 0,0 5,5 0,0 0)),((0 0,0 1,1 1,0 0)))", """{"type":"MultiPolygon","coordinates":[[[[0,0],[0,5],[5,0],[0,0]]],[[[0,0],[0,1],[1,1],[0,0]]]]}"""),
            ("POLYHEDRALSURFACE(((0 0,0 5,5 0,0 0)),((0 0,0 1,1 1,0 0)))", """{"type":"MultiPolygon","coordinates":[[[[0,0],[0,5],[5,0],[0,0]]],[[[0,0],[0,1],[1,1],[0,0]]]]}"""),
        })
        {
            using var gdal = new Gdal();
            FeaturesOf(await ToGeoJsonAsync(FlatGeobufOf(gdal, shape)))[0]!["geometry"]!.ToJsonString().ShouldBe(geometry);
        }
    }

    [GdalFact]
    public void GdalTakesNoTextForADateThatWeTakeForAText()
    {
        string[] texts =
        [
            "2020-01-02", "2020/01/02", "2020-1-2", "20-01-02", "10-20", "555-1234", "555-123-4567", "-5", "2020", "12:30", "12:30:40.5", "T12:30", "2020-01-02T10", "2020-01-02T10:11",
            "2020-01-02 10:11", "2020-01-02T10:11Z", "2020-01-02T10:11:12+05", "2020-01-02T10:11:12+0530", "2020-01-02T10:11:12-05:30", "2020-01-02T10:11:12.123456Z", "2020-13-02", "2020-02-30",
            "2020-01-02 foo", "2020-01-02T10:11:12 GMT", "Mon, 2 Jan 2020 10:11:12 GMT", "02/03/2020", "1-2-3", "2020-01-02Z", "2020-01-02 +01", "99:99", "1:2", "3:2 odds", "1/2", "a-b",
            "2020-01-02T10:11:12Zfoo", " 2020-01-02", "2020-01-02T25:00:00", "2020-01-02T24:00:00", "0-0-0", "1/2/3", "1/2/3 rooms", "12:30 pm", "2020.01.02", "20200102", "20200102T101112Z",
            "2020-01-02t10:11:12z", "+12:30", "2020-01", "5:6:7", "2020-01-02T10:11:12,5", "2020-01-02T10:11:12+5", "-2020-01-02", "02020-01-02", "2020-01-02T10:11:60Z", "2020-01-02  10:11:12",
            "2020-01-02T1:1:1", "12:30Z", "::1", "fe80::1", "00:1A:2B", "12-34-56-78", "2020-001-02", "2020/01-02", "\\t2020-01-02", "0000-01-02", "2020-01-02T10:11:12.Z", "2020-01-02T10:11:12+15:00",
        ];
        using var gdal = new Gdal();
        gdal.Put("in.geojson", Encoding.UTF8.GetBytes(Collection(Feature($"{{{string.Join(',', texts.Select((text, i) => $"\"p{i:00}\":\"{text}\""))}}}"))));
        var fields = gdal.Fields("in.geojson");
        fields.Length.ShouldBe(texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            var type = fields[i].Split(' ')[1];
            var kind = DateText.Classify(Encoding.UTF8.GetBytes(texts[i].Replace("\\t", "\t")));
            if (type != "String")
            {
                kind.ShouldNotBe(PropertyKinds.Text, texts[i]);
            }

            if (kind == PropertyKinds.DateTime)
            {
                type.ShouldBe("DateTime", texts[i]);
            }
        }
    }

    private static byte[] FlatGeobufOf(Gdal gdal, string shape)
    {
        gdal.Put("in.csv", Encoding.UTF8.GetBytes($"n,WKT\n1,\"{shape}\"\n"));
        return gdal.Translate("in.csv", "gdal.fgb", "-oo", "GEOM_POSSIBLE_NAMES=WKT", "-lco", "SPATIAL_INDEX=NO");
    }

    private static async Task GdalReadsTheSameAsync(byte[] geoJson)
    {
        using var gdal = new Gdal();
        gdal.Put("layer.geojson", geoJson);
        var (_, flatGeobuf) = await ConvertAsync(geoJson);
        gdal.Put("layer.fgb", flatGeobuf);
        gdal.Fields("layer.fgb").ShouldBe(gdal.Fields("layer.geojson"));
        var extent = gdal.Summary("layer.fgb").Split('\n').Where(line => line.StartsWith("Extent", StringComparison.Ordinal) || line.StartsWith("Geometry", StringComparison.Ordinal));
        var geometryLines = gdal.Summary("layer.geojson").Split('\n');
        extent.ShouldAllBe(line => geometryLines.Contains(line));
        ShouldBeTheSame(
            FeaturesOf(Encoding.UTF8.GetString(gdal.Translate("layer.fgb", "from-fgb.geojson", "-lco", "COORDINATE_PRECISION=17"))),
            FeaturesOf(Encoding.UTF8.GetString(gdal.Translate("layer.geojson", "from-geojson.geojson", "-lco", "COORDINATE_PRECISION=17"))));
    }

    /// <summary>Length and area of all rings and lines, as one number.</summary>
    private static double SketchOf(System.Text.Json.Nodes.JsonNode geometry)
    {
        var sum = 0.0;
        Visit(geometry["coordinates"]!.AsArray());
        return sum;

        void Visit(System.Text.Json.Nodes.JsonArray array)
        {
            if (array.Count > 0 && array[0]![0] is System.Text.Json.Nodes.JsonValue)
            {
                var points = array.Select(point => (X: point![0]!.GetValue<double>(), Y: point![1]!.GetValue<double>())).ToArray();
                sum += points.Zip(points.Skip(1), (a, b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2))).Sum();
                var (x, y) = points[0];
                sum += Math.Abs(points.Zip(points.Skip(1), (a, b) => ((a.X - x) * (b.Y - y)) - ((b.X - x) * (a.Y - y))).Sum()) / 2;
                return;
            }

            foreach (var child in array)
            {
                Visit(child!.AsArray());
            }
        }
    }
}
