using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>Data that lies elsewhere, in another job, or in one file with others.</summary>
[Collection(OpenServerTests.Name)]
public sealed class ReferenceTests(OpenServer qgis)
{
    [QgisFact]
    public async Task The_result_of_a_job_is_the_input_of_the_next()
    {
        var job = await qgis.SubmitAsync("native:buffer", new { inputs = new { INPUT = Sample.Read(Sample.Places), DISTANCE = 0.1 } });
        (await qgis.EndOfAsync(job)).ShouldBe("successful");

        var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href = $"{qgis.Server.Address}jobs/{job}/results/OUTPUT" } } });

        answer.ShouldBe(200).FeatureCount.ShouldBe(Sample.PlacesCount);
    }

    [QgisFact]
    public async Task A_raster_result_is_the_input_of_the_next()
    {
        var dem = new { value = Convert.ToBase64String(await File.ReadAllBytesAsync(Sample.Dem)), encoding = "base64", mediaType = "image/tiff; application=geotiff" };
        var job = await qgis.SubmitAsync("native:slope", new { inputs = new { INPUT = dem } });
        (await qgis.EndOfAsync(job)).ShouldBe("successful");

        var answer = await qgis.ExecuteAsync("native:rasterlayerproperties", new
        {
            inputs = new { INPUT = new { href = $"{qgis.Server.Address}jobs/{job}/results/OUTPUT" } },
            response = "document",
        });

        answer.ShouldBe(200).Json.GetProperty("HEIGHT_IN_PIXELS").GetInt32().ShouldBe(344);
    }

    [QgisFact]
    public async Task A_job_or_result_that_is_not_there_is_the_callers_mistake()
    {
        var job = await qgis.SubmitAsync("native:centroids", new { inputs = new { INPUT = Sample.First(Sample.Places, 2) } });
        await qgis.EndOfAsync(job);

        foreach (var address in new[] { $"jobs/{job}/results/NOTHING", $"jobs/{job[..^4]}0000/results/OUTPUT" })
        {
            var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href = $"{qgis.Server.Address}{address}" } } });
            answer.ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
        }
    }

    [QgisFact]
    public async Task A_fragment_chooses_one_layer_of_several_and_stays_here()
    {
        var path = qgis.Gdal.Vector(Sample.Countries, "several.gpkg", "GPKG", "-nln", "countries");
        qgis.Gdal.Vector(Sample.Places, "several.gpkg", "GPKG", "-update", "-nln", "places");
        var href = qgis.Files.Put("several.gpkg", await File.ReadAllBytesAsync(path));

        foreach (var (layer, count) in new[] { ("countries", Sample.CountriesCount), ("places", Sample.PlacesCount) })
        {
            var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href = $"{href}#layername={layer}" } } });
            answer.ShouldBe(200).FeatureCount.ShouldBe(count);
        }

        qgis.Files.Requests.ShouldNotContain(request => request.Contains("layername"));
        foreach (var fragment in new[] { "layername=nothing", "subset=1=1", "option:IMMUTABLE=YES" })
        {
            var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href = $"{href}#{fragment}" } } });
            answer.ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
        }
    }

    [QgisFact]
    public async Task Several_layers_in_several_forms()
    {
        var places = qgis.Files.Put("some places.fgb", await File.ReadAllBytesAsync(qgis.Gdal.Vector(Sample.Places, "some places.fgb", "FlatGeobuf", "-limit", "30")));

        var answer = await qgis.ExecuteAsync("native:mergevectorlayers", new
        {
            inputs = new { LAYERS = new object[] { Sample.First(Sample.Places, 3), new { value = Sample.First(Sample.Places, 4) }, new { href = places } } },
        });

        answer.ShouldBe(200).FeatureCount.ShouldBe(37);
        answer.Json.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("properties").GetProperty("layer").GetString())
            .Distinct().Count().ShouldBe(3, "each layer has a name of its own");
    }

    [QgisTheory]
    [InlineData("application/geopackage+sqlite3", "gpkg")]
    [InlineData("application/flatgeobuf", "fgb")]
    [InlineData("text/csv", "csv")]
    public async Task Where_a_layer_came_from_is_told_by_its_name_only(string mediaType, string extension)
    {
        var href = qgis.Files.Put("origin.gpkg", await File.ReadAllBytesAsync(qgis.Gdal.Vector(Sample.Places, $"origin-{extension}.gpkg", "GPKG")));

        var answer = await qgis.ExecuteAsync("native:mergevectorlayers", new
        {
            inputs = new { LAYERS = new object[] { new { href }, Sample.First(Sample.Places, 4) } },
            outputs = new { OUTPUT = new { format = new { mediaType } } },
        });

        var merged = qgis.Gdal.Keep(answer.ShouldBe(200).Body, extension);
        Gdal.CountFeatures(merged).ShouldBe(Sample.PlacesCount + 4);
        Gdal.FeaturesOf(merged).ShouldContain("path (String) = origin.gpkg");
        Gdal.FeaturesOf(merged).ShouldNotContain(qgis.Server.Directory);
    }

    [QgisFact]
    public async Task The_same_reference_twice_is_fetched_once()
    {
        var href = qgis.Files.Put("once.geojson", await File.ReadAllBytesAsync(Sample.Places));

        var answer = await qgis.ExecuteAsync("native:mergevectorlayers", new { inputs = new { LAYERS = new[] { new { href }, new { href } } } });

        answer.ShouldBe(200).FeatureCount.ShouldBe(2 * Sample.PlacesCount);
        qgis.Files.Requests.Count(request => request == "/once.geojson").ShouldBe(1);
    }

    [QgisFact]
    public async Task Layers_inside_a_structure()
    {
        var href = qgis.Files.Put("heights.geojson", await File.ReadAllBytesAsync(Sample.Places));
        foreach (var layer in new object[] { new { href }, Sample.First(Sample.Places, 50), new { value = Sample.Read(Sample.Places), mediaType = "application/geo+json" } })
        {
            var answer = await qgis.ExecuteAsync("qgis:idwinterpolation", new
            {
                inputs = new
                {
                    INTERPOLATION_DATA = new[] { new { layer, valueSource = 0, attributeIndex = FirstNumber(), type = 0 } },
                    EXTENT = new { bbox = new[] { 0, 40, 10, 50 } },
                    PIXEL_SIZE = 1,
                },
            });
            Gdal.RasterInfo(qgis.Gdal.Keep(answer.ShouldBe(200).Body, "tif")).ShouldContain("Driver: GTiff");
        }
    }

    [QgisFact]
    public async Task A_reference_that_leads_nowhere_is_named()
    {
        var answer = await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href = qgis.Files.AddressOf("nothing.geojson") } } });

        answer.ShouldBe(400).Detail.ShouldBe("INPUT: HTTP 404 from 127.0.0.1");
    }

    private static int FirstNumber() =>
        Sample.First(Sample.Places, 1)["features"]![0]!["properties"]!.AsObject().Select((property, index) => (property.Value, index))
            .First(pair => pair.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number).index;
}
