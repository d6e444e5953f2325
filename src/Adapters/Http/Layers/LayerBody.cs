using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Layers;
using GeoWps.Application.Processes;
using GeoWps.Application.Security;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Layers;

/// <summary>
/// Reads what comes with a layer off the wire: its form as JSON; the data as the body, with the form's texts and numbers as parameters; or both as
/// <c>multipart/form-data</c>, <c>layer</c> before <c>data</c>. Data are passed on as they come.
/// </summary>
internal sealed class LayerBody(IOptions<RequestLimits> limits)
{
    private const string LayerPart = "layer";
    private const string DataPart = "data";
    private const string MergePatch = "application/merge-patch+json";
    private const int MostHeaders = 16 * 1024;
    private const int Piece = 128 * 1024;

    /// <summary>Parameters of a body of data that are members of the form's <c>tiles</c>; others are texts of the form itself.</summary>
    private static readonly string[] _numbers = ["minZoom", "maxZoom"];

    public async Task<(SentLayer? Sent, Problem? Problem)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (request, most) = (context.Request, limits.Value.MaxBodyBytes);
        if (request.ContentLength > most)
        {
            return (null, Problems.TooLarge(most));
        }

        BodySize.Lift(context);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return (null, Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType, "The body needs a Content-Type: application/json for a layer's form, that of the data, or multipart/form-data."));
        }

        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            Media.Json or MergePatch => await FormAsync(request.Body, null, cancellationToken),
            "multipart/form-data" => await PartsAsync(request, type, most, cancellationToken),
            _ => Data(request, most),
        };
    }

    private async Task<(SentLayer? Sent, Problem? Problem)> FormAsync(Stream body, SentData? data, CancellationToken cancellationToken)
    {
        var most = limits.Value.MaxReducedBytes;
        var text = new MemoryStream();
        try
        {
            await CopyAsync(body, text, most, cancellationToken);
            text.Position = 0;
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = RequestLimits.MaxDepth }) is JsonObject form
                ? (new SentLayer(form, data), null)
                : (null, Problems.InvalidLayer([new Mistake("", "must be a JSON object")]));
        }
        catch (BodyTooLargeException)
        {
            return (null, Problems.TooLarge(most));
        }
        catch (JsonException fault)
        {
            return (null, Problems.InvalidLayer([new Mistake("", $"is not JSON, in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}")]));
        }
        catch (ArgumentException)
        {
            return (null, Problems.InvalidLayer([new Mistake("", "has a member twice")]));
        }
    }

    private async Task<(SentLayer? Sent, Problem? Problem)> PartsAsync(HttpRequest request, MediaTypeHeaderValue type, long most, CancellationToken cancellationToken)
    {
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            return (null, Problems.BadRequest("multipart/form-data needs a boundary."));
        }

        SentLayer? sent = null;
        var parts = new MultipartReader(boundary, request.Body) { HeadersLengthLimit = MostHeaders, BodyLengthLimit = most };
        try
        {
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                var disposition = part.GetContentDispositionHeader();
                switch (HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).Value)
                {
                    case LayerPart when sent is null:
                        (sent, var problem) = await FormAsync(part.Body, null, cancellationToken);
                        if (sent is null)
                        {
                            return (null, problem);
                        }

                        break;
                    case DataPart:
                        return (new SentLayer(sent?.Form, new SentData(Writer(part.Body, most), SentFileName.Of(disposition), part.ContentType) { Table = request.Query["table"].FirstOrDefault() }), null);
                    case var other:
                        return (null, Problems.BadRequest($"The parts are {LayerPart} and, after it, {DataPart} (got {other})."));
                }
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return (null, Problems.BadRequest("The body is no multipart/form-data that can be read."));
        }

        return sent is null ? (null, Problems.BadRequest($"A part {DataPart} or {LayerPart} is required.")) : (sent, null);
    }

    private static (SentLayer? Sent, Problem? Problem) Data(HttpRequest request, long most)
    {
        var (form, tiles) = (new JsonObject(), new JsonObject());
        foreach (var (name, value) in request.Query.Where(pair => pair.Key is not ("table" or "filename")))
        {
            if (_numbers.Contains(name))
            {
                tiles[name] = long.TryParse(value, out var number) ? number : value.ToString();
            }
            else
            {
                // What is not known is told by the form.
                form[name] = value.ToString();
            }
        }

        if (tiles.Count > 0)
        {
            form["tiles"] = tiles;
        }

        return (new SentLayer(
            form.Count > 0 ? form : null,
            new SentData(Writer(request.Body, most), SentFileName.Of(request) ?? request.Query["filename"].FirstOrDefault(), request.ContentType) { Table = request.Query["table"].FirstOrDefault() }), null);
    }

    private static Func<Stream, CancellationToken, Task> Writer(Stream body, long most) => (target, cancellationToken) => CopyAsync(body, target, most, cancellationToken);

    private static async Task CopyAsync(Stream from, Stream to, long most, CancellationToken cancellationToken)
    {
        var (buffer, total) = (new byte[Piece], 0L);
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
            if (total > most)
            {
                throw new BodyTooLargeException(most);
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}

/// <summary>What was sent.</summary>
/// <param name="Form"><see langword="null"/>: data alone.</param>
internal sealed record SentLayer(JsonObject? Form, SentData? Data)
{
    public LayerWish Read(List<Mistake> mistakes) => LayerForm.Read(JsonElement.Parse((Form ?? []).ToJsonString()), "", mistakes);

    public PublishCall Call(LayerWish wish, Caller caller, string baseAddress, TimeSpan? wait) => new(wish, Data?.Write, baseAddress, wait)
    {
        Caller = caller,
        Name = Path.GetFileNameWithoutExtension(Data?.FileName) is { Length: > 0 } name ? name : null,
        MediaType = Data?.MediaTypeByName,
        Table = Data?.Table,
    };
}

/// <param name="Write">Passes the data on; once.</param>
internal sealed record SentData(Func<Stream, CancellationToken, Task> Write, string? FileName, string? MediaType)
{
    public string? Table { get; init; }

    /// <summary>Clients send files as bytes of some kind, but know their names.</summary>
    public string? MediaTypeByName => Path.GetExtension(FileName)?.ToUpperInvariant() is ".CSV" or ".TSV" ? "text/csv" : MediaType;
}

/// <summary>The body goes on after its limit.</summary>
internal sealed class BodyTooLargeException(long most) : Exception($"More than {most} bytes.")
{
    public long Most { get; } = most;
}
