namespace GeoWps.Application.Ports;

/// <summary>Reads what documents say, for the search: plain text, CSV, HTML, PDF.</summary>
public interface IDocumentText
{
    bool CanRead(string mediaType);

    /// <summary>
    /// The text, lines as they are. What can't be read (broken, encrypted, too slow) has none: nobody's file is refused for that.
    /// </summary>
    /// <param name="mediaType">With or without parameters.</param>
    /// <param name="maxLength">UTF-16 units, at most; what comes after is left out, and the document is not read further than needed.</param>
    Task<string?> ReadAsync(Stream document, string mediaType, int maxLength, CancellationToken cancellationToken);
}
