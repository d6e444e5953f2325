using System.Buffers;
using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Transport;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>How a tile is sent: as it is kept, where the client can unpack it.</summary>
internal static class TileAnswers
{
    /// <summary>OGC 20-057, recommendation /rec/core/tc-deepfullempty: nothing is below it either.</summary>
    public const string Hint = "OATiles-hint";

    /// <summary>The tile holds less than the data have: a limit of the layer was hit.</summary>
    public const string Truncated = "GeoWps-Truncated";

    private static readonly StringValues Gzip = "gzip";
    private static readonly StringValues Brotli = "br";
    private static readonly StringValues VaryAll = "Accept, Accept-Encoding";
    private static readonly StringValues Empty = "empty";
    private static readonly StringValues Yes = "true";

    /// <param name="maxAge">Seconds, in place of those of the layer.</param>
    public static Task SendAsync(HttpContext context, StoredTile tile, LayerTileset tileset, int level, TileFormat format, int? maxAge = null)
    {
        var (request, response) = (context.Request, context.Response);
        var headers = response.Headers;
        headers.CacheControl = CacheControlOf(maxAge ?? tileset.Layer.Caching.MaxAgeSeconds);
        headers.Vary = VaryAll;
        if (tile.Notes != TileNotes.None)
        {
            Note(headers, tile, tileset, level);
        }

        if (tile.Content.IsEmpty && format != TileFormat.Png)
        {
            // Emptiness has no bytes here, and every client of these takes that.
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        var (content, encoding) = tile.Content.IsEmpty ? (BlankImages.Png(tileset.Set.Matrices[level]), TileEncoding.Identity) : (tile.Content, tile.Encoding);
        headers.ETag = tile.EntityTag;
        headers.LastModified = tile.LastModified;
        if (IsUnchanged(request, tile))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        if (encoding != TileEncoding.Identity)
        {
            if (Accept.Unpacks(request, encoding == TileEncoding.Gzip ? "gzip" : "br"))
            {
                headers.ContentEncoding = encoding == TileEncoding.Gzip ? Gzip : Brotli;
            }
            else
            {
                content = TilePacking.Unpack(tile);
            }
        }

        response.ContentType = format.MediaType;
        response.ContentLength = content.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : SendAsync(context, content);
    }

    private static Task SendAsync(HttpContext context, ReadOnlyMemory<byte> content)
    {
        // The head is put into the connection's own buffer, and the content behind it: they go out by one call of the system.
        if (DirectContent.Of(context) is not { } direct)
        {
            context.Response.BodyWriter.Write(content.Span);
            return Task.CompletedTask;
        }

        var started = context.Response.StartAsync();
        if (!started.IsCompletedSuccessfully)
        {
            return SendAfterAsync(started, direct, context, content);
        }

        direct.Write(context.Response.BodyWriter, content);
        return Task.CompletedTask;
    }

    private static async Task SendAfterAsync(Task started, IDirectContent direct, HttpContext context, ReadOnlyMemory<byte> content)
    {
        await started;
        direct.Write(context.Response.BodyWriter, content);
    }

    private static void Note(IHeaderDictionary headers, StoredTile tile, LayerTileset tileset, int level)
    {
        if ((tile.Notes & TileNotes.EmptyBelow) != 0 || ((tile.Notes & TileNotes.Empty) != 0 && level == tileset.MaxLevel))
        {
            headers[Hint] = Empty;
        }

        if ((tile.Notes & TileNotes.Truncated) != 0)
        {
            headers[Truncated] = Yes;
        }
    }

    private static bool IsUnchanged(HttpRequest request, StoredTile tile)
    {
        var sent = request.Headers.IfNoneMatch;
        return sent.Count == 1 && sent[0] == tile.EntityTag
            || ((sent.Count > 0 || request.Headers.IfModifiedSince.Count > 0) && Conditions.Unchanged(request, new EntityTagHeaderValue(tile.EntityTag), tile.Made));
    }

    private static string CacheControlOf(int seconds) => seconds switch
    {
        300 => "public, max-age=300",
        0 => "no-cache",
        _ => string.Create(CultureInfo.InvariantCulture, $"public, max-age={seconds}"),
    };
}

/// <summary>A tile as the answer of an endpoint.</summary>
internal sealed class TileResult(TileAnswer.Found found) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => TileAnswers.SendAsync(httpContext, found.Tile, found.Tileset, found.Level, found.Format);
}
