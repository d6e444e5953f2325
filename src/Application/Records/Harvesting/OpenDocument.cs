using System.Text.Json;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Logging;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Opens the document of a harvested record at its source, with the source's credentials; what is read of it is its beginning, which tells what it is.</summary>
public sealed partial class OpenDocument(IHarvestStore sources, IEnumerable<IHarvestReader> readers, DocumentRoom room, TimeProvider clock, ILogger<OpenDocument> logger)
{
    /// <summary>Until it begins; from then on whoever reads has his own.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <param name="range">As the caller sent it.</param>
    /// <param name="ifRange">As the caller sent it.</param>
    public async Task<DocumentOpening> ExecuteAsync(CatalogueRecord record, string? range, string? ifRange, CancellationToken cancellationToken)
    {
        if (await sources.FindAsync(record.Source, cancellationToken) is not { } source || readers.FirstOrDefault(each => each.Kind == source.Kind) is not IDocumentReader reader)
        {
            return new DocumentOpening.Gone();
        }

        var settings = JsonElement.Parse(source.Settings);
        if (!reader.Has(settings, record))
        {
            return new DocumentOpening.Gone();
        }

        var place = await room.TryEnterAsync(source.Id, cancellationToken);
        if (place is null)
        {
            LogFull(source.Id);
            return new DocumentOpening.Full();
        }

        using var deadline = new CancellationTokenSource(_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        SourceDocument? document = null;
        try
        {
            var opening = await reader.OpenAsync(new DocumentWish(source, settings, record, range, ifRange), either.Token);
            if (opening is DocumentOpening.Opened opened)
            {
                document = opened.Document;
                (document.Place, place) = (place, null);
                document.MediaType = await TypeAsync(document, record, either.Token);
            }

            document = null;
            return opening;
        }
        catch (HarvestException failure)
        {
            LogFailed(source.Id, failure.Message);
            return new DocumentOpening.Failed(failure.IsLate);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(source.Id, "it did not begin in time");
            return new DocumentOpening.Failed(IsLate: true);
        }
        catch (Exception failure) when (document is not null && !cancellationToken.IsCancellationRequested)
        {
            // Its beginning could not be read: each kind has exceptions of its own for that.
            LogFailed(source.Id, failure.GetType().Name);
            return new DocumentOpening.Failed(IsLate: false);
        }
        finally
        {
            if (document is not null)
            {
                await document.DisposeAsync();
            }

            place?.Dispose();
        }
    }

    private static async Task<string> TypeAsync(SourceDocument document, CatalogueRecord record, CancellationToken cancellationToken)
    {
        var said = document.MediaType ?? (record.Formats is [{ } only] && only.Contains('/', StringComparison.Ordinal) ? only : null) ?? MediaTypes.Unknown;
        if (document.ContentRange is not null)
        {
            return said;
        }

        var (head, content) = (new byte[ContentSniffing.HeadBytes], document.Content);
        var count = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (content.CanSeek)
        {
            content.Position = 0;
        }
        else
        {
            document.Content = new LeadStream(head.AsMemory(0, count), content);
        }

        var type = ContentSniffing.TypeOf(head.AsSpan(0, count), document.Name);

        // A page that is told to be one is no other text; and what the content does not tell, the source may.
        return type is MediaTypes.Unknown or MediaTypes.Text ? said == MediaTypes.Unknown ? type : said : type;
    }

    [LoggerMessage(EventId = 1858, Level = LogLevel.Information, Message = "A document of the source {Source} was not opened: as many as may be are open (Harvesting:MaxDocuments, Harvesting:MaxDocumentsPerSource)")]
    private partial void LogFull(string source);

    [LoggerMessage(EventId = 1857, Level = LogLevel.Information, Message = "A document of the source {Source} was not opened: {Reason}")]
    private partial void LogFailed(string source, string reason);
}
