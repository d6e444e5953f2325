using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>Chains in one request, with real QGIS.</summary>
[Collection(OpenServerTests.Name)]
public sealed class ChainTests(OpenServer qgis)
{
    [QgisFact]
    public async Task A_chain_of_layers_gives_what_its_steps_give_one_by_one()
    {
        var reprojected = await RunAsync("native:reprojectlayer", new { INPUT = Sample.Read(Sample.Countries), TARGET_CRS = "EPSG:6933" });
        var centroids = await RunAsync("native:centroids", new { INPUT = new { href = reprojected } });
        var expected = await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = new { href = centroids }, DISTANCE = 1000, SEGMENTS = 2 } });

        var job = await qgis.SubmitAsync("native:buffer", new
        {
            inputs = new
            {
                INPUT = Step("native:centroids", new { INPUT = Step("native:reprojectlayer", new { INPUT = Sample.Read(Sample.Countries), TARGET_CRS = "EPSG:6933" }) }),
                DISTANCE = 1000,
                SEGMENTS = 2,
            },
            response = "document",
        });
        (await qgis.EndOfAsync(job)).ShouldBe("successful");

        var chain = (await qgis.GetAsync($"jobs/{job}/results")).ShouldBe(200).Json.GetProperty("OUTPUT").GetProperty("value");
        chain.GetProperty("features").GetArrayLength().ShouldBe(Sample.CountriesCount);
        ShouldBeSame(chain, expected.ShouldBe(200).Json);
        var steps = (await qgis.GetAsync($"jobs?parentJobID={job}")).ShouldBe(200).Json.GetProperty("jobs").EnumerateArray().ToList();
        steps.Select(step => step.GetProperty("processID").GetString()).ShouldBe(["native:buffer", "native:centroids", "native:reprojectlayer"]);
        steps.ShouldAllBe(step => step.GetProperty("parentJobID").GetString() == job && step.GetProperty("status").GetString() == "successful");
        var between = await qgis.GetAsync($"jobs/{steps[1].GetProperty("jobID").GetString()}/results/OUTPUT");
        between.ShouldBe(200).MediaType.ShouldBe("application/flatgeobuf", "nobody turns it into GeoJSON and back");
    }

    [QgisFact]
    public async Task A_chain_of_rasters()
    {
        var dem = new { value = Convert.ToBase64String(await File.ReadAllBytesAsync(Sample.Dem)), encoding = "base64", mediaType = "image/tiff; application=geotiff" };
        var slope = await RunAsync("native:slope", new { INPUT = dem });
        var expected = await qgis.ExecuteAsync("native:rasterlayerstatistics", new { inputs = new { INPUT = new { href = slope } }, outputs = new { MEAN = new { } }, response = "document" });

        var answer = await qgis.ExecuteAsync("native:rasterlayerstatistics", new
        {
            inputs = new { INPUT = Step("native:slope", new { INPUT = dem }) },
            outputs = new { MEAN = new { } },
            response = "document",
        });

        answer.ShouldBe(200).Json.GetProperty("MEAN").GetDouble().ShouldBe(expected.ShouldBe(200).Json.GetProperty("MEAN").GetDouble());
    }

    [QgisFact]
    public async Task Branches_meet_in_an_input_of_several_layers_and_what_stands_twice_runs_once()
    {
        var points = Step("native:centroids", new { INPUT = Sample.First(Sample.Countries, 5) });
        var job = await qgis.SubmitAsync("native:mergevectorlayers", new
        {
            inputs = new { LAYERS = new object[] { points, Step("native:centroids", new { INPUT = Sample.First(Sample.Countries, 7) }), points, Sample.First(Sample.Places, 3) } },
            response = "document",
        });
        (await qgis.EndOfAsync(job)).ShouldBe("successful");

        var merged = (await qgis.GetAsync($"jobs/{job}/results")).Json.GetProperty("OUTPUT").GetProperty("value");
        merged.GetProperty("features").GetArrayLength().ShouldBe(5 + 7 + 5 + 3);
        (await qgis.GetAsync($"jobs?parentJobID={job}")).Json.GetProperty("jobs").GetArrayLength().ShouldBe(3);
    }

    [QgisFact]
    public async Task A_number_goes_into_a_number()
    {
        var answer = await qgis.ExecuteAsync("native:buffer", new
        {
            inputs = new
            {
                INPUT = Sample.Point(5, 5),
                DISTANCE = Step("qgis:basicstatisticsforfields", new { INPUT_LAYER = Collection(2, 3, 7), FIELD_NAME = "size" }, "MEAN"),
                SEGMENTS = 1,
                END_CAP_STYLE = 2,
            },
        });

        Places(answer.ShouldBe(200).Json.GetProperty("features")[0]).Max().ShouldBe(5 + 4, tolerance: 1e-9, "four is their mean");
    }

    [QgisFact]
    public async Task A_layer_inside_of_a_structure_may_be_an_execution()
    {
        var values = Collection(1, 4, 9);
        var expected = await InterpolateAsync(new { href = await RunAsync("native:centroids", new { INPUT = values }) });

        var answer = await InterpolateAsync(Step("native:centroids", new { INPUT = values }));

        answer.ShouldBe(200).Json.GetProperty("MEAN").GetDouble().ShouldBe(expected.ShouldBe(200).Json.GetProperty("MEAN").GetDouble());
    }

    [QgisFact]
    public async Task Layers_without_features_and_features_without_geometry_arrive()
    {
        var some = Sample.First(Sample.Places, 3);
        some["features"]![1]!["geometry"] = null;
        foreach (var (layer, count) in new[] { (Sample.First(Sample.Places, 0), 0), (some, 3) })
        {
            var answer = await qgis.ExecuteAsync("native:retainfields", new
            {
                inputs = new { INPUT = Step("native:addautoincrementalfield", new { INPUT = layer, FIELD_NAME = "n" }), FIELDS = new[] { "n" } },
            });
            answer.ShouldBe(200).FeatureCount.ShouldBe(count);
        }
    }

    [QgisFact]
    public async Task A_step_that_fails_is_told_with_its_place()
    {
        var job = await qgis.SubmitAsync("native:centroids", new
        {
            inputs = new { INPUT = Step("native:buffer", new { INPUT = Step("native:centroids", new { INPUT = Sample.CountriesAndTwoInvalid() }), DISTANCE = 1 }) },
        });
        (await qgis.EndOfAsync(job)).ShouldBe("failed");

        var exception = (await qgis.GetAsync($"jobs/{job}")).Json.GetProperty("exception");
        exception.GetProperty("detail").GetString()!.ShouldStartWith("INPUT.inputs.INPUT: ");
        (await qgis.GetAsync($"jobs/{job}/results")).Status.ShouldBe(exception.GetProperty("status").GetInt32());
    }

    [QgisFact]
    public async Task Mistakes_anywhere_are_told_before_anything_runs()
    {
        var answer = await qgis.ExecuteAsync("native:buffer", new
        {
            inputs = new
            {
                INPUT = Step("native:extractbyexpression", new { INPUT = Step("native:centroid", new { }), EXPRESSION = "((" }),
                DISTANCE = Step("native:centroids", new { INPUT = Sample.Point(1, 1), ALL = 1 }),
            },
        });

        answer.ShouldBe(422).Blamed.ShouldBe(
            ["INPUT.inputs.INPUT.process", "DISTANCE", "INPUT.inputs.EXPRESSION", "DISTANCE.inputs.ALL"], ignoreOrder: true);
        answer.MessageFor("INPUT.inputs.INPUT.process").ShouldContain("native:centroids");
    }

    [QgisFact]
    public async Task In_WPS_an_execution_is_a_complex_value_of_JSON()
    {
        const string Request =
            """
            <wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1">
              <ows:Identifier>native:buffer</ows:Identifier>
              <wps:DataInputs>
                <wps:Input><ows:Identifier>INPUT</ows:Identifier><wps:Data><wps:ComplexData mimeType="application/json">STEP</wps:ComplexData></wps:Data></wps:Input>
                <wps:Input><ows:Identifier>DISTANCE</ows:Identifier><wps:Data><wps:LiteralData>1</wps:LiteralData></wps:Data></wps:Input>
              </wps:DataInputs>
              <wps:ResponseForm><wps:RawDataOutput mimeType="application/geo+json"><ows:Identifier>OUTPUT</ows:Identifier></wps:RawDataOutput></wps:ResponseForm>
            </wps:Execute>
            """;
        var step = JsonSerializer.Serialize(Step("native:centroids", new { INPUT = Sample.First(Sample.Countries, 4) })).Replace("&", "&amp;", StringComparison.Ordinal);
        using var content = new StringContent(Request.Replace("STEP", step, StringComparison.Ordinal), System.Text.Encoding.UTF8, "text/xml");

        (await qgis.SendAsync(HttpMethod.Post, "wps", content)).ShouldBe(200).FeatureCount.ShouldBe(4);
    }

    [QgisFact]
    public async Task What_is_off_is_off_inside_of_chains_too()
    {
        foreach (var off in new[] { "native:filedownloader", "gdal:rastercalculator", "native:printlayouttoimage" })
        {
            var answer = await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = Step(off, new { }), DISTANCE = 1 } });
            answer.ShouldBe(422).Blamed.ShouldBe(["INPUT.process"]);
        }
    }

    [QgisFact]
    public async Task With_a_chain_its_running_step_ends()
    {
        var job = await qgis.SubmitAsync("native:buffer", new { inputs = new { INPUT = Step("native:randompointsinextent", Endless), DISTANCE = 1 } });
        var step = "";
        await QgisServer.Until(
            async () => (await qgis.GetAsync($"jobs?parentJobID={job}&status=running")).Json.GetProperty("jobs") is var running
                && running.GetArrayLength() == 1 && (step = running[0].GetProperty("jobID").GetString()!).Length > 0,
            "the step runs");
        await QgisServer.Until(
            async () => (await qgis.GetAsync($"jobs/{job}")).Json is var status && status.TryGetProperty("message", out var message) && message.GetString()!.Contains(step),
            "the chain says what runs");

        (await qgis.SendAsync(HttpMethod.Delete, $"jobs/{job}", null)).ShouldBe(200);

        (await qgis.StatusOfAsync(step)).ShouldBe("dismissed");
        (await qgis.SendAsync(HttpMethod.Delete, $"jobs/{job}", null)).ShouldBe(200);
        (await qgis.GetAsync($"jobs/{step}")).Status.ShouldBe(404, "it is removed with its chain");
    }

    private static object Endless => new { EXTENT = new { bbox = new[] { 0, 0, 1, 1 } }, POINTS_NUMBER = 2_000_000, MIN_DISTANCE = 0.0003, MAX_ATTEMPTS = 1000, TARGET_CRS = "EPSG:4326" };

    private static object Step(string process, object inputs, string? output = null) => output is null
        ? new { process, inputs }
        : new { process, inputs, outputs = new Dictionary<string, object> { [output] = new { } } };

    private static object Collection(params int[] sizes) => new
    {
        type = "FeatureCollection",
        features = sizes.Select(size => new { type = "Feature", properties = new { size }, geometry = new { type = "Point", coordinates = new[] { size, 0 } } }),
    };

    private Task<Answer> InterpolateAsync(object layer)
    {
        var grid = Step("qgis:idwinterpolation", new
        {
            INTERPOLATION_DATA = new[] { new { layer, valueSource = 0, attributeIndex = 0, type = 0 } },
            EXTENT = new { bbox = new[] { 0, -2, 10, 2 } },
            PIXEL_SIZE = 1,
        });
        return qgis.ExecuteAsync("native:rasterlayerstatistics", new { inputs = new { INPUT = grid }, outputs = new { MEAN = new { } }, response = "document" });
    }

    /// <returns>The address of its OUTPUT.</returns>
    private async Task<string> RunAsync(string process, object inputs)
    {
        var job = await qgis.SubmitAsync(process, new { inputs });
        (await qgis.EndOfAsync(job)).ShouldBe("successful");
        return $"{qgis.Server.Address}jobs/{job}/results/OUTPUT";
    }

    /// <summary>To the digits that GeoJSON has between steps.</summary>
    private static void ShouldBeSame(JsonElement actual, JsonElement expected)
    {
        var (one, other) = (actual.GetProperty("features").EnumerateArray().ToList(), expected.GetProperty("features").EnumerateArray().ToList());
        one.Select(feature => feature.GetProperty("properties").GetRawText()).ShouldBe(other.Select(feature => feature.GetProperty("properties").GetRawText()));
        for (var i = 0; i < one.Count; i++)
        {
            Places(one[i]).ShouldBe(Places(other[i]), tolerance: 1e-3);
        }
    }

    private static IEnumerable<double> Places(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => [json.GetDouble()],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Places),
        JsonValueKind.Object => Places(json.GetProperty(json.TryGetProperty("geometry", out _) ? "geometry" : "coordinates")),
        _ => [],
    };
}
