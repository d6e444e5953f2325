using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.References;

/// <summary>Fetches over http and https. Each hop of a redirect is judged like the first address; nothing that we know is sent along.</summary>
internal sealed partial class HttpReferenceFetcher : IReferenceFetcher, IReferenceOpener, IDisposable
{
    private const int MaxRedirects = 5;
    private const int BufferBytes = 81_920;

    private readonly AddressRule _rule;
    private readonly TimeSpan _timeLimit;
    private readonly TimeProvider _clock;
    private readonly ILogger<HttpReferenceFetcher> _logger;
    private readonly HttpMessageInvoker _http;

    public HttpReferenceFetcher(
        AllowedHosts allowedHosts,
        TimeSpan timeLimit,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve,
        TimeProvider clock,
        ILogger<HttpReferenceFetcher> logger)
    {
        (_rule, _timeLimit, _clock, _logger) = (new AddressRule(allowedHosts), timeLimit, clock, logger);
        _http = new HttpMessageInvoker(new GuardedConnector(allowedHosts, resolve, clock).CreateHandler(), disposeHandler: true);
    }

    public void Dispose() => _http.Dispose();

    public string? Refuse(string href) => _rule.TryParse(href, out _);

    public async Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        if (_rule.TryParse(request.Href, out var address) is { } refusal)
        {
            return new FetchOutcome.Refused(refusal);
        }

        var started = _clock.GetTimestamp();
        using var deadline = new CancellationTokenSource(_timeLimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var outcome = await FollowAsync<FetchOutcome>(
            address!, request, response => ReadAsync(response, address!, destination, maxBytes, either.Token), (why, _) => new FetchOutcome.Refused(why), either.Token, cancellationToken);
        switch (outcome)
        {
            case FetchOutcome.Fetched fetched:
                LogFetched(address!.Host, fetched.Length, _clock.GetElapsedTime(started).TotalMilliseconds);
                break;
            case FetchOutcome.Refused refused:
                LogRefused(address!.Host, refused.Message);
                break;
        }

        return outcome;
    }

    public async Task<ReferenceOpening> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_rule.TryParse(request.Href, out var address) is { } refusal)
        {
            return new ReferenceOpening.Refused(refusal, IsLate: false);
        }

        using var deadline = new CancellationTokenSource(_timeLimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var opening = await FollowAsync<ReferenceOpening>(
            address!, request, response => OpenedResponse.OfAsync(response, address!, either.Token), (why, isLate) => new ReferenceOpening.Refused(why, isLate), either.Token, cancellationToken);
        if (opening is ReferenceOpening.Refused refused)
        {
            LogRefused(address!.Host, refused.Message);
        }

        return opening;
    }

    /// <summary>What is said names only the host that the caller named: where it redirects to may be nobody's business.</summary>
    /// <param name="read">Disposes of the last answer.</param>
    /// <param name="refuse">The reason, and whether it is that it took too long.</param>
    private async Task<T> FollowAsync<T>(
        Uri first, FetchRequest asked, Func<HttpResponseMessage, Task<T>> read, Func<string, bool, T> refuse, CancellationToken limited, CancellationToken caller)
    {
        var address = first;
        try
        {
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                using var request = Message(asked, first, address);
                var response = await _http.SendAsync(request, limited);
                if (response.Headers.Location is not { } location || (int)response.StatusCode is < 300 or >= 400)
                {
                    return await read(response);
                }

                response.Dispose();
                if (asked.Body is not null)
                {
                    return refuse($"{first.Host} redirects a request that has a body", false);
                }

                var next = new Uri(address, location);
                if (_rule.TryParse(next.AbsoluteUri, out _) is not null)
                {
                    return refuse($"{first.Host} redirects to an address that references are not fetched from", false);
                }

                if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                {
                    return refuse($"{first.Host} redirects from https to http", false);
                }

                address = next;
            }

            return refuse($"{first.Host} redirects more than {MaxRedirects} times", false);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return refuse($"{first.Host} did not deliver in time", true);
        }
        catch (HttpRequestException failure) when (failure.InnerException is UnreachableHostException)
        {
            return refuse(AddressRule.Unreachable(first), false);
        }
        catch (Exception failure) when (failure is HttpRequestException or UriFormatException)
        {
            return refuse($"no answer from {first.Host}", false);
        }
    }

    /// <summary>What a caller's headers hold is for the host that he named.</summary>
    private static HttpRequestMessage Message(FetchRequest asked, Uri first, Uri address)
    {
        var message = new HttpRequestMessage(asked.Body is null ? HttpMethod.Get : HttpMethod.Post, address);
        if (asked.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        }

        if (address.Authority == first.Authority && address.Scheme == first.Scheme)
        {
            foreach (var (name, value) in asked.Headers)
            {
                if (!message.Headers.TryAddWithoutValidation(name, value) && message.Content is { } content)
                {
                    content.Headers.Remove(name);
                    content.Headers.TryAddWithoutValidation(name, value);
                }
            }
        }

        if (message.Headers.UserAgent.Count == 0)
        {
            message.Headers.UserAgent.Add(new ProductInfoHeaderValue("GeoWps", null));
        }

        return message;
    }

    private static async Task<FetchOutcome> ReadAsync(
        HttpResponseMessage response, Uri first, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        using var last = response;
        if (!response.IsSuccessStatusCode)
        {
            return new FetchOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode} from {first.Host}")) { IsUnchanged = response is { StatusCode: HttpStatusCode.NotModified, RequestMessage.Headers.IfNoneMatch.Count: > 0 } };
        }

        // Not asked for, and its size when unpacked would be unknown.
        if (response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            return new FetchOutcome.Refused($"{first.Host} sends a compressed answer");
        }

        var tooLarge = new FetchOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"{first.Host} sends more than the {maxBytes} bytes that are allowed"));
        if (response.Content.Headers.ContentLength > maxBytes)
        {
            return tooLarge;
        }

        var length = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (await TryReadAsync(source, buffer, cancellationToken) is var read && read != 0)
            {
                if (read is null)
                {
                    return new FetchOutcome.Refused($"the connection to {first.Host} broke");
                }

                length += read.Value;
                if (length > maxBytes)
                {
                    return tooLarge;
                }

                await destination.WriteAsync(buffer.AsMemory(0, read.Value), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new FetchOutcome.Fetched(length, response.Content.Headers.ContentType?.ToString(), ReferenceFileName.Of(response.Content.Headers.ContentDisposition, first)) { ETag = response.Headers.ETag?.ToString() };
    }

    // Only what the source does wrong is the source's fault; a full disk of ours is ours.
    private static async Task<int?> TryReadAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Debug, Message = "Fetched {Bytes} bytes from {Host} in {DurationMs} ms")]
    private partial void LogFetched(string host, long bytes, double durationMs);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "Not fetched from {Host}: {Reason}")]
    private partial void LogRefused(string host, string reason);
}
