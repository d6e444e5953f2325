using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace GeoWps.Adapters.Shell.Files;

/// <summary>
/// Uploads one file by tus 1.0.0: from where the upload is, again and again until all is there. It gives up when nothing has come further for several attempts; what has come stays with the
/// server, for the next command.
/// </summary>
internal sealed class TusUpload(ApiClient api, FileInfo file, bool withChecksums, Action<long> tell)
{
    /// <summary>Bytes of one request where each has a checksum: what is lost with a wrong one, or with a cut.</summary>
    private const int CheckedPart = 8 * 1024 * 1024;

    private const string Version = "1.0.0";

    private static readonly TimeSpan[] _pauses = [.. new[] { 0.2, 0.5, 1, 2, 4, 8, 15, 15 }.Select(TimeSpan.FromSeconds)];

    /// <summary>Begins one.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(IEnumerable<(string Key, string Value)> metadata, CancellationToken cancellationToken)
    {
        var pairs = metadata.Select(pair => $"{pair.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))}");
        using var request = Request(HttpMethod.Post, "uploads", ("Upload-Length", Text(file.Length)), ("Upload-Metadata", string.Join(',', pairs)));
        using var response = await api.ExchangeAsync(request, cancellationToken);
        return response.Headers.Location?.OriginalString.TrimEnd('/').Split('/')[^1] ?? throw new CommandException("the server does not say where the upload is");
    }

    /// <returns>How far it is; <see langword="null"/> when there is none.</returns>
    public async Task<UploadProgress?> AskAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            for (var failures = 0; ; failures++)
            {
                try
                {
                    using var request = Request(HttpMethod.Head, $"uploads/{id}");
                    using var response = await api.ExchangeAsync(request, cancellationToken);
                    return Progress(response);
                }
                catch (Exception failure) when (IsPassing(failure) && failure is not ApiException { Status: HttpStatusCode.Conflict } && failures < _pauses.Length)
                {
                    await Task.Delay(_pauses[failures], cancellationToken);
                }
            }
        }
        catch (ApiException refusal) when (refusal.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return null;
        }
    }

    /// <summary>Sends what is missing.</summary>
    /// <returns>The end of it; <see langword="null"/> when there is no such upload any more.</returns>
    public async Task<UploadProgress?> SendAsync(string id, UploadProgress progress, CancellationToken cancellationToken)
    {
        for (var failures = 0; progress.Offset < file.Length;)
        {
            tell(progress.Offset);
            try
            {
                var next = await SendPartAsync(id, progress.Offset, cancellationToken);
                if (next.Offset <= progress.Offset)
                {
                    throw new CommandException($"the server takes no more than {next.Offset} bytes");
                }

                (progress, failures) = (next, 0);
            }
            catch (Exception failure) when (IsPassing(failure) && failures < _pauses.Length)
            {
                await Task.Delay(_pauses[failures++], cancellationToken);
                if (await AskAsync(id, cancellationToken) is not { } asked)
                {
                    return null;
                }

                failures = asked.Offset > progress.Offset ? 0 : failures;
                progress = asked;
            }
        }

        tell(file.Length);
        return progress;
    }

    private async Task<UploadProgress> SendPartAsync(string id, long offset, CancellationToken cancellationToken)
    {
        var length = withChecksums ? Math.Min(CheckedPart, file.Length - offset) : file.Length - offset;
        using var request = Request(HttpMethod.Patch, $"uploads/{id}", ("Upload-Offset", Text(offset)));
        request.Content = new FilePart(file.FullName, offset, length, tell);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        if (withChecksums)
        {
            request.Headers.Add("Upload-Checksum", $"sha256 {Convert.ToBase64String(await DigestAsync(offset, length, cancellationToken))}");
        }

        using var response = await api.ExchangeAsync(request, cancellationToken);
        return Progress(response);
    }

    private async Task<byte[]> DigestAsync(long offset, long length, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file.FullName);
        content.Position = offset;
        var buffer = new byte[length];
        await content.ReadExactlyAsync(buffer, cancellationToken);
        return SHA256.HashData(buffer);
    }

    // 460 is that of a wrong checksum, 409 that of another offset.
    private static bool IsPassing(Exception failure) => failure switch
    {
        ApiException refusal => (int)refusal.Status is 409 or 423 or 429 or 460 or (>= 500 and not 507),
        NoAnswerException or HttpRequestException or IOException => true,
        _ => false,
    };

    private static HttpRequestMessage Request(HttpMethod method, string path, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Tus-Resumable", Version);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static UploadProgress Progress(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Upload-Offset", out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new UploadProgress(offset, response.Content.Headers.ContentLocation?.OriginalString)
            : throw new CommandException("what answers is no server of tus 1.0.0: it does not say how far the upload is");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <param name="Offset">Bytes that the server has.</param>
/// <param name="File">The address of the file that it has become.</param>
internal sealed record UploadProgress(long Offset, string? File);
