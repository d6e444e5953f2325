using System.Buffers;
using System.Globalization;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Features;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace GeoWps.Adapters.Http.Collections;

/// <summary>
/// A page of features as a FeatureCollection. What is small is sent whole, with its length; what is larger goes out as it is read, so that no page is ever in
/// memory. The link to the next page, which is known at the end, stands in the head of what is sent whole and in the document of both.
/// </summary>
/// <param name="matched">How many features there are of what is asked; <see langword="null"/> when it was not counted.</param>
internal sealed partial class ItemsAnswer(LayerFeatures features, Layer layer, FeatureRequest asked, long? matched, TimeProvider clock, ILogger logger) : IResult
{
    /// <summary>Bytes that are kept back until it is known whether more come.</summary>
    private const int Whole = 256 * 1024;

    /// <summary>Bytes that are sent at a time.</summary>
    private const int Piece = 32 * 1024;

    private static readonly JsonWriterOptions _form = JsonAnswer.Form with { SkipValidation = true };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        Head(httpContext);
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        try
        {
            await SendAsync(httpContext);
        }
        catch (FeatureStoreException failure) when (!response.HasStarted)
        {
            LogFailed(layer.Id, failure);
            response.Headers.Remove("Link");
            response.Headers.Remove(FeatureLinks.ContentCrs);
            response.Headers.ETag = default;
            await Problems.NotRead(failure.Message, failure.RetryAfter).ExecuteAsync(httpContext);
        }
        catch (FeatureStoreException failure)
        {
            // Half a page must not look like a whole one.
            LogCutOff(layer.Id, failure);
            httpContext.Abort();
        }
    }

    private async Task SendAsync(HttpContext context)
    {
        var (response, stop) = (context.Response, context.RequestAborted);
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using var writer = features.Writer(layer, asked.Crs);
        await using var json = new Utf8JsonWriter(buffer, _form);

        // One more than asked for tells whether there is a next page.
        await using var cursor = await features.OpenAsync(layer, asked.Query with { Limit = asked.Query.Limit + 1 }, stop);
        var (returned, last, isMore) = (0L, default(FeatureId), false);
        json.WriteStartObject();
        json.WriteString("type"u8, "FeatureCollection"u8);
        json.WriteStartArray("features"u8);
        while (await cursor.ReadAsync(stop))
        {
            if (returned == asked.Query.Limit)
            {
                isMore = true;
                break;
            }

            writer.Write(json, cursor);
            (returned, last) = (returned + 1, cursor.Id);
            if (buffer.WrittenCount + json.BytesPending >= (response.HasStarted ? Piece : Whole))
            {
                json.Flush();
                await response.Body.WriteAsync(buffer.WrittenMemory, stop);
                buffer.ResetWrittenCount();
            }
        }

        json.WriteEndArray();
        var next = isMore ? context.Request.With(("after", last.ToString())) : null;
        WriteFoot(json, context.Request, returned, next);
        json.Flush();
        if (!response.HasStarted)
        {
            response.ContentLength = buffer.WrittenCount;
            if (next is not null)
            {
                response.Headers.Append("Link", Links.Header(next, "next", Media.GeoJson));
            }
        }

        await response.Body.WriteAsync(buffer.WrittenMemory, stop);
        if (writer.Unwritten > 0)
        {
            LogUnwritten(layer.Id, writer.Unwritten);
        }
    }

    private void Head(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.ContentType = Media.GeoJson;
        response.Headers.CacheControl = "no-cache";
        response.Headers[FeatureLinks.ContentCrs] = $"<{asked.Crs.Uri}>";
        response.Headers["Link"] = new StringValues(
        [
            Links.Header(request.With(), "self", Media.GeoJson),
            Links.Header(request.With(("f", "html")), "alternate", Media.HtmlType),
            Links.Header(FeatureLinks.Collection(request.BaseAddress(), layer), Links.Collection, Media.Json),
        ]);
    }

    private void WriteFoot(Utf8JsonWriter json, HttpRequest request, long returned, string? next)
    {
        List<Link> links =
        [
            new(request.With(), "self", Media.GeoJson, "This document"),
            new(request.With(("f", "html")), "alternate", Media.HtmlType, "This document as a page"),
            new(FeatureLinks.Collection(request.BaseAddress(), layer), Links.Collection, Media.Json, layer.Title),
        ];
        if (next is not null)
        {
            links.Add(new Link(next, "next", Media.GeoJson, "Next page"));
        }

        json.WriteLinks([.. links]);
        json.WriteString("timeStamp"u8, clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (matched is { } all)
        {
            json.WriteNumber("numberMatched"u8, all);
        }

        json.WriteNumber("numberReturned"u8, returned);
        json.WriteEndObject();
    }

    [LoggerMessage(EventId = 4080, Level = LogLevel.Warning, Message = "Features of {Layer} could not be read")]
    private partial void LogFailed(string layer, Exception failure);

    [LoggerMessage(EventId = 4081, Level = LogLevel.Warning, Message = "Reading features of {Layer} failed in the middle of an answer, which was cut off")]
    private partial void LogCutOff(string layer, Exception failure);

    [LoggerMessage(EventId = 4082, Level = LogLevel.Information, Message = "{Count} geometries of {Layer} were answered as null: they are damaged, curved, or have no place in the CRS asked for")]
    private partial void LogUnwritten(string layer, long count);
}
