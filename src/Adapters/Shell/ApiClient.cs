using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell;

/// <summary>Speaks to the server. Whatever it refuses becomes a <see cref="CommandException"/> with its own words.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri server, string? token)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            UseProxy = !server.IsLoopback,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A server that refuses a large body says so before it was sent.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
        };
        Server = server;
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public Uri Server { get; }

    public void Dispose() => _http.Dispose();

    public Task<JsonNode> GetJsonAsync(string path, CancellationToken cancellationToken) =>
        SendForJsonAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<JsonNode> DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendForJsonAsync(new HttpRequestMessage(HttpMethod.Delete, path), cancellationToken);

    public async Task<JsonNode> SendForJsonAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            Accept(request, "application/json", "application/problem+json");
            using var response = await SendAsync(request, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            try
            {
                return await JsonNode.ParseAsync(body, cancellationToken: cancellationToken) ?? throw NotOurs();
            }
            catch (JsonException)
            {
                throw NotOurs();
            }
        }
    }

    /// <summary>Sends what is answered without a body.</summary>
    public async Task SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        Accept(request, "application/problem+json");
        using var response = await SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a request whose answer is in its headers.</summary>
    public Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Accept(request, "application/problem+json");
        return SendAsync(request, cancellationToken);
    }

    /// <summary>Opens a response whose body is read by the caller.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, IReadOnlyList<string> accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Accept(request, [.. accept]);
        return await SendAsync(request, cancellationToken);
    }

    /// <inheritdoc cref="OpenAsync(string, IReadOnlyList{string}, CancellationToken)"/>
    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Accept(request, "*/*");
        return SendAsync(request, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new NoAnswerException($"no server answers at {_http.BaseAddress} ('geowps up' starts one; --server or GEOWPS_SERVER names another)");
        }
        catch (HttpRequestException failure)
        {
            throw new NoAnswerException($"the connection to {_http.BaseAddress} broke: {failure.Message}");
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new ApiException(response.StatusCode, await Problems.ReadAsync(response, cancellationToken));
        }
    }

    private static void Accept(HttpRequestMessage request, params string[] mediaTypes)
    {
        foreach (var mediaType in mediaTypes)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(mediaType));
        }
    }

    private CommandException NotOurs() => new($"what answers at {_http.BaseAddress} is no GeoWps server: its answer is not JSON");
}
