using System.Text.Json;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Ports;

/// <summary>Opens the documents that records of a source tell of: what a reader of sources (<see cref="IHarvestReader"/>) can do beside, where its kind has documents.</summary>
public interface IDocumentReader
{
    /// <summary>Of its records: another number where the same settings give other ones than they gave before, so that all are stored anew.</summary>
    int Form => 2;

    /// <summary>Whether there is a document, as far as settings and record tell: the source is not asked.</summary>
    bool Has(JsonElement settings, CatalogueRecord record);

    /// <returns><see cref="DocumentOpening.Opened"/>, <see cref="DocumentOpening.Gone"/> or <see cref="DocumentOpening.OutOfRange"/>.</returns>
    /// <exception cref="HarvestException">The source does not answer as it should.</exception>
    Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken);
}

/// <param name="Range">As the caller sent it (<c>Range</c>), for sources that take it; content that can be sought is opened whole.</param>
/// <param name="IfRange">As the caller sent it (<c>If-Range</c>).</param>
public sealed record DocumentWish(HarvestSource Source, JsonElement Settings, CatalogueRecord Record, string? Range, string? IfRange);

/// <summary>What became of opening a document.</summary>
public abstract record DocumentOpening
{
    private DocumentOpening()
    {
    }

    public sealed record Opened(SourceDocument Document) : DocumentOpening;

    /// <summary>There is none, or none any more.</summary>
    public sealed record Gone : DocumentOpening;

    /// <summary>The source has no such part of it.</summary>
    /// <param name="ContentRange">As the source said it.</param>
    public sealed record OutOfRange(string? ContentRange) : DocumentOpening;

    /// <summary>As many documents as may be are open.</summary>
    public sealed record Full : DocumentOpening;

    /// <summary>The source failed, or was too slow.</summary>
    public sealed record Failed(bool IsLate) : DocumentOpening;
}

/// <summary>A document that is open at its source.</summary>
/// <param name="name">Of the file, without its folder; may be empty.</param>
/// <param name="connection">Closed with it.</param>
public sealed class SourceDocument(Stream content, string name, IAsyncDisposable? connection = null) : IAsyncDisposable
{
    public Stream Content { get; internal set; } = content;

    public string Name => name;

    /// <summary>By its content where that tells, else as the source says.</summary>
    public string? MediaType { get; set; }

    /// <summary>Bytes of <see cref="Content"/>; <see langword="null"/>: nobody has said.</summary>
    public long? Length { get; init; }

    public DateTimeOffset? Modified { get; init; }

    /// <summary>With its quotation marks.</summary>
    public string? ETag { get; init; }

    /// <summary>Which part the content is, as the source says it (<c>bytes 0-9/100</c>); <see langword="null"/>: it is all.</summary>
    public string? ContentRange { get; init; }

    /// <summary>The source takes ranges.</summary>
    public bool TakesRanges { get; init; }

    /// <summary>Its place among those that are open at once; given back with it.</summary>
    internal IDisposable? Place { get; set; }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Content.DisposeAsync();
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
        catch (Exception)
        {
            // What was closed before its end may say what it will.
        }
        finally
        {
            Place?.Dispose();
        }
    }
}
