using System.Globalization;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>What a job gave: small values as they are, the rest to be fetched.</summary>
internal static class ResultsPage
{
    private const int MostShown = 2000;

    public static IResult Of(Job job, ProcessDescription? process, string baseAddress)
    {
        var self = Addresses.Results(baseAddress, job.Id.Value);
        var page = new Page(
            $"Results of {process?.Title ?? job.ProcessId}",
            baseAddress,
            [(baseAddress + "jobs", "Jobs"), (Addresses.Job(baseAddress, job.Id.Value) + "?f=html", job.Id.Value)],
            [new Link(self + "?f=json", "alternate", Media.Json, "As they were asked for")]);
        var addresses = new OutputAddresses(baseAddress, job.Id);
        return page.Answer(html => html.Element("dl", () =>
        {
            foreach (var output in job.Outputs)
            {
                html.Element("dt", () => html.Element("code", output.Id));
                html.Element("dd", () =>
                {
                    html.Element("div", process?.FindOutput(output.Id)?.Title ?? "", ("class", "soft"));
                    Value(html, output, addresses);
                });
            }
        }));
    }

    private static void Value(HtmlWriter html, OutputValue value, OutputAddresses addresses)
    {
        if (value is OutputValue.Literal literal && !OutputForm.IsBinary(literal))
        {
            var text = literal.Json.ValueKind == JsonValueKind.String ? literal.Json.GetString()! : literal.Json.GetRawText();
            html.Element("pre", text.Length > MostShown ? text[..MostShown] + " …" : text);
        }

        foreach (var (href, each) in addresses.All(value))
        {
            html.Element("div", () =>
            {
                html.Link(href, each is OutputValue.Content { Name: var name } ? name : "Fetch it");
                html.Element("small", $" {OutputForm.MediaTypeOf(each)}{(each is OutputValue.Content { Length: var length } ? ", " + Size(length) : "")}");
            });
        }
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} bytes",
        < 1024 * 1024 => $"{(bytes / 1024.0).ToString("0.#", CultureInfo.InvariantCulture)} KiB",
        _ => $"{(bytes / 1024.0 / 1024.0).ToString("0.#", CultureInfo.InvariantCulture)} MiB",
    };
}
