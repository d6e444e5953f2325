using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Results;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>What a job gave: short text and values as they are, everything to be fetched.</summary>
/// <param name="process">That gave it; <see langword="null"/> when it is not offered any more.</param>
internal sealed class ResultsPage(Job job, ProcessDescription? process, string baseAddress, IBlobStore blobs) : IResult
{
    /// <summary>Bytes of a content, characters of a value: more is fetched.</summary>
    private const int MostShown = 2000;

    private readonly OutputAddresses _addresses = new(baseAddress, job.Id);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var texts = new Dictionary<OutputValue, string>(ReferenceEqualityComparer.Instance);
        foreach (var value in job.Outputs.SelectMany(_addresses.All).Select(each => each.Value))
        {
            if (await TextOfAsync(value, httpContext.RequestAborted) is { } text)
            {
                texts.Add(value, text);
            }
        }

        var page = new Page(
            $"Results of {process?.Title ?? job.ProcessId}",
            baseAddress,
            [(baseAddress + "jobs", "Jobs"), (Addresses.In(Addresses.Job(baseAddress, job.Id.Value), Representation.Html), job.Id.Value)],
            [new Link(Addresses.In(Addresses.Results(baseAddress, job.Id.Value), Representation.Json), "alternate", Title: "As they were asked for")]);
        await page.Answer(html => Write(html, texts)).ExecuteAsync(httpContext);
    }

    private void Write(HtmlWriter html, Dictionary<OutputValue, string> texts)
    {
        if (job.Outputs.Count == 0)
        {
            html.Element("p", "There are none.");
        }

        foreach (var output in job.Outputs)
        {
            html.Element("h2", process?.FindOutput(output.Id)?.Title ?? output.Id);
            html.Element("code", output.Id);
            if (_addresses.LayerOf(output) is { } layer)
            {
                html.Element("p", () => html.Link(layer.Href, "As a layer"));
            }

            foreach (var (href, value) in _addresses.All(output))
            {
                if (texts.TryGetValue(value, out var text))
                {
                    html.Element("pre", text, ("tabindex", "0"), ("aria-label", "Value"));
                }

                html.Element("p", () =>
                {
                    html.Link(href, value is OutputValue.Content { Name: var name } ? name : "Value alone");
                    html.Element("span", $" {OutputForm.MediaTypeOf(value)}{(value is OutputValue.Content { Length: var length } ? ", " + Size(length) : "")}", ("class", "soft"));
                });
            }
        }
    }

    /// <returns><see langword="null"/> for what is long or no text.</returns>
    private async Task<string?> TextOfAsync(OutputValue value, CancellationToken cancellationToken)
    {
        switch (value)
        {
            case OutputValue.Literal literal when !OutputForm.IsBinary(literal):
                var text = literal.Json.ValueKind == JsonValueKind.String ? literal.Json.GetString()! : literal.Json.GetRawText();
                return text.Length > MostShown ? text[..MostShown] + " …" : text;
            case OutputValue.Content { Length: <= MostShown } content when Media.IsText(content.MediaType):
                await using (var blob = await blobs.OpenAsync(content.Key, 0, length: null, cancellationToken) ?? throw new ContentGoneException())
                {
                    using var reader = new StreamReader(blob.Content, Encoding.UTF8);
                    return await reader.ReadToEndAsync(cancellationToken);
                }

            case OutputValue.Many { Values: var values } when values.All(one => one is OutputValue.Literal literal && !OutputForm.IsBinary(literal)):
                var list = $"[{string.Join(", ", values.Cast<OutputValue.Literal>().Select(one => one.Json.GetRawText()))}]";
                return list.Length > MostShown ? null : list;
            default:
                return null;
        }
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} bytes",
        < 1024 * 1024 => $"{(bytes / 1024.0).ToString("0.#", CultureInfo.InvariantCulture)} KiB",
        _ => $"{(bytes / 1024.0 / 1024.0).ToString("0.#", CultureInfo.InvariantCulture)} MiB",
    };
}
