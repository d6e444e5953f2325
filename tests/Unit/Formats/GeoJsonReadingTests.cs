using System.Text;
using GeoWps.Adapters.Formats;
using GeoWps.Application.Ports;
using static GeoWps.Tests.Unit.Formats.Conversion;

namespace GeoWps.Tests.Unit.Formats;

public sealed class GeoJsonReadingTests
{
    [Fact]
    public async Task MembersMayComeInAnyOrder()
    {
        var features = await RoundTripAsync("""
            { "features": [ { "geometry": { "coordinates": [[1, 2], [3, 4]], "x": {"coordinates": 1}, "type": "LineString" },
              "properties": { "a": 1 }, "bbox": [1, 2, 3, 4], "type": "Feature" } ], "foreign": [{"type": "Feature"}], "type": "FeatureCollection" }
            """);
        ShouldBeTheSame(features, FeaturesOf(Collection(Feature("""{"a":1}""", """{"type":"LineString","coordinates":[[1,2],[3,4]]}"""))));
    }

    [Fact]
    public async Task AFeatureOrAGeometryAloneIsACollectionOfOne()
    {
        (await RoundTripAsync(Feature("""{"a":"b"}"""))).Count.ShouldBe(1);
        var geometry = """{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"}""";
        ShouldBeTheSame(await RoundTripAsync("\uFEFF " + geometry), FeaturesOf(Collection(Feature("{}", geometry))));
    }

