using System.Diagnostics;
using System.Xml.Linq;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Layers;

namespace GeoWps.Tests.Integration.Records;

/// <summary>What a server has becomes a record soon and stops being one soon, and its use is counted.</summary>
[Collection(LayersServerTests.Name)]
public sealed class UseTests(LayersServer server)
{
    private const string Points =
        """
        {"type": "FeatureCollection", "features": [
          {"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": [7, 51]}},
          {"type": "Feature", "properties": {"name": "b"}, "geometry": {"type": "Point", "coordinates": [8, 52]}}]}
        """;

    [QgisFact]
    public async Task A_layer_is_found_while_it_is_there_and_its_features_are_counted()
    {
        (await server.SendDataAsync(HttpMethod.Post, "admin/layers?id=counted&title=Quaggas%20of%20the%20karoo", System.Text.Encoding.UTF8.GetBytes(Points), "application/geo+json")).ShouldBe(201);
        await UntilAsync("quaggas karoo", ["layers:counted"]);

        var features = (await server.GetAsync("collections/counted/items?limit=1")).ShouldBe(200).Json;
        var next = features.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "next").GetProperty("href").GetString()!;
        (await server.GetAsync(new Uri(next).PathAndQuery[1..])).ShouldBe(200);
        (await server.GetAsync("collections/counted/items?f=html")).ShouldBe(200);
        (await server.GetAsync($"collections/counted/items/{features.GetProperty("features")[0].GetProperty("id")}")).ShouldBe(200);
        (await server.GetAsync("collections/counted/items/none")).ShouldBe(404);
        var (opened, downloaded) = await UseOfAsync("layers:counted");
        (opened, downloaded).ShouldBe((2, 1), "a page and a feature; features, whose second page is the same once more");

