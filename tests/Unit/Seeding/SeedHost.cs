using GeoWps.Tests.Unit.Files;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Storage.Layers;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application;
using GeoWps.Application.Editions;
using GeoWps.Application.Features;
using GeoWps.Application.Jobs;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Elsewhere;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Application.Security;
using GeoWps.Application.Tiles;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Unit.Http;
using GeoWps.Tests.Unit.Jobs;
using GeoWps.Tests.Unit.Processes;
using GeoWps.Tests.Unit.Security;
using GeoWps.Tests.Unit.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using GeoWps.Tests.Unit.Records;

namespace GeoWps.Tests.Unit.Seeding;

/// <summary>What outlives a server that is killed.</summary>
internal sealed class SeedWorld : IDisposable
{
    /// <summary>Zooms 0 to 4.</summary>
    public const int AllTiles = 1 + 4 + 16 + 64 + 256;

    public static readonly TilesetKey Key = new("world", "WebMercatorQuad", TileFormat.Mvt);

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SeedWorld()
    {
        _database = new SqliteDatabase(_folder["jobs.db"], Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        Jobs = new SqliteJobStore(_database, TimeProvider.System);
        Layers.Layers["world"] = FakeLayers.World("world");
    }

    public SqliteJobStore Jobs { get; }

    public static string Text(StoredTile tile) => Encoding.UTF8.GetString(TilePacking.Unpack(tile).Span);

    public SqliteCallbackOutbox Outbox => new(_database);

    public SqliteScheduleStore Schedules => new(_database);

    public MemoryBlobStore Blobs { get; } = new(64 * 1024 * 1024, TimeProvider.System);

    public FakeTileStore Tiles { get; } = new();

    public FakeLayers Layers { get; } = new();

    public FakeArchives Archives { get; } = new();

    /// <summary>What jobs write aside lies in its <c>.aside</c>.</summary>
    public string LayerFolder => _folder["layers"];

    public FakeSource Source { get; } = new();

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}

/// <summary>A server over the real use cases, queue and protocols, with one layer whose source is a test's.</summary>
internal sealed class SeedHost : IAsyncDisposable
{
    public const string Token = "the-token-of-these-tests";

    private readonly WebApplication _app;

    private SeedHost(WebApplication app) => (_app, Client) = (app, new HttpClient { BaseAddress = new Uri(app.Urls.Single() + "/") });

    public HttpClient Client { get; }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<SeedHost> StartAsync(SeedWorld world, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.Configure<RequestLimits>(limits => limits.SeedTiles = configuration.GetValue("Limits:SeedTiles", limits.SeedTiles));
        services.AddSingleton<IJobStore>(world.Jobs);
        services.AddSingleton<ICallbackOutbox>(world.Outbox);
        services.AddSingleton<ICallbackClient, FakeCallbacks>();
        services.AddSingleton<IBlobStore>(world.Blobs);
        services.AddSingleton<IReferenceFetcher, FakeWeb>();
        services.AddSingleton<ILayerStore>(world.Layers);
        services.AddSingleton<IScheduleStore>(world.Schedules);
        services.AddSingleton<ITileSource>(world.Source);
        services.AddSingleton<ITileArchives>(world.Archives);
        services.AddSingleton<ILayerFiles>(new LayerFolders(world.LayerFolder, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        services.AddSingleton<ICoordinateTransforms, PlainTransforms>();
        services.AddSingleton(new TileMatrixSets());
        services.AddSingleton(new AdminToken(Token));
        services.AddSingleton<ITokenStore, MemoryTokens>();
        services.AddSingleton(provider => new TileCache(
            new CachePolicy(Eviction.Lru, 1 << 20, TimeSpan.Zero), world.Tiles, 0, new NoCacheNews(), TimeProvider.System, provider.GetRequiredService<ILogger<TileCache>>()));
        Unused<PublishLayer>(services);
        services.AddSingleton((HarvestSources)RuntimeHelpers.GetUninitializedObject(typeof(HarvestSources)));
        Unused<OpenDocument>(services);
        Unused<PreviewDocument>(services);
        Unused<ChangeLayer>(services);
        Unused<RemoveLayer>(services);
        services.AddUnusedFiles();
        services.AddSingleton<LayerCatalogue>();
        services.AddApplication();
        services.AddRequests();
        services.AddTiles(configuration);
        services.AddFeatures(configuration);
        services.AddSingleton<IUploadStore, NoUploads>();
        services.AddSingleton<IFinishedUploads, NoUploads>();
        services.AddUploads(configuration);
        services.AddSeeding(configuration);
        services.AddJobs();
        services.AddSeedSchedules();
        services.AddSingleton<IRecordStore, NoRecords>();
        services.AddSingleton<ISchemeStore, MemorySchemes>();
        services.AddSingleton<IUseStore, MemoryUse>();
        services.AddSingleton<IEditionStore, MemoryEditions>();
        services.AddSingleton<DocumentEditions>();
        services.AddSingleton<OfferedProcesses>();
        services.AddHttpApi(configuration);
        var app = builder.Build();
        app.MapHttpApi();
        await app.StartAsync();
        return new SeedHost(app);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string? type = "application/json", string? token = Token)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type!)) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Prefer", "respond-async");
        return Client.SendAsync(request);
    }

    /// <summary>Starts a job by the short form.</summary>
    public Task<string> StartAsync(string request) => StartAsync("cache/world/seed", request, Token);

    public async Task<string> StartAsync(string path, string request, string? token)
    {
        using var response = await SendAsync(HttpMethod.Post, path, request, token: token);
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, body);
        return JsonElement.Parse(body).GetProperty("jobID").GetString()!;
    }

    /// <returns>The job in its end.</returns>
    public async Task<JsonElement> EndAsync(string job)
    {
        while (true)
        {
            var status = JsonElement.Parse(await Client.GetStringAsync($"jobs/{job}"));
            if (status.GetProperty("status").GetString() is "successful" or "failed" or "dismissed")
            {
                return status;
            }

            await Task.Delay(20);
        }
    }

    /// <returns>The outputs of a job that must be successful, by their names.</returns>
    public async Task<Dictionary<string, double>> ResultsAsync(string job)
    {
        var status = await EndAsync(job);
        status.GetProperty("status").GetString().ShouldBe("successful", status.ToString());
        Domain.Jobs.JobId.TryParse(job, out var id).ShouldBeTrue();
        var found = await Get<IJobStore>().FindAsync(id!, CancellationToken.None);
        return found!.Outputs.Cast<Domain.Processes.OutputValue.Literal>().ToDictionary(output => output.Id, output => output.Json.GetDouble());
    }

    /// <summary>Endpoints are made at the start, also those that no test calls.</summary>
    private static void Unused<T>(IServiceCollection services)
        where T : class => services.AddSingleton(_ => (T)RuntimeHelpers.GetUninitializedObject(typeof(T)));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
