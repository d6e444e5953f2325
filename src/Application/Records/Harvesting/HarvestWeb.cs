using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Asks sources over http and https, by the rule of what may be reached. Credentials go to the host of the source's own address and nowhere else.</summary>
public sealed class HarvestWeb(IReferenceFetcher fetcher, IOptions<HarvestingOptions> options, IReferenceOpener? opener = null)
{
    public const string Url = "url";

    /// <summary>Of sources that are no address themselves: below it are their documents, and credentials go there and nowhere else.</summary>
    public const string DocumentBase = "documentBase";

    /// <summary>Links to the thing itself, the best first.</summary>
    private static readonly string[] _documents = ["enclosure", "item", "data", "download"];

    /// <summary>Judges the settings <c>url</c> (or <paramref name="name"/>) and <c>credentials</c>.</summary>
    public void Check(JsonElement settings, List<Mistake> mistakes, string name = Url)
    {
        var href = RecordFields.Text(settings, name, mistakes);
        if (href is null)
        {
            mistakes.Add(new Mistake(name, "is required, an address", MistakeKind.Missing));
        }
        else if (fetcher.Refuse(href) is { } refusal)
        {
            mistakes.Add(new Mistake(name, refusal));
        }
        else if (new Uri(href).UserInfo.Length > 0)
        {
            mistakes.Add(new Mistake(name, $"must be without a user: they belong into {HarvestForm.Credentials}"));
        }

        if (settings.TryGetProperty(HarvestForm.Credentials, out var credentials) && Authorization(credentials) is null)
        {
            mistakes.Add(new Mistake(HarvestForm.Credentials, "must be {\"user\": …, \"password\": …}, {\"token\": …} or {\"name\": …} of Harvesting:Credentials"));
        }
    }

    /// <param name="etag">Of the answer before; with it the answer may be that nothing has changed.</param>
    /// <returns>No content: it is as it was.</returns>
    /// <exception cref="HarvestException">It was not answered as it should be.</exception>
    public async Task<(MemoryStream? Content, string? ContentType, string? ETag)> GetAsync(JsonElement settings, string href, string accept, string? etag, CancellationToken cancellationToken)
    {
        var headers = new List<KeyValuePair<string, string>> { new("Accept", accept) };
        if (etag is not null)
        {
            headers.Add(new("If-None-Match", etag));
        }

        Authorize(settings, href, headers);
        var content = new MemoryStream();
        switch (await fetcher.FetchAsync(new FetchRequest(href, headers, null), content, options.Value.MaxAnswerMb * 1024L * 1024L, cancellationToken))
        {
            case FetchOutcome.Fetched fetched:
                content.Position = 0;
                return (content, fetched.ContentType, fetched.ETag);
            case FetchOutcome.Refused { IsUnchanged: true } when etag is not null:
                return (null, null, etag);
            case FetchOutcome.Refused refused:
                // The way without the question, which may hold a key.
                throw new HarvestException(Uri.TryCreate(href, UriKind.Absolute, out var asked) ? $"{refused.Message}, asked for {asked.AbsolutePath}" : refused.Message);
            default:
                throw new InvalidOperationException("an outcome that nobody knows");
        }
    }

    /// <summary>The address of a record's document: of a link to the thing itself that stays at the source's own address. Others everybody can follow without this server.</summary>
    public static string? DocumentOf(JsonElement settings, CatalogueRecord record) =>
        _documents.SelectMany(rel => record.Links.Where(link => link.Rel == rel && IsOwn(settings, link.Href))).FirstOrDefault()?.Href;

    /// <summary>Opens a record's document.</summary>
    /// <exception cref="HarvestException">It was not answered as it should be.</exception>
    public async Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken) =>
        DocumentOf(wish.Settings, wish.Record) is { } href ? await OpenAsync(wish, href, cancellationToken) : new DocumentOpening.Gone();

    /// <summary>Opens what lies at an address, with the credentials where they may go.</summary>
    /// <exception cref="HarvestException">It was not answered as it should be.</exception>
    public async Task<DocumentOpening> OpenAsync(DocumentWish wish, string href, CancellationToken cancellationToken)
    {
        if (opener is null)
        {
            return new DocumentOpening.Gone();
        }

        var headers = new List<KeyValuePair<string, string>> { new("Accept", "*/*") };
        Authorize(wish.Settings, href, headers);
        if (wish.Range is { Length: > 0 } range)
        {
            headers.Add(new("Range", range));
            if (wish.IfRange is { Length: > 0 } condition)
            {
                headers.Add(new("If-Range", condition));
            }
        }

        return await opener.OpenAsync(new FetchRequest(href, headers, null), cancellationToken) switch
        {
            ReferenceOpening.Opened opened => new DocumentOpening.Opened(new SourceDocument(opened.Content, opened.FileName)
            {
                MediaType = opened.ContentType,
                Length = opened.Length,
                Modified = opened.Modified,
                ETag = opened.ETag,
                ContentRange = opened.ContentRange,
                TakesRanges = opened.TakesRanges,
            }),
            ReferenceOpening.Missing => new DocumentOpening.Gone(),
            ReferenceOpening.OutOfRange outside => new DocumentOpening.OutOfRange(outside.ContentRange),
            ReferenceOpening.Refused refused => throw new HarvestException(refused.Message) { IsLate = refused.IsLate },
            _ => throw new InvalidOperationException("an outcome that nobody knows"),
        };
    }

    /// <summary>Whether an address is below another, however it is written.</summary>
    public static bool IsBelow(string near, string href) =>
        Uri.TryCreate(href, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.AbsoluteUri.StartsWith(new Uri(near).AbsoluteUri, StringComparison.Ordinal)
        && !address.AbsoluteUri.Contains("..", StringComparison.Ordinal) && !address.AbsoluteUri.Contains("%2e", StringComparison.OrdinalIgnoreCase) && !address.AbsoluteUri.Contains("%5c", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwn(JsonElement settings, string href) =>
        settings.TryGetProperty(Url, out var url)
            ? Uri.TryCreate(href, UriKind.Absolute, out var address) && new Uri(url.GetString()!) is var own && address.Authority == own.Authority && address.Scheme == own.Scheme
            : settings.TryGetProperty(DocumentBase, out var near) && IsBelow(near.GetString()!, href);

    private void Authorize(JsonElement settings, string href, List<KeyValuePair<string, string>> headers)
    {
        if (settings.TryGetProperty(HarvestForm.Credentials, out var credentials) && IsOwn(settings, href))
        {
            headers.Add(new("Authorization", Authorization(credentials) ?? throw new HarvestException("its credentials are not among the settings (Harvesting:Credentials)")));
        }
    }

    private string? Authorization(JsonElement credentials)
    {
        string? Text(string name) => HarvestForm.LineOf(credentials, name);
        return credentials.ValueKind != JsonValueKind.Object ? null
            : Text("token") is { } token ? $"Bearer {token}"
            : Text("user") is { } user ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Text("password")}"))}"
            : Text("name") is { } name && options.Value.Credentials.TryGetValue(name, out var header) ? header
            : null;
    }
}
