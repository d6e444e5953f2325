using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Streams;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary>An XML answer of any size, written as a stream: what is written in small steps is gathered, and sent without a thread waiting for it.</summary>
internal sealed class XmlStream(Stream body) : WriteOnlyStream
{
    private readonly MemoryStream _gathered = new();

    public static async Task WriteAsync(HttpContext context, Func<XmlWriter, CancellationToken, Task> write)
    {
        var response = context.Response;
        response.ContentType = OwsNames.TextXml;
        response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        // Not disposed of when it breaks: that would send what is there, and half an answer must not look like a whole one.
        var xml = XmlWriter.Create(new XmlStream(response.Body), XmlAnswer.Form);
        await xml.WriteStartDocumentAsync();
        await write(xml, context.RequestAborted);
        await xml.WriteEndDocumentAsync();
        await xml.FlushAsync();
    }

    public override void Write(byte[] buffer, int offset, int count) => _gathered.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _gathered.Write(buffer);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await SendAsync(cancellationToken);
        await body.WriteAsync(buffer, cancellationToken);
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken);
        await body.FlushAsync(cancellationToken);
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        if (_gathered.Length > 0)
        {
            await body.WriteAsync(_gathered.GetBuffer().AsMemory(0, (int)_gathered.Length), cancellationToken);
            _gathered.SetLength(0);
        }
    }
}
