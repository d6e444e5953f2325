using System.Globalization;
using System.Net;
using GeoWps.Application.Ports;
using GeoWps.Application.Streams;

namespace GeoWps.Adapters.References;

/// <summary>The content of an answer, which holds its connection.</summary>
internal sealed class OpenedResponse(HttpResponseMessage response, Stream content) : ReadOnlyStream
{
    /// <summary>Disposes of the answer, at once or with its content.</summary>
    /// <param name="first">The address that was asked for; others it was led to are nobody's business.</param>
    public static async Task<ReferenceOpening> OfAsync(HttpResponseMessage response, Uri first, CancellationToken cancellationToken)
    {
        ReferenceOpening? opening = response.StatusCode switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new ReferenceOpening.Missing(),
            HttpStatusCode.RequestedRangeNotSatisfiable => new ReferenceOpening.OutOfRange(response.Content.Headers.ContentRange?.ToString()),
            HttpStatusCode.OK or HttpStatusCode.PartialContent when response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)) =>
                new ReferenceOpening.Refused($"{first.Host} sends a compressed answer", IsLate: false),
            HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is null => new ReferenceOpening.Refused($"{first.Host} sends several parts", IsLate: false),
            HttpStatusCode.OK or HttpStatusCode.PartialContent => null,
            var code => new ReferenceOpening.Refused(string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)code} from {first.Host}"), code == HttpStatusCode.GatewayTimeout),
        };
        if (opening is not null)
        {
            response.Dispose();
            return opening;
        }

        try
        {
            var headers = response.Content.Headers;
            return new ReferenceOpening.Opened(new OpenedResponse(response, await response.Content.ReadAsStreamAsync(cancellationToken)), ReferenceFileName.Of(headers.ContentDisposition, first))
            {
                ContentType = headers.ContentType?.ToString(),
                Length = headers.ContentLength,
                ETag = response.Headers.ETag?.ToString(),
                Modified = headers.LastModified,
                ContentRange = response.StatusCode == HttpStatusCode.PartialContent ? headers.ContentRange?.ToString() : null,
                TakesRanges = response.StatusCode == HttpStatusCode.PartialContent || response.Headers.AcceptRanges.Contains("bytes"),
            };
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => content.ReadAsync(buffer, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        response.Dispose();
        await base.DisposeAsync();
    }
}
