using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Processes;
using GeoWps.Application.Records.Schemes;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records.Schemes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records.Schemes;

/// <summary>Reads a scheme that somebody loads: <c>text/csv</c>, or JSON of whatever name.</summary>
internal static class SchemeBody
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int Piece = 64 * 1024;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<(ClassificationScheme? Scheme, Problem? Problem)> ReadAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!ClassificationScheme.IsId(id))
        {
            return (null, Problems.InvalidParameters([new Mistake("scheme", $"an id has {ClassificationScheme.IdRule}")]));
        }

        var type = request.ContentType?.Split(';')[0].Trim() ?? Media.Json;
        var isCsv = type.Equals("text/csv", StringComparison.OrdinalIgnoreCase);
        if (!isCsv && !Media.IsJson(type))
        {
            return (null, Problems.NotJson(type));
        }

        var (body, piece) = (new MemoryStream(), new byte[Piece]);
        while (await request.Body.ReadAsync(piece, cancellationToken) is > 0 and var length)
        {
            if (body.Length + length > MostBytes)
            {
                return (null, Problems.TooLarge(MostBytes));
            }

            body.Write(piece, 0, length);
        }

        try
        {
            var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
            return (isCsv ? SchemeReader.FromCsv(id, _utf8.GetString(bytes.Span)) : SchemeReader.FromJson(id, JsonElement.Parse(bytes.Span, RequestLimits.Reading)), null);
        }
        catch (SchemeException wrong)
        {
            return (null, Problems.InvalidInput([new Mistake("", wrong.Message)]));
        }
        catch (JsonException fault)
        {
            return (null, Problems.InvalidInput([new Mistake("", $"the scheme is not JSON, in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}")]));
        }
        catch (DecoderFallbackException)
        {
            return (null, Problems.InvalidInput([new Mistake("", "the scheme is not UTF-8")]));
        }
    }
}
