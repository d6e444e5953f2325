using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace GeoWps.Adapters.Discovery.Consul;

/// <summary>
/// The endpoints of a Consul agent that discovery needs, of its HTTP API v1. Whatever is not the answer that the API documents is an <see cref="HttpRequestException"/>, a
/// <see cref="System.Text.Json.JsonException"/> or an <see cref="OperationCanceledException"/> of its own time-out.
/// </summary>
internal sealed class ConsulClient : IDisposable
{
    private const int MaxBytes = 16 * 1024 * 1024;
    private const int MaxReasonLetters = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly TimeSpan _wait;
    private readonly string _datacenter;
    private readonly TimeProvider _clock;

    /// <param name="wait">How long a question may wait for news; the agent adds up to a sixteenth.</param>
    public ConsulClient(ConsulOptions options, TimeSpan wait, TimeProvider clock)
    {
        (_wait, _clock) = (wait, clock);
        _datacenter = string.IsNullOrEmpty(options.Datacenter) ? "" : "&dc=" + Uri.EscapeDataString(options.Datacenter);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(options.Address),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxBytes,
        };
        if (!string.IsNullOrEmpty(options.Token))
        {
            _http.DefaultRequestHeaders.Add("X-Consul-Token", options.Token);
        }
    }

    public void Dispose() => _http.Dispose();

    public async Task RegisterAsync(ConsulRegistration service, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(service, ConsulJson.Default.ConsulRegistration);
        using var response = await SendAsync(HttpMethod.Put, "v1/agent/service/register?replace-existing-checks=true", content, Patience, cancellationToken);
        await RefuseFailureAsync(response, cancellationToken);
    }

    /// <summary>Nothing is wrong when the agent does not know it.</summary>
    public async Task DeregisterAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Put, "v1/agent/service/deregister/" + Uri.EscapeDataString(id), null, Patience, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await RefuseFailureAsync(response, cancellationToken);
        }
    }

    /// <summary>Whether the agent knows a service.</summary>
    public async Task<bool> KnowsAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, "v1/agent/service/" + Uri.EscapeDataString(id), null, Patience, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await RefuseFailureAsync(response, cancellationToken);
        return true;
    }

    /// <summary>The services of this agent alone.</summary>
    public async Task<IReadOnlyCollection<ConsulService>> ListOwnAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, "v1/agent/services", null, Patience, cancellationToken);
        await RefuseFailureAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync(ConsulJson.Default.DictionaryStringConsulService, cancellationToken) is { } services ? services.Values : [];
    }

    /// <summary>The instances of a service whose checks pass, when they are not those of <paramref name="index"/> any more, or when the wait is over.</summary>
    /// <param name="index">Of the last answer; 0 to be answered at once.</param>
    public async Task<(ulong Index, IReadOnlyList<ConsulInstance> Instances)> WatchAsync(string service, ulong index, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/health/service/{Uri.EscapeDataString(service)}?passing=true{_datacenter}&index={index}&wait={(long)_wait.TotalMilliseconds}ms");
        var patience = index == 0 ? Patience : _wait + (_wait / 16) + Patience;
        using var response = await SendAsync(HttpMethod.Get, path, null, patience, cancellationToken);
        await RefuseFailureAsync(response, cancellationToken);
        if (!response.Headers.TryGetValues("X-Consul-Index", out var values) || !ulong.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var found))
        {
            throw new HttpRequestException("the answer has no X-Consul-Index");
        }

        return (found, await response.Content.ReadFromJsonAsync(ConsulJson.Default.ConsulInstanceArray, cancellationToken) ?? []);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await _http.SendAsync(request, either.Token);
    }

    // Consul says what is wrong as plain text: a missing permission, no leader.
    private static async Task RefuseFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var reason = (await response.Content.ReadAsStringAsync(cancellationToken)).ReplaceLineEndings(" ").Trim();
            throw new HttpRequestException($"Consul answers {(int)response.StatusCode}: {(reason.Length > MaxReasonLetters ? reason[..MaxReasonLetters] : reason)}", null, response.StatusCode);
        }
    }
}
