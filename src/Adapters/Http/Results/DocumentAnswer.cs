using System.IO.Pipelines;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Results;

/// <summary>All results in one JSON object: <c>response=document</c>.</summary>
internal sealed class DocumentAnswer(IReadOnlyList<ResultItem> items, OutputAddresses addresses, IBlobStore blobs) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = Media.Json;
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        await WriteAsync(httpContext.Response.BodyWriter, httpContext.RequestAborted);
    }

    public async Task WriteAsync(PipeWriter pipe, CancellationToken cancellationToken)
    {
        using var writer = new DocumentWriter(pipe, blobs, addresses);
        writer.Json.WriteStartObject();
        foreach (var item in items)
        {
            writer.Json.WritePropertyName(item.Value.Id);
            if (item.ByReference)
            {
                WriteReference(writer.Json, item);
            }
            else
            {
                await writer.WriteAsync(item.Value, cancellationToken);
            }
        }

        writer.Json.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
    }

    private void WriteReference(Utf8JsonWriter json, ResultItem item)
    {
        var all = addresses.All(item.Value).ToArray();
        if (all.Length > 1)
        {
            json.WriteStartArray();
        }

        foreach (var (href, value) in all)
        {
            json.WriteStartObject();
            json.WriteString("href", href);
            json.WriteString("type", OutputForm.MediaTypeOf(value));
            if (addresses.LayerOf(item.Value) is { } layer)
            {
                json.WriteLinks(layer);
            }

            json.WriteEndObject();
        }

        if (all.Length > 1)
        {
            json.WriteEndArray();
        }
    }
}