    [Fact]
    public async Task AnEmptyCollectionHasNoFeaturesAndNoBounds()
    {
        var flatGeobuf = await ToFlatGeobufAsync("""{"type":"FeatureCollection","features":[ ]}""");
        var info = await InfoOfAsync(flatGeobuf);
        (info.FeatureCount, info.Bbox, info.Columns.Count, info.IndexNodeSize).ShouldBe((null, null, 0, 0));
        FeaturesOf(await ToGeoJsonAsync(flatGeobuf)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task TextsKeepEscapesAndEmoji()
    {
        var features = await RoundTripAsync(Collection(Feature(
            """{"a\u0062\"c":"\u00e4\ud83d\ude00😀 \\ \/ \b\f\n\r\t \u0001","half":"x\ud83dy","":"no name"}""")));
        var properties = features[0]!["properties"]!;
        properties["ab\"c"]!.GetValue<string>().ShouldBe("ä😀😀 \\ / \b\f\n\r\t \u0001");
        properties["half"]!.GetValue<string>().ShouldBe("x\uFFFDy");
        properties[""]!.GetValue<string>().ShouldBe("no name");
    }

    [Fact]
    public async Task AColumnIsAsWideAsItsWidestValue()
    {
        var info = await InfoOfAsync(await ToFlatGeobufAsync(Collection(
            Feature("""{"i":1,"l":1,"d":1,"s":1,"b":true,"n":null,"bi":true,"big":12345678901234567890,"e":1e2,"late":null}"""),
            Feature("""{"i":-2147483648,"l":2147483648,"d":1.0,"s":"x","b":false,"n":null,"bi":7,"big":1,"e":3,"late":true,"new":""}"""))));
        string.Join(' ', info.Columns.Select(column => $"{column.Name}:{column.Type}")).ShouldBe(
            "i:Int l:Long d:Double s:String b:Bool n:String bi:Int big:Double e:Double late:Bool new:String");
    }

    [Fact]
    public async Task WholeNumbersAreExactTo64Bits()
    {
        var text = await ToGeoJsonAsync(await ToFlatGeobufAsync(Collection(
            Feature("""{"a":9223372036854775807,"b":-9223372036854775808,"c":9007199254740993,"d":0.1}"""))));
        text.ShouldContain("""{"a":9223372036854775807,"b":-9223372036854775808,"c":9007199254740993,"d":0.1}""");
    }

    [Fact]
    public async Task AValueThatComesTwiceCountsTheLastTime()
    {
        var features = await RoundTripAsync(Collection(Feature("""{"a":"first","b":"bb","c":3,"a":"second, longer","b":null}""")));
        ShouldBeTheSame(features[0]!["properties"], System.Text.Json.Nodes.JsonNode.Parse("""{"a":"second, longer","b":null,"c":3}"""));
    }

    [Fact]
    public async Task MixedTypesAndHeightsShowInTheHeader()
    {
        var same = await InfoOfAsync(await ToFlatGeobufAsync(Collection(Feature("{}"), Feature("{}", "null"))));
        (same.GeometryType, same.HasZ, same.FeatureCount, same.Name).ShouldBe((GeometryType.Point, false, 2L, "layer"));
        same.Bbox.ShouldBe([1.0, 2, 1, 2]);
        var mixed = await InfoOfAsync(await ToFlatGeobufAsync(Collection(
            Feature("{}"), Feature("{}", """{"type":"LineString","coordinates":[[1,2,3,4],[-5,6,7]]}"""))));
        (mixed.GeometryType, mixed.HasZ).ShouldBe((GeometryType.Unknown, true));
        mixed.Bbox.ShouldBe([-5.0, 2, 1, 6]);
    }

    [Fact]
    public async Task NullAndEmptyGeometriesKeepTheirFeatures()
    {
        var features = await RoundTripAsync(Collection(
            Feature("""{"n":0}""", "null"),
            Feature("""{"n":1}""", """{"type":"Polygon","coordinates":[]}"""),
            Feature("""{"n":2}""", """{"type":"Point","coordinates":[]}"""),
            Feature("""{"n":3}""", """{"type":"MultiPolygon","coordinates":[]}"""),
            Feature("""{"n":4}""", """{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[]},{"type":"LineString","coordinates":[]}]}"""),
            """{"type":"Feature","properties":null}"""));
        features.Select(feature => feature!["geometry"]?.ToJsonString()).ShouldBe(
        [
            null, null, null, """{"type":"MultiPolygon","coordinates":[]}""",
            """{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[]}]}""", null,
        ]);
    }

    [Fact]
    public async Task TextIdsBecomeAColumnAndWholeNumbersAreDropped()
    {
        var texts = await RoundTripAsync(Collection(Feature("""{"a":1}""", more: "\"id\":\"x\","), Feature("""{"a":2}""", more: "\"id\":7,"), Feature("""{"a":3}""")));
        texts.Select(feature => feature!["properties"]!.ToJsonString()).ShouldBe(["""{"id":"x","a":1}""", """{"id":"7","a":2}""", """{"id":null,"a":3}"""]);
        var numbers = await RoundTripAsync(Collection(Feature("""{"a":1}""", more: "\"id\":5,")));
        numbers[0]!["properties"]!.ToJsonString().ShouldBe("""{"a":1}""");
        var own = await RoundTripAsync(Collection(Feature("""{"id":"mine"}""", more: "\"id\":\"x\",")));
        own[0]!["properties"]!.ToJsonString().ShouldBe("""{"id":"mine"}""");
    }

    [Theory]
    [InlineData("urn:ogc:def:crs:EPSG::3857", "3857")]
    [InlineData("EPSG:25832", "25832")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/2056", "2056")]
    [InlineData("urn:x-ogc:def:crs:EPSG:6.9:25832", "25832")]
    [InlineData("urn:x-ogc:def:crs:EPSG:25832", "25832")]
    [InlineData("https://www.opengis.net/def/crs/EPSG/0/25832", "25832")]
    [InlineData("http://www.opengis.net/gml/srs/epsg.xml#31467", "31467")]
    [InlineData("[EPSG:25832]", "25832")]
    [InlineData("epsg:25832", "25832")]
    [InlineData("CRS:84", "4326")]
    [InlineData("urn:ogc:def:crs:OGC:1.3:CRS84", "4326")]
    public async Task TheCrsMemberOfOldGeoJsonIsUnderstood(string name, string code)
    {
        var flatGeobuf = await ToFlatGeobufAsync(
            $$"""{"type":"FeatureCollection","features":[{{Feature("{}")}}],"crs":{"type":"name","properties":{"name":"{{name}}"} } }""");
        (await InfoOfAsync(flatGeobuf)).Crs.ShouldBe(new FlatGeobufCrs("EPSG", code, null, null));
        var json = Encoding.UTF8.GetBytes($$$"""{"type":"FeatureCollection","features":[],"crs":{"type":"name","properties":{"name":"{{{name}}}"} } }""");
        ((FeatureOutcome.Written)(await ConvertAsync(json)).Outcome).Crs.ShouldBe(code == "4326" ? null : $"EPSG:{code}");
        var text = await ToGeoJsonAsync(flatGeobuf);
        text.Contains($"urn:ogc:def:crs:EPSG::{code}\"").ShouldBe(code != "4326");
    }

    [Fact]
    public async Task WhatFlatGeobufHasNoTypeForIsLeftToGdal()
    {
        (await ReasonAgainstAsync(Collection(Feature("""{"a":{"b":1}}""")))).ShouldBe("property \"a\" holds an object");
        (await ReasonAgainstAsync(Collection(Feature("""{"a":[1]}""")))).ShouldBe("property \"a\" holds an array");
        (await ReasonAgainstAsync(Collection(Feature("""{"a":"2020-01-31"}""")))).ShouldBe("property \"a\" holds dates, which FlatGeobuf has no type for");
        (await ReasonAgainstAsync(Collection(Feature("""{"a":"12:30"}""")))).ShouldBe("property \"a\" holds times, which FlatGeobuf has no type for");
        (await ReasonAgainstAsync("""{"type":"Point","coordinates":[1,2],"crs":{"type":"link","properties":{"href":"x"}}}"""))
            .ShouldBe("the \"crs\" member has no name");
    }

    [Fact]
    public async Task DatesWithTimesAreDateTimesAndOneOtherTextMakesThemTexts()
    {
        var flatGeobuf = await ToFlatGeobufAsync(Collection(
            Feature("""{"t":"2020/01/31 10:11","s":"2020-01-31T10:11:12Z"}"""), Feature("""{"t":"2020-02-01T10:11:12.34567+0530","s":"soon"}"""), Feature("""{"t":"2020-02-01"}""")));
        (await InfoOfAsync(flatGeobuf)).Columns.Select(column => column.Type).ShouldBe([ColumnType.DateTime, ColumnType.String]);
        FeaturesOf(await ToGeoJsonAsync(flatGeobuf)).Select(feature => feature!["properties"]!["t"]!.GetValue<string>())
            .ShouldBe(["2020-01-31T10:11:00", "2020-02-01T10:11:12.345+05:30", "2020-02-01T00:00:00"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4093)]
    public async Task HowTheStreamIsCutDoesNotMatter(int chunk)
    {
        var text = chunk > 1000 ? Data("countries_110m.geojson") : Encoding.UTF8.GetBytes(Collection(Feature("""{"a\\\"{":"}\"\\"}"""), Feature("{}", "null")));
        var (outcome, whole) = await ConvertAsync(text);
        var (_, dribbled) = await ConvertAsync(text, chunk);
        outcome.ShouldBeOfType<FeatureOutcome.Written>();
        dribbled.ShouldBe(whole);
        (await ToGeoJsonAsync(whole, chunk: chunk)).ShouldBe(await ToGeoJsonAsync(whole));
    }
}
