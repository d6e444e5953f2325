namespace GeoWps.Application.Ports;

/// <summary>Draws documents, for a first look.</summary>
public interface IDocumentPicture
{
    /// <summary>The first page of a PDF as PNG.</summary>
    /// <returns><see langword="null"/>: it can't be drawn here (broken, encrypted, too large, too slow, or there is nothing that draws).</returns>
    Task<byte[]?> FirstPageAsync(Stream pdf, CancellationToken cancellationToken);
}
