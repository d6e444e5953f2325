using System.Net;
using System.Net.Http.Headers;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.References;

/// <summary>Asks over http and https, where references may be fetched from; connections are kept for the next question.</summary>
internal sealed class HttpServerClient(AllowedHosts allowedHosts, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider clock) : IServerClient, IDisposable
{
    private const int MaxRedirects = 5;
    private const int BufferBytes = 16_384;

    private readonly AddressRule _rule = new(allowedHosts);
    private readonly HttpMessageInvoker _http = new(new GuardedConnector(allowedHosts, resolve, clock).CreateHandler(), disposeHandler: true);

    public void Dispose() => _http.Dispose();

    public string? Refuse(string href) => _rule.TryParse(href, out _);

    public async Task<ServerAnswer> GetAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        if (_rule.TryParse(request.Href, out var first) is { } refusal)
        {
            return new ServerAnswer.Refused(refusal);
        }

        using var deadline = new CancellationTokenSource(request.TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await FollowAsync(first!, request, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ServerAnswer.Failed($"{first!.Host} did not answer in time");
        }
        catch (HttpRequestException failure) when (failure.InnerException is UnreachableHostException)
        {
            return new ServerAnswer.Refused(AddressRule.Unreachable(first!));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or UriFormatException)
        {
            return new ServerAnswer.Failed($"no answer from {first!.Host}");
        }
    }

    private async Task<ServerAnswer> FollowAsync(Uri first, ServerRequest asked, CancellationToken cancellationToken)
    {
        var address = first;
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, address);
            message.Headers.TryAddWithoutValidation("Accept", asked.Accept);
            message.Headers.UserAgent.Add(new ProductInfoHeaderValue("GeoWps", null));
            if (asked.AcceptEncoding is { } encoding)
            {
                message.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
            }

            using var response = await _http.SendAsync(message, cancellationToken);
            if (response.Headers.Location is not { } location || (int)response.StatusCode is < 300 or >= 400)
            {
                return await ReadAsync(response, asked.MaxBytes, cancellationToken);
            }

            var next = new Uri(address, location);
            if (_rule.TryParse(next.AbsoluteUri, out _) is not null)
            {
                return new ServerAnswer.Refused($"{first.Host} redirects to an address that this server does not ask");
            }

            if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
            {
                return new ServerAnswer.Refused($"{first.Host} redirects from https to http");
            }

            address = next;
        }

        return new ServerAnswer.Refused($"{first.Host} redirects more than {MaxRedirects} times");
    }

    private async Task<ServerAnswer> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        var headers = response.Content.Headers;
        if (headers.ContentLength > maxBytes)
        {
            return new ServerAnswer.TooLarge();
        }

        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var content = new MemoryStream((int)(headers.ContentLength ?? 0));
        var buffer = new byte[BufferBytes];
        while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (content.Length + read > maxBytes)
            {
                return new ServerAnswer.TooLarge();
            }

            content.Write(buffer, 0, read);
        }

        var encodings = headers.ContentEncoding.Where(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)).ToArray();
        return new ServerAnswer.Answered(
            (int)response.StatusCode,
            headers.ContentType?.MediaType?.ToLowerInvariant(),
            encodings.Length == 0 ? null : string.Join(',', encodings).ToLowerInvariant(),
            content.GetBuffer().AsMemory(0, (int)content.Length),
            response.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
                _ => null,
            });
    }
}
