using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>A server as <c>./geowps up</c> starts it: the sample data are its layers, and QGIS draws.</summary>
public sealed class MapsServer : QgisServer, IAsyncLifetime
{
    public const string Token = "token-of-the-tests-0";

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        if (!Qgis.IsMissing)
        {
            await Until(async () => (await GetAsync("collections")).Json.GetProperty("collections").EnumerateArray().Count(one => one.GetProperty("id").GetString() != "records") >= 6, "the samples are published");
        }
    }

    /// <summary>As the administrator.</summary>
    public Task<Answer> AdministerAsync(HttpMethod method, string path, string? json = null) => SendAsync(
        method, path, json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json"), ("Authorization", $"Bearer {Token}"));

    protected override string[] Settings() => ["--Python:Workers", "1", "--Python:Drawers", "1", "--Security:AdminToken", Token];

    protected override void Prepare(string data)
    {
        var samples = Directory.CreateDirectory(Path.Combine(data, "samples")).FullName;
        foreach (var file in (string[])[Sample.World, Sample.Relief])
        {
            File.Copy(file, Path.Combine(samples, Path.GetFileName(file)));
        }
    }
}

[CollectionDefinition(Name)]
public sealed class MapsServerTests : ICollectionFixture<MapsServer>
{
    public const string Name = "maps";
}