        (await server.AdministerAsync(HttpMethod.Delete, "admin/layers/counted")).ShouldBe(204);
        await UntilAsync("quaggas karoo", []);
    }

    [QgisFact]
    public async Task Results_are_counted_in_whichever_protocol_they_are_got()
    {
        var (_, before) = await UseOfAsync("processes:echo");
        (await server.SendAsync(HttpMethod.Post, "processes/echo/execution", new StringContent("""{"inputs":{"literalInput":"x"}}""", System.Text.Encoding.UTF8, "application/json"))).ShouldBe(200);
        (await server.GetAsync("wps?service=WPS&version=1.0.0&request=Execute&identifier=echo&RawDataOutput=literalOutput&DataInputs=literalInput=x")).ShouldBe(200);
        (await server.GetAsync("wps?service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=literalInput=x")).ShouldBe(200);
        (await server.GetAsync("wps?service=WPS&version=1.0.0&request=DescribeProcess&identifier=echo")).ShouldBe(200);
        (await UseOfAsync("processes:echo")).Downloaded.ShouldBe(before + 3);
    }

    [QgisFact]
    public async Task A_result_that_is_published_is_a_record_while_it_is_a_layer()
    {
        var job = await server.SubmitAsync("native:buffer", new { inputs = new { INPUT = System.Text.Json.JsonElement.Parse(Points), DISTANCE = 1 } });
        (await server.AdministerAsync(HttpMethod.Post, "admin/layers", new { id = "grazing", title = "Grazing grounds of the bluebuck", source = new { job, output = "OUTPUT" } })).ShouldBe(201);
        await UntilAsync("bluebuck grounds", ["layers:grazing"]);

        var record = (await server.GetAsync("collections/records/items/layers:grazing")).ShouldBe(200).Json;
        record.GetProperty("geometry").GetProperty("type").GetString().ShouldBe("Polygon");
        var link = record.GetProperty("links").EnumerateArray().Single(one => one.GetProperty("rel").GetString() == "item").GetProperty("href").GetString()!;
        (await server.GetAsync(new Uri(link).PathAndQuery[1..])).ShouldBe(200).Json.GetProperty("id").GetString().ShouldBe("grazing");

        (await server.AdministerAsync(HttpMethod.Delete, "admin/layers/grazing")).ShouldBe(204);
        await UntilAsync("bluebuck grounds", []);
        (await server.GetAsync("collections/records/items/layers:grazing")).ShouldBe(404);
    }

    [QgisFact]
    public async Task Results_that_are_got_later_by_WPS_are_counted_when_they_are_there()
    {
        var (_, before) = await UseOfAsync("processes:echo");
        const string Execute =
            """
            <wps:Execute xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" service="WPS" version="2.0.0" response="document" mode="async"><ows:Identifier>echo</ows:Identifier>
            <wps:Input id="literalInput"><wps:Data>x</wps:Data></wps:Input><wps:Input id="pause"><wps:Data>1</wps:Data></wps:Input><wps:Output id="literalOutput" transmission="value"/></wps:Execute>
            """;
        var accepted = (await server.SendAsync(HttpMethod.Post, "wps", new StringContent(Execute, System.Text.Encoding.UTF8, "text/xml"))).ShouldBe(200).Text;
        var job = XDocument.Parse(accepted).Root!.Elements().Single(element => element.Name.LocalName == "JobID").Value;
        (await server.GetAsync($"wps?service=WPS&version=2.0.0&request=GetResult&jobId={job}")).Text.ShouldContain("ResultNotReady");
        await QgisServer.Until(async () => (await server.GetAsync($"wps?service=WPS&version=2.0.0&request=GetStatus&jobId={job}")).Text.Contains("Succeeded", StringComparison.Ordinal), "the job ends");
        (await UseOfAsync("processes:echo")).Downloaded.ShouldBe(before, "so far nothing was got");
        (await server.GetAsync($"wps?service=WPS&version=2.0.0&request=GetResult&jobId={job}")).ShouldBe(200);
        (await UseOfAsync("processes:echo")).Downloaded.ShouldBe(before + 1);

        var stored = (await server.GetAsync("wps?service=WPS&version=1.0.0&request=Execute&identifier=echo&storeExecuteResponse=true&status=true&DataInputs=literalInput=x;pause=1")).ShouldBe(200).Text;
        var location = new Uri(XDocument.Parse(stored).Root!.Attribute("statusLocation")!.Value).PathAndQuery[1..];
        (await server.GetAsync(location)).Text.ShouldNotContain("ProcessSucceeded");
        (await UseOfAsync("processes:echo")).Downloaded.ShouldBe(before + 1, "its status is not its result");
        await QgisServer.Until(async () => (await server.GetAsync(location)).Text.Contains("ProcessSucceeded", StringComparison.Ordinal), "the stored answer ends");
        (await UseOfAsync("processes:echo")).Downloaded.ShouldBe(before + 2);
    }

    [QgisFact]
    public async Task Use_is_a_table_that_spreadsheets_read_and_nothing_in_it_is_a_formula()
    {
        const string Path = "files/=1+1, \"2\"; é.csv";
        var address = Uri.EscapeDataString(Path).Replace("%2F", "/", StringComparison.Ordinal);
        (await server.SendDataAsync(HttpMethod.Put, address, "a\n"u8.ToArray(), "text/csv")).ShouldBe(201);
        (await server.AdministerAsync(HttpMethod.Get, address)).ShouldBe(200);

        var answer = (await server.AdministerAsync(HttpMethod.Get, "admin/use?by=month,record,caller&f=csv")).ShouldBe(200);

        answer.MediaType.ShouldBe("text/csv; charset=utf-8; header=present");
        answer.Text.ShouldEndWith("\r\n");
        using var reader = new Microsoft.VisualBasic.FileIO.TextFieldParser(new StringReader(answer.Text)) { Delimiters = [","], TrimWhiteSpace = false };
        var rows = new List<string[]>();
        while (!reader.EndOfData)
        {
            rows.Add(reader.ReadFields()!);
        }

        rows[0].ShouldBe(["month", "record", "caller", "opened", "downloaded", "searched", "shown"]);
        rows.ShouldAllBe(row => row.Length == 7 && row.All(field => field.Length == 0 || !"=+-@\t".Contains(field[0])));
        rows.Skip(1).ShouldAllBe(row => DateTime.ParseExact(row[0], "yyyy-MM", System.Globalization.CultureInfo.InvariantCulture).Year > 2000);
        rows.Single(row => row[1] == $"files:{Path["files/".Length..]}" && row[2] == "administrator")[4].ShouldBe("1");
        (await server.AdministerAsync(HttpMethod.Get, "admin/use?from=2026-03&to=2026-02")).ShouldBe(400).Blamed.ShouldBe(["to"]);
        (await server.AdministerAsync(HttpMethod.Delete, address)).ShouldBe(204);
    }

    private async Task UntilAsync(string words, string[] ids)
    {
        var found = Array.Empty<string?>();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30); await Task.Delay(100))
        {
            var answer = (await server.GetAsync($"search?f=json&q={Uri.EscapeDataString(words)}")).ShouldBe(200).Json;
            found = [.. answer.GetProperty("features").EnumerateArray().Select(one => one.GetProperty("id").GetString())];
            if (found.SequenceEqual(ids))
            {
                return;
            }
        }

        found.ShouldBe(ids);
    }

    private async Task<(long Opened, long Downloaded)> UseOfAsync(string record)
    {
        var rows = (await server.AdministerAsync(HttpMethod.Get, "admin/use?by=record&limit=1000")).ShouldBe(200).Json.GetProperty("use").EnumerateArray().Where(row => row.GetProperty("record").GetString() == record).ToArray();
        return rows is [var row] ? (row.GetProperty("opened").GetInt64(), row.GetProperty("downloaded").GetInt64()) : (0, 0);
    }
}
