using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Records.Use;
using GeoWps.Application.Ports;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Application.Records.Use;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Http.Records;

/// <summary><c>GET /collections/records/documents/{record}</c>: the document of a harvested record, through this server; with <c>f=preview</c> a first look at it. Whoever sees the record sees its document.</summary>
internal sealed partial class RecordDocumentEndpoint(
    IRecordStore records, OpenDocument documents, PreviewDocument previews, UseCounts counts, TimeProvider clock, ILogger<RecordDocumentEndpoint> logger) : ApiEndpoint
{
    public override void Configure() => GetAndHead($"/{DocumentLinks.Path}/{{**record}}");

    public override async Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        if (Parameters.Unknown(Request.Query, "f") is { Count: > 0 } unknown)
        {
            return Problems.InvalidParameters(unknown);
        }

        var form = Request.Query["f"].ToString();
        if (form is not ("" or DocumentLinks.Preview))
        {
            return Problems.InvalidParameters([new Mistake("f", $"a document is had as it is, or f={DocumentLinks.Preview} (got {form})")]);
        }

        // A slash that was sent as %2F stays so up to here.
        var id = Segment("record").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (await records.FindAsync(id, ct) is not { } record || !RecordCaller.Sees(HttpContext, record))
        {
            return Problems.NoSuchFeature(CatalogueId.Value, id);
        }

        var isWhole = form.Length == 0;
        switch (await documents.ExecuteAsync(record, isWhole ? Request.Headers.Range.ToString() : null, isWhole ? Request.Headers.IfRange.ToString() : null, ct))
        {
            case DocumentOpening.Opened(var document):
                return isWhole ? Whole(record, document) : await PreviewAsync(record, document, ct);
            case DocumentOpening.Full:
                HttpContext.Response.Headers[DocumentLinks.SourceFailed] = "true";
                return Problems.DocumentsFull();
            case DocumentOpening.OutOfRange(var range):
                return new OutOfRangeAnswer(range);
            case DocumentOpening.Failed(var isLate):
                return NotHad(record, isLate);
            default:
                return Problems.NoSuchDocument(id);
        }
    }

    private IResult Whole(CatalogueRecord record, SourceDocument document)
    {
        var answer = new SourceDocumentAnswer(record, document, clock, logger);
        return UseAnswer.Of(answer, Request, () =>
        {
            if (!answer.HasBrokenOff)
            {
                counts.Downloaded(record.Id, HttpContext.Caller());
            }
        });
    }

    private async Task<IResult> PreviewAsync(CatalogueRecord record, SourceDocument opened, CancellationToken cancellationToken)
    {
        await using var document = opened;
        try
        {
            IResult? answer = await previews.ExecuteAsync(document, cancellationToken) switch
            {
                DocumentPreview.Excerpt(var text) => TypedResults.Text(text, "text/plain; charset=utf-8"),
                DocumentPreview.Picture(var png) => TypedResults.Bytes(png, "image/png"),
                _ => null,
            };
            if (answer is null)
            {
                return Problems.NoPreview(document.MediaType ?? MediaTypes.Unknown);
            }

            SourceDocumentAnswer.Lock(HttpContext.Response, record);
            return UseAnswer.Of(answer, Request, () => counts.Opened(record.Id, HttpContext.Caller()));
        }
        catch (HarvestException failure)
        {
            LogFailed(record.Source, failure.InnerException?.GetType().Name ?? failure.Message);
            return NotHad(record, failure.IsLate);
        }
    }

    private Problem NotHad(CatalogueRecord record, bool isLate)
    {
        HttpContext.Response.Headers[DocumentLinks.SourceFailed] = "true";
        return Problems.DocumentNotHad(record.Source, isLate);
    }

    [LoggerMessage(EventId = 4091, Level = LogLevel.Information, Message = "A preview of a document of the source {Source} failed: {Reason}")]
    private partial void LogFailed(string source, string reason);

    private sealed class OutOfRangeAnswer(string? range) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            if (range is not null)
            {
                httpContext.Response.Headers.ContentRange = range;
            }

            return Task.CompletedTask;
        }
    }
}
