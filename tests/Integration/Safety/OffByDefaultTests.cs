using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Safety;

/// <summary>Algorithms that strangers don't get do not exist for them.</summary>
[Collection(StrangersServerTests.Name)]
public sealed class OffByDefaultTests(StrangersServer qgis)
{
    private static readonly string[] Off =
    [
        "qgis:advancedpythonfieldcalculator", "gdal:rastercalculator", "gdal:executesql", "qgis:executesql", "native:spatialiteexecutesql",
        "native:spatialiteexecutesqlregistered", "native:postgisexecutesql", "qgis:postgisexecuteandloadsql", "native:filedownloader",
        "native:batchnominatimgeocoder", "native:downloadgpsdata", "native:uploadgpsdata", "native:convertgpsdata",
        "gdal:importvectorintopostgisdatabaseavailableconnections", "gdal:importvectorintopostgisdatabasenewconnection", "qgis:importintopostgis",
        "qgis:importintospatialite", "native:createdirectory", "native:savelog", "native:importphotos", "native:extractbinary", "native:splitvectorlayer",
        "gdal:tileindex", "gdal:buildvirtualraster", "gdal:buildvirtualvector", "native:exportlayersinformation", "native:setlayerstyle",
        "qgis:setstyleforvectorlayer", "qgis:setstyleforrasterlayer", "native:stylefromproject", "native:categorizeusingstyle", "native:combinestyles",
        "native:loadlayer", "native:renamelayer", "native:setprojectvariable", "native:transferannotationsfrommain", "native:layertobookmarks",
        "native:bookmarkstolayer", "native:atlaslayouttoimage", "native:atlaslayouttopdf", "native:printlayouttoimage", "native:printlayouttopdf",
        "native:printlayoutmapextenttolayer", "native:condition", "native:filter", "native:filterbygeometry", "native:filterlayersbytype",
        "native:raiseexception", "native:raisewarning", "native:selectbylocation", "native:selectwithindistance", "qgis:randomselection",
        "qgis:randomselectionwithinsubsets", "qgis:selectbyattribute", "qgis:selectbyexpression", "qgis:eliminateselectedpolygons",
    ];

    public static TheoryData<string> Ids => new(Off);

    [QgisFact]
    public async Task None_of_them_is_listed()
    {
        Off.Length.ShouldBe(56);
        var listed = await ListedAsync();

        listed.ShouldContain("native:buffer");
        listed.ShouldNotContain("qgis:buffer", "an alias is not listed");
        listed.Intersect(Off, StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
        listed.Select(NameOf).Intersect(Off.Where(id => id != "qgis:executesql").Select(NameOf), StringComparer.OrdinalIgnoreCase).Except(["rastercalculator", "rastercalc"]).ShouldBeEmpty();
    }

    [QgisTheory]
    [MemberData(nameof(Ids))]
    public async Task None_is_described_or_executed_under_any_spelling(string id)
    {
        var name = NameOf(id);
        string[] spellings = [id, id.ToUpperInvariant(), Uri.EscapeDataString(id), id + "%20", id + "/", $"native:{name}", $"qgis:{name}", $"gdal:{name}", $"script:{name}", name];
        var listed = await ListedAsync();
        foreach (var spelling in spellings.Where(spelling => !listed.Contains(spelling)))
        {
            await ShouldBeUnknownAsync(await qgis.GetAsync($"processes/{spelling}"), spelling);
            await ShouldBeUnknownAsync(await qgis.ExecuteAsync(spelling, new { inputs = new { } }), spelling);
            await ShouldBeUnknownAsync(await qgis.ValidateAsync(spelling, new { inputs = new { } }), spelling);
        }
    }

    [QgisFact]
    public async Task An_allowed_one_exists_so_the_others_could()
    {
        await ShouldBeUnknownAsync(await qgis.GetAsync("processes/native:nosuchthing"), "native:nosuchthing");
        (await qgis.GetAsync("processes/native:buffer")).ShouldBe(200);
        (await qgis.GetAsync("processes/qgis:buffer")).Status.ShouldBeOneOf(200, 404);
    }

    [QgisTheory]
    [InlineData("gdal:translate", "EXTRA", "-co COMPRESS=LZW")]
    [InlineData("gdal:cliprasterbyextent", "EXTRA", "--config GDAL_SKIP x")]
    [InlineData("gdal:clipvectorbyextent", "OPTIONS", "-sql \"select 1\"")]
    [InlineData("gdal:translate", "OPTIONS", "COMPRESS=LZW|SRC_METHOD=x")]
    [InlineData("native:slope", "OUTPUT", "/tmp/x.tif")]
    [InlineData("gdal:buffervectors", "OUTPUT", "x.gpkg")]
    [InlineData("gdal:retile", "OUTPUT_CSV", "x.csv")]
    public async Task What_would_reach_further_than_the_algorithm_is_no_input(string process, string input, string value)
    {
        var answer = await qgis.ValidateAsync(process, new { inputs = new Dictionary<string, object> { [input] = value } });

        answer.ShouldBe(400).Blamed.ShouldContain(input);
        var described = (await qgis.GetAsync($"processes/{process}")).ShouldBe(200).Json.GetProperty("inputs");
        described.TryGetProperty(input, out _).ShouldBe(input == "OPTIONS");
    }

    [QgisFact]
    public async Task No_process_has_a_free_command_line_or_a_destination_among_its_inputs()
    {
        foreach (var id in await ListedAsync())
        {
            var process = (await qgis.GetAsync($"processes/{id}")).ShouldBe(200).Json;
            var inputs = process.GetProperty("inputs").EnumerateObject().Select(input => input.Name).ToArray();
            inputs.Intersect(["EXTRA", "OUTPUT_TEXT_DIR", "XYZ_TEMPLATE", "WHERE", "SQL", "QUERY"]).ShouldBeEmpty(id);
        }
    }

    private static string NameOf(string id) => id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static Task ShouldBeUnknownAsync(Answer answer, string spelling)
    {
        answer.Status.ShouldBe(404, spelling);
        if (!spelling.EndsWith('/'))
        {
            answer.Exception.ShouldBe("no-such-process", spelling);
        }

        return Task.CompletedTask;
    }

    private async Task<HashSet<string>> ListedAsync() =>
        [.. (await qgis.GetAsync("processes?limit=1000")).ShouldBe(200).Json.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()!)];
}
