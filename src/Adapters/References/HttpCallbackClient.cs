using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.References;

/// <summary>Posts over http and https, to where references may be fetched from; what the other side answers beyond its status is not read.</summary>
internal sealed class HttpCallbackClient(
    AllowedHosts allowedHosts, TimeSpan timeLimit, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider clock) : ICallbackClient, IDisposable
{
    private readonly HttpMessageInvoker _http = new(new GuardedConnector(allowedHosts, resolve, clock).CreateHandler(), disposeHandler: true);

    public void Dispose() => _http.Dispose();

    public async Task<CallbackOutcome> PostAsync(Uri address, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new WrittenContent(write) };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("GeoWps", null));
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode
                ? new CallbackOutcome.Delivered()
                : new CallbackOutcome.Failed(string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}"), IsFinal(response.StatusCode));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallbackOutcome.Failed("no answer in time", IsFinal: false);
        }
        catch (HttpRequestException failure)
        {
            return new CallbackOutcome.Failed(failure.InnerException is UnreachableHostException ? "unknown, or not at a public address" : "no connection", IsFinal: false);
        }
    }

    /// <summary>The other side has understood, and does not want it; a redirect is not followed.</summary>
    private static bool IsFinal(HttpStatusCode status) =>
        (int)status is >= 300 and < 500 && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425);

    private sealed class WrittenContent : HttpContent
    {
        private readonly Func<Stream, CancellationToken, Task> _write;

        public WrittenContent(Func<Stream, CancellationToken, Task> write)
        {
            _write = write;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _write(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _write(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
