using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>A first look at a document: the first page of a PDF as a picture, the first characters of a text.</summary>
public sealed class PreviewDocument(TimeProvider clock, IDocumentText? texts = null, IDocumentPicture? pictures = null)
{
    /// <summary>UTF-16 units of a text.</summary>
    public const int MostText = 2_000;

    private const string Pdf = "application/pdf";

    /// <summary>Markup takes room before the first word.</summary>
    private const int Looked = 32_000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly string[] _texts = [MediaTypes.Text, "text/csv", "text/tab-separated-values", "text/markdown", "text/html", "application/xhtml+xml"];

    /// <returns>Media type of a first look at such a document; <see langword="null"/>: there is none.</returns>
    public static string? FormOf(string mediaType) => MediaTypes.WithoutParameters(mediaType) is var type && type == Pdf ? "image/png" : _texts.Contains(type) ? MediaTypes.Text : null;

    /// <returns><see langword="null"/>: there is none of this document.</returns>
    /// <exception cref="HarvestException">The source failed meanwhile, or all took too long.</exception>
    public async Task<DocumentPreview?> ExecuteAsync(SourceDocument document, CancellationToken cancellationToken)
    {
        var type = document.MediaType ?? MediaTypes.Unknown;
        using var deadline = new CancellationTokenSource(_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            switch (FormOf(type))
            {
                case MediaTypes.Text:
                    return texts is not null && await texts.ReadAsync(document.Content, type, Looked, either.Token) is { } text ? new DocumentPreview.Excerpt(Cut(text.Trim())) : null;
                case null:
                    return null;
                default:
                    return pictures is not null && await pictures.FirstPageAsync(document.Content, either.Token) is { } png ? new DocumentPreview.Picture(png) : null;
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw failure as HarvestException ?? new HarvestException("it broke off", failure) { IsLate = failure is OperationCanceledException };
        }
    }

    private static string Cut(string text) => text.Length <= MostText ? text : text[..(char.IsHighSurrogate(text[MostText - 1]) ? MostText - 1 : MostText)];
}

/// <summary>A first look at a document.</summary>
public abstract record DocumentPreview
{
    private DocumentPreview()
    {
    }

    public sealed record Excerpt(string Text) : DocumentPreview;

    public sealed record Picture(byte[] Png) : DocumentPreview;
}
