using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Features;

/// <summary>A server without QGIS that has layers: <c>places</c> and <c>countries</c> of the sample data, and <c>sights</c> with times.</summary>
public sealed class FeaturesServer : IAsyncLifetime
{
    private const string Token = "token-of-the-tests-0";

    private const string Sights = """
        {"type": "FeatureCollection", "features": [
          {"type": "Feature", "id": 1, "geometry": {"type": "Point", "coordinates": [10, 50]}, "properties": {"name": "one", "seen": "2020-01-01T12:00:00Z"}},
          {"type": "Feature", "id": 2, "geometry": {"type": "Point", "coordinates": [11, 51]}, "properties": {"name": "two", "seen": "2020-06-01T00:00:00Z"}},
          {"type": "Feature", "id": 3, "geometry": {"type": "Point", "coordinates": [12, 52]}, "properties": {"name": "three", "seen": "2021-01-01T00:00:00Z"}}]}
        """;

    private readonly Gdal _gdal = new();

    public RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        File.Copy(Sample.World, _gdal.PathOf("world.gpkg"));
        _gdal.Vector(_gdal.Keep(Encoding.UTF8.GetBytes(Sights), "geojson"), "sights.gpkg", "GPKG", "-nln", "sights", "-preserve_fid");
        Server = await RunningServer.StartAsync("--Python:Execution", "None", "--Security:AdminToken", Token, "--Layers:Folders:0", _gdal.Folder);
        await PublishAsync("places", "world.gpkg", null);
        await PublishAsync("countries", "world.gpkg", null);
        await PublishAsync("sights", "sights.gpkg", "seen");
    }

    public async Task DisposeAsync()
    {
        _gdal.Dispose();
        await Server.DisposeAsync();
        Server.Errors.ShouldBeEmpty("the server logged errors");
    }

    public async Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, headers);
    }

    public async Task<Answer> ExecuteAsync(string process, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"processes/{process}/execution") { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        return await SendAsync(request);
    }

    public async Task<JsonElement> JsonAsync(string path) => (await GetAsync(path)).ShouldBe(200).Json;

    private async Task PublishAsync(string table, string file, string? timeField)
    {
        var form = new Dictionary<string, object> { ["id"] = table, ["source"] = new { file = _gdal.PathOf(file), table } };
        if (timeField is not null)
        {
            form["timeField"] = timeField;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "admin/layers") { Content = new StringContent(JsonSerializer.Serialize(form), Encoding.UTF8, "application/json") };
        var answer = await SendAsync(request, ("Authorization", $"Bearer {Token}"));
        answer.Status.ShouldBeOneOf([200, 201, 202], answer.Text);
        var patience = DateTime.UtcNow.AddSeconds(60);
        while ((await GetAsync($"collections/{table}")).Status != 200)
        {
            (DateTime.UtcNow < patience).ShouldBeTrue($"{table} is published");
            await Task.Delay(50);
        }
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Server.Client.SendAsync(request);
        foreach (var (name, values) in response.Content.Headers.Where(header => header.Key.StartsWith("Content-Crs", StringComparison.OrdinalIgnoreCase)))
        {
            response.Headers.TryAddWithoutValidation(name, values);
        }

        return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers.ContentType?.ToString());
    }
}
