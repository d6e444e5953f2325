using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Processes;

/// <summary>What people paste from a process's page.</summary>
[Collection(OpenServerTests.Name)]
public sealed partial class ExampleTests(OpenServer open)
{
    [QgisFact]
    public async Task The_request_on_the_page_of_every_process_is_valid()
    {
        var ids = (await open.GetAsync("processes")).Json.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("id").GetString()!).ToArray();
        ids.Length.ShouldBeGreaterThan(250);
        var wrong = new List<string>();
        foreach (var id in ids)
        {
            var page = (await open.GetAsync($"processes/{id}?f=html")).ShouldBe(200).Text;
            var request = WebUtility.HtmlDecode(Body().Match(WebUtility.HtmlDecode(page)).Groups[1].Value).Replace("'\\''", "'", StringComparison.Ordinal);
            JsonElement.Parse(request).ValueKind.ShouldBe(JsonValueKind.Object);

            // What administers is not judged without the token.
            if (await open.ValidateAsync(id, request) is { Status: not 200 } refused && !(id.StartsWith("geowps:", StringComparison.Ordinal) && refused.Status == 401))
            {
                wrong.Add($"{id}: {refused.Text}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [GeneratedRegex(@"-d '(\{.*\})'</pre>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Body();
}
