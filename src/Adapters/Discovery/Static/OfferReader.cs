using System.Text.Json;
using GeoWps.Application.Nodes;
using GeoWps.Domain.Nodes;

namespace GeoWps.Adapters.Discovery.Static;

/// <summary>Asks a node itself what it is.</summary>
internal sealed class OfferReader : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(2),
        MaxResponseContentBufferSize = NodeOfferDocument.MaxBytes,
    };

    public void Dispose() => _http.Dispose();

    /// <returns>With the address for its id: that of the run would change when the node has been back for a while already. <see langword="null"/> when it does not answer, or not with an offer.</returns>
    public async Task<NodeEntry?> ReadAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            var offer = NodeOfferDocument.Read(await _http.GetByteArrayAsync(new Uri(address, NodeOfferDocument.Path), cancellationToken));
            return new NodeEntry(address.AbsoluteUri, offer.Name, address, [.. NodeServices.All.Where(service => offer.Services.Any(offered => offered.Service == service))]) { Version = offer.Version };
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
