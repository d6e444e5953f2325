using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Documents of rows: a column has a link to the document (the setting <c>document</c>; relative ones are below <c>documentBase</c>, where <c>credentials</c> go and nowhere else), or its bytes (<c>content</c>).</summary>
public sealed class RowDocuments(HarvestWeb web)
{
    private const string Link = "document";
    private const string Content = "content";

    public static IReadOnlyList<string> Settings { get; } = [Link, HarvestWeb.DocumentBase, Content, HarvestForm.Credentials];

    /// <summary>The column with the link or the bytes; <see langword="null"/>: rows have no documents.</summary>
    public static string? ColumnOf(JsonElement settings) => HarvestForm.LineOf(settings, Link) ?? HarvestForm.LineOf(settings, Content);

    /// <summary>The column has the bytes themselves.</summary>
    public static bool IsContent(JsonElement settings) => HarvestForm.LineOf(settings, Content) is not null;

    public void Check(JsonElement settings, List<Mistake> mistakes)
    {
        foreach (var name in new[] { Link, Content }.Where(name => settings.TryGetProperty(name, out _) && HarvestForm.LineOf(settings, name) is null))
        {
            mistakes.Add(new Mistake(name, "must be the name of a column"));
        }

        var (hasLink, hasBase) = (HarvestForm.LineOf(settings, Link) is not null, settings.TryGetProperty(HarvestWeb.DocumentBase, out _));
        if (hasLink && IsContent(settings))
        {
            mistakes.Add(new Mistake(Content, $"must be left out where {Link} is"));
        }

        if (hasBase && !hasLink)
        {
            mistakes.Add(new Mistake(HarvestWeb.DocumentBase, $"is for links: {Link} is to name their column"));
        }

        if (hasBase || settings.TryGetProperty(HarvestForm.Credentials, out _))
        {
            web.Check(settings, mistakes, HarvestWeb.DocumentBase);
        }

        if (hasBase && Uri.TryCreate(HarvestForm.LineOf(settings, HarvestWeb.DocumentBase), UriKind.Absolute, out var address) && (!address.AbsolutePath.EndsWith('/') || address.Query.Length > 0 || address.Fragment.Length > 0))
        {
            mistakes.Add(new Mistake(HarvestWeb.DocumentBase, "must end in a slash"));
        }
    }

    /// <param name="link">As the row has it.</param>
    /// <exception cref="HarvestException">It was not answered as it should be.</exception>
    public Task<DocumentOpening> OpenAsync(DocumentWish wish, string link, CancellationToken cancellationToken) =>
        AddressOf(wish.Settings, link.Trim()) is { } href ? web.OpenAsync(wish, href, cancellationToken) : Task.FromResult<DocumentOpening>(new DocumentOpening.Gone());

    /// <returns><see langword="null"/>: it is no address of the web, or leads out of the base.</returns>
    private static string? AddressOf(JsonElement settings, string link) =>
        RecordFields.IsWeb(link) is { } absolute ? absolute
        : HarvestForm.LineOf(settings, HarvestWeb.DocumentBase) is { } near && Uri.TryCreate(new Uri(near), link, out var address) && HarvestWeb.IsBelow(near, address.AbsoluteUri) ? address.AbsoluteUri
        : null;
}
