using GeoWps.Tests.Unit.Files;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Application;
using GeoWps.Application.Editions;
using GeoWps.Application.Features;
using GeoWps.Application.Jobs;
using GeoWps.Application.Jobs.Callbacks;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Application.Processes.Collections;
using GeoWps.Application.Processes.Deployment;
using GeoWps.Application.Processes.Elsewhere;
using GeoWps.Application.Processes.Recall;
using GeoWps.Application.Records.Schemes;
using GeoWps.Application.Records.Use;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Application.Security;
using GeoWps.Application.Tiles;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Spatial;
using GeoWps.Tests.Unit.Records;
using GeoWps.Tests.Unit.Records.Harvesting;
using GeoWps.Tests.Unit.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Http;

/// <summary>The HTTP side on a free port, over the real use cases and fake ports.</summary>
public sealed class HttpHost : IAsyncLifetime
{
    private WebApplication _app = null!;

    public const string Token = "the-token-of-these-tests";

    internal FakeJobs Jobs { get; } = new();

    internal FakeBlobs Blobs { get; } = new();

    internal FakeProcesses Processes { get; } = new();

    internal MemoryTokens Tokens { get; } = new();

    /// <summary>What callers without a token may; the default when not given.</summary>
    internal string[]? Anonymous { get; init; }

    internal NoRecords Records { get; } = new();

    internal MemorySources Sources { get; } = new();

    internal Papers Papers { get; } = new();

    internal MemorySchemes Schemes { get; } = new();

    internal MemoryUse Use { get; } = new();

    internal IJobEvents Events => _app.Services.GetRequiredService<IJobEvents>();

    internal CallerTokens Callers => _app.Services.GetRequiredService<CallerTokens>();

    internal UseCounts Counts => _app.Services.GetRequiredService<UseCounts>();

    internal Readiness Readiness => _app.Services.GetRequiredService<Readiness>();

    public HttpClient Client { get; private set; } = null!;

    public string Address { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Http:Title", "Try <it>")]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        services.AddSingleton<IJobStore>(Jobs);
        services.AddSingleton<IBlobStore>(Blobs);
        services.AddSingleton<ILayerStore, NoLayers>();
        services.AddSingleton<ILayerFiles, NoLayers>();
        services.AddSingleton<ICoordinateTransforms>(new CoordinateTransforms(new Dictionary<Crs, string>()));
        services.AddSingleton(new TileMatrixSets());
        services.AddSingleton(new TileCache(memory: null, store: null, quotaBytes: 0, new NoCacheNews(), TimeProvider.System, NullLogger<TileCache>.Instance));
        services.AddTiles(builder.Configuration);
        services.AddSingleton<SeedInputs>();
        services.AddSingleton<PlanSeed>();
        services.AddSingleton<SeedTiles>();
        services.AddSingleton<TruncateTiles>();
        services.AddSingleton<InvalidateTiles>();
        services.AddSingleton<StartSeeding>();
        services.AddSingleton<IScheduleStore, NoSchedules>();
        services.AddSingleton<ScheduleCatalogue>();
        services.AddSingleton<RunSchedule>();
        services.AddSingleton<IHarvestStore>(Sources);
        services.AddSingleton<HarvestWeb>();
        services.AddSingleton<IHarvestReader, ListReader>();
        services.AddSingleton<IHarvestReader>(Papers);
        services.AddSingleton<DocumentRoom>();
        services.AddSingleton<OpenDocument>();
        services.AddSingleton<PreviewDocument>();
        services.AddSingleton<IDocumentText>(Papers);
        services.AddSingleton<HarvestSources>();
        services.AddFeatures(builder.Configuration);
        services.AddSingleton<IUploadStore, NoUploads>();
        services.AddSingleton<IFinishedUploads, NoUploads>();
        services.AddUploads(builder.Configuration);
        services.AddSingleton<LayerCatalogue>();
        services.AddSingleton<LayerPublication>();
        services.AddSingleton<PublishLayer>();
        services.AddSingleton<ChangeLayer>();
        services.AddSingleton<RemoveLayer>();
        services.AddSingleton<IProcessProvider>(Processes);
        services.AddSingleton<IReferenceFetcher, NoReferences>();
        services.AddSingleton<IJobEvents, LocalJobEvents>();
        services.AddSingleton<ProcessCatalogues>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<JobAttempt>();
        services.AddSingleton<JobWorker>();
        services.AddSingleton<DismissJob>();
        services.AddSingleton<ExecuteProcess>();
        services.AddSingleton<ICallbackOutbox, NoCallbacks>();
        services.AddSingleton<ICallbackClient, NoCallbacks>();
        services.AddSingleton<CallbackSender>();
        services.AddSingleton<ValidateRequest>();
        services.AddSingleton<ChainReader>();
        services.AddSingleton<RequestBinder>();
        services.AddSingleton<InputReader>();
        services.AddSingleton<ICollectionReader, RemoteCollections>();
        services.AddSingleton<RequestBodyReader>();
        services.AddSingleton(new AdminToken(Token));
        services.AddSingleton<ITokenStore>(Tokens);
        services.AddUnusedFiles();
        services.AddDeployment();
        services.AddSingleton<RememberedResults>();
        services.Configure<SecurityOptions>(security => security.Anonymous = Anonymous);
        services.Configure<RequestLimits>(limits => limits.MaxBodyBytes = 2000);
        services.AddSingleton<IRecordStore>(new ClassifiedRecords(Records, Schemes));
        services.AddSingleton<ISchemeStore>(Schemes);
        services.AddSingleton<IUseStore>(Use);
        services.AddSingleton<IEditionStore, MemoryEditions>();
        services.AddSingleton<DocumentEditions>();
        services.AddSingleton<OfferedProcesses>();
        services.AddHttpApi(builder.Configuration);
        _app = builder.Build();
        _app.MapHttpApi();
        _app.MapGet("/who", (HttpContext context) => $"{context.Caller().Name} {string.Join(',', RightsText.Of(context.Caller().Rights))}".Trim());
        _app.MapGet("/broken", string () => throw new InvalidOperationException("secret of the inside"));
        await _app.StartAsync();
        Address = _app.Urls.Single() + "/";
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Address) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? accept = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, string? contentType = "application/json", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) };
        request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request);
    }

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        var response = await SendAsync(HttpMethod.Get, path, "application/json");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return await ReadAsync(response);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());

    private sealed class NoCallbacks : ICallbackOutbox, ICallbackClient
    {
        public Task<IReadOnlyList<OwedCallback>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OwedCallback>>([]);

        public Task PostponeAsync(OwedCallback callback, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task SettleAsync(JobId id, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<CallbackOutcome> PostAsync(Uri address, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class NoReferences : IReferenceFetcher
    {
        public string? Refuse(string href) => "no references here";

        public Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
