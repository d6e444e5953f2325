using GeoWps.Domain.Records;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Where the document of a harvested record is to be had through this server.</summary>
public static class DocumentLinks
{
    /// <summary>Below the server's own address; the record's id follows.</summary>
    public const string Path = "collections/records/documents";

    public const string Preview = "preview";

    /// <summary>Header of an answer, for gateways alone: it is the source that failed, and another node would do no better.</summary>
    public const string SourceFailed = "X-GeoWps-Source-Failed";

    /// <summary>The record with links to its document, and to a first look at it where its type is known to have one.</summary>
    public static CatalogueRecord AddTo(CatalogueRecord record)
    {
        var type = record.Formats is [{ } only] && only.Contains('/', StringComparison.Ordinal) ? only : null;
        var href = Of(record.Id);
        RecordLink[] own = type is null || PreviewDocument.FormOf(type) is not { } form
            ? [new RecordLink(href, "enclosure", type, "The document, through this server")]
            : [new RecordLink(href, "enclosure", type, "The document, through this server"), new RecordLink($"{href}?f={Preview}", Preview, form, "A first look at the document")];
        return record with { Links = [.. record.Links, .. own] };
    }

    public static string Of(string id) =>
        $"{Path}/{string.Join('/', id.Split('/').Select(part => Uri.EscapeDataString(part).Replace("%3A", ":", StringComparison.Ordinal)))}";

    /// <summary>Whether an id is a path of a file as folders are read: nothing hidden, nothing that leads out.</summary>
    public static bool IsPath(string id) => id.Split('/').All(part => part.Length > 0 && part[0] != '.' && !part.Any(letter => letter == '\\' || char.IsControl(letter)));
}
