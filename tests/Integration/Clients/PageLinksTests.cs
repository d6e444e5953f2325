using System.Net;
using System.Text.RegularExpressions;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Integration.Layers;

namespace GeoWps.Tests.Integration.Clients;

/// <summary>Who follows the links of pages and documents from the landing page on.</summary>
public sealed partial class PageLinksTests
{
    /// <summary>Addresses of one shape that are looked at: /collections/countries/items/7?f is one of /collections/countries/*/*?f.</summary>
    private const int OfEachShape = 3;

    [Fact]
    public async Task Every_link_of_a_page_or_a_document_leads_somewhere()
    {
        await using var server = await RunningServer.StartAsync(
            data => File.Copy(LayersServer.SampleOf("world.gpkg"), Path.Combine(Directory.CreateDirectory(Path.Combine(data, "samples")).FullName, "world.gpkg")), "--Python:Execution", "None");
        await QgisServer.Until(async () => (await server.Client.GetAsync(new Uri("collections/urban_areas", UriKind.Relative))).StatusCode == HttpStatusCode.OK, "the samples are published");
        using (var content = new StringContent("text"))
        {
            (await server.Client.PutAsync(new Uri("files/a/b.txt", UriKind.Relative), content)).StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        var (seen, shapes, broken) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal), new List<string>());
        var left = new Queue<(string Address, string From)>([($"{server.Address}", ""), ($"{server.Address}files/?recursive=true&sort=name&f=html", "")]);
        while (left.TryDequeue(out var next))
        {
            var uri = new Uri(next.Address);
            var shape = string.Join('/', uri.Segments.Select((segment, i) => i < 3 ? segment : "*")) + string.Join(' ', uri.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=')[0]).Order(StringComparer.Ordinal));
            if (!seen.Add(next.Address) || (shapes[shape] = shapes.GetValueOrDefault(shape) + 1) > OfEachShape)
            {
                continue;
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.Add("Accept", next.From.Length == 0 || uri.Query.Contains("f=html", StringComparison.Ordinal) ? "text/html" : "*/*");
            using var answer = await server.Client.SendAsync(request);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NoContent))
            {
                broken.Add($"{(int)answer.StatusCode} {next.Address} of {next.From}");
                continue;
            }

            // What is to be asked with POST, or with parameters, is not followed: addresses of the API's page, and of executions. What a file holds, only QGIS can tell.
            var type = answer.Content.Headers.ContentType?.MediaType ?? "";
            if ((type == "text/html" || type.EndsWith("json", StringComparison.Ordinal)) && uri.AbsolutePath != "/api")
            {
                foreach (Match link in Link().Matches(await answer.Content.ReadAsStringAsync()))
                {
                    var address = new Uri(uri, WebUtility.HtmlDecode(link.Groups[1].Value)).GetLeftPart(UriPartial.Query);
                    if (address.StartsWith(server.Address.ToString(), StringComparison.Ordinal) && !address.Contains('{', StringComparison.Ordinal) && !address.Contains("%7B", StringComparison.Ordinal)
                        && !address.EndsWith("/execution", StringComparison.Ordinal) && !address.EndsWith("?f=info", StringComparison.Ordinal))
                    {
                        left.Enqueue((address, next.Address));
                    }
                }
            }
        }

        broken.ShouldBeEmpty();
        seen.Count.ShouldBeGreaterThan(200);
        server.Errors.ShouldBeEmpty();
    }

    [GeneratedRegex("\\bhref\"?[=:]\\s*\"([^\"]+)\"")]
    private static partial Regex Link();
}
