using System.Text;
using GeoWps.Adapters.Shell.Jobs;

namespace GeoWps.Adapters.Shell.Tiles;

/// <summary><c>geowps seed LAYER</c> and <c>geowps truncate LAYER</c>: a job that is followed; Ctrl-C dismisses it.</summary>
internal static class SeedLayer
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, SeedWish wish, CancellationToken cancellationToken)
    {
        var body = (await SeedRequest.ReadAsync(wish, cancellationToken)).ToJsonString();
        var request = new HttpRequestMessage(HttpMethod.Post, $"cache/{Uri.EscapeDataString(wish.Layer)}/seed") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await StartJob.ExecuteAsync(api, terminal, request, $"{wish.Operation} {wish.Layer}", wish.Wait, wish.Json, cancellationToken);
    }
}
