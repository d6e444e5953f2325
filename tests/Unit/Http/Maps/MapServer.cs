using GeoWps.Tests.Unit.Files;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Http.Collections;
using GeoWps.Adapters.Http.Records;
using GeoWps.Adapters.Http.Tiles;
using GeoWps.Adapters.Http.Wmts;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Application.Editions;
using GeoWps.Application.Features;
using GeoWps.Application.Layers;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Elsewhere;
using GeoWps.Application.Security;
using GeoWps.Application.Tiles;
using GeoWps.Application.Tiles.Caching;
using GeoWps.Domain.Caching;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;
using GeoWps.Tests.Integration.Wps;
using GeoWps.Tests.Unit.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using GeoWps.Tests.Unit.Records;

namespace GeoWps.Tests.Unit.Http.Maps;

/// <summary>The addresses of layers on a free port: real tiles' arithmetic, a store in memory, and tiles that are the text of their own place.</summary>
public sealed class MapServer : IAsyncLifetime
{
    private WebApplication _app = null!;

    internal FakeLayers Layers { get; } = new();

    /// <summary>Layers have features when a test says so.</summary>
    internal PointStore Features { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public string Address { get; private set; } = "";

    internal LayerCatalogue Catalogue => _app.Services.GetRequiredService<LayerCatalogue>();

    /// <summary>A layer of this server.</summary>
    internal static Layer Layer(string id, LayerKind kind = LayerKind.Vector, params string[] sets) => new()
    {
        Id = id,
        Title = $"The <{id}>",
        Description = "What it is",
        Keywords = ["one", "two & three"],
        Source = new LayerSource.GeoPackage("x.gpkg", "x"),
        Contents = new LayerContents { Kind = kind, Extent = new Extent(5, 47, 16, 55), GeometryType = kind == LayerKind.Vector ? "Polygon" : null },
        Tiles = new LayerTiles { TileMatrixSets = sets.Length == 0 ? ["WebMercatorQuad", "WorldCRS84Quad"] : sets, MaxLevel = 8 },
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };

    public async Task InitializeAsync()
    {
        Layers.Add(Layer("areas"));
        Layers.Add(Layer("hills", LayerKind.Map));
        Layers.Add(Layer("europe", LayerKind.Vector, "EuropeanETRS89_LAEAQuad", "CGCS2000Quad", "GNOSISGlobalGrid"));
        Layers.Add(Layer("globe", LayerKind.Vector, "GNOSISGlobalGrid"));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Http:Title", "Maps <of> all"), new("Http:ProviderSite", "https://example.org/"), new("Http:ContactEmail", "a@example.org")]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        services.AddSingleton<ILayerStore>(Layers);
        services.AddSingleton<LayerCatalogue>();
        services.AddUnusedFiles();
        services.AddSingleton(new TileMatrixSets());
        services.AddSingleton<ICoordinateTransforms>(new CoordinateTransforms(new Dictionary<Crs, string>()));
        services.AddSingleton(new TileCache(new CachePolicy(Eviction.Lru, 10_000_000, TimeSpan.Zero), store: null, quotaBytes: 0, new NoCacheNews(), TimeProvider.System, NullLogger<TileCache>.Instance));
        services.AddSingleton<ITileSource, PlaceTiles>();
        services.AddSingleton<IPictureComposer, TextComposer>();
        services.AddSingleton<IFeatureStore>(Features);
        services.AddTiles(builder.Configuration);
        services.AddFeatures(builder.Configuration);
        services.AddSingleton(new AdminToken(AdminToken.Make()));
        services.AddSingleton<ITokenStore, MemoryTokens>();
        services.AddSingleton<IRecordStore, NoRecords>();
        services.AddSingleton<ISchemeStore, MemorySchemes>();
        services.AddSingleton<IUseStore, MemoryUse>();
        services.AddSingleton<IEditionStore, MemoryEditions>();
        services.AddSingleton<DocumentEditions>();
        services.AddSingleton<OfferedProcesses>();
        services.AddHttpApi(builder.Configuration);
        AddNothing(services);
        _app = builder.Build();
        _app.MapHttpApi();
        await _app.StartAsync();
        Address = _app.Urls.Single() + "/";
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Address) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>A document of the schemas, with its status.</summary>
    internal async Task<(int Status, XElement Root)> ValidAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/xml");
        return ((int)response.StatusCode, OgcSchemas.ShouldBeValid(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>Every endpoint is made at the start: those that are about no layers get services that do nothing, and are never asked.</summary>
    private static void AddNothing(IServiceCollection services)
    {
        Type[] real =
        [
            typeof(ILayerStore), typeof(LayerCatalogue), typeof(LayerTilesets), typeof(DatasetTilesets), typeof(TileMatrixSets), typeof(MakeTiles), typeof(GetTile), typeof(GetDatasetTile), typeof(GetDatasetMap),
            typeof(LayerDocuments), typeof(WmtsDocuments), typeof(WmtsTiles), typeof(WmtsFeatureInfo), typeof(CollectionDocument), typeof(LayerFeatures), typeof(TileCache), typeof(TimeProvider),
            typeof(ThisNode), typeof(CatalogueDocument), typeof(IRecordStore),
        ];
        var endpoints = typeof(HttpModule).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(FastEndpoints.BaseEndpoint)) && !type.IsAbstract);
        foreach (var type in endpoints.SelectMany(type => type.GetConstructors().Single().GetParameters()).Select(parameter => parameter.ParameterType).Distinct())
        {
            if (!type.IsGenericType && !real.Contains(type))
            {
                services.AddSingleton(type, type.IsInterface ? DispatchProxy.Create(type, typeof(Nothing)) : RuntimeHelpers.GetUninitializedObject(type));
            }
        }
    }

    public class Nothing : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException(targetMethod?.Name);
    }

    internal sealed class FakeLayers : ILayerStore
    {
        private readonly SortedDictionary<string, Layer> _layers = new(StringComparer.Ordinal);

        public void Add(Layer layer) => _layers[layer.Id] = layer;

        public ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken) => new(_layers.GetValueOrDefault(id));

        public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => Task.FromResult(_layers.TryAdd(layer.Id, layer));

        public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken)
        {
            _layers[next.Id] = next;
            return Task.FromResult(true);
        }

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_layers.Remove(id));

        public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Layer>>(
            [.. _layers.Values.SkipWhile(layer => string.CompareOrdinal(layer.Id, after) <= 0).Take(limit)]);

        public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult((long)_layers.Count);

        public Task<string> DigestAsync(CancellationToken cancellationToken) => Task.FromResult(string.Join(' ', _layers.Values.Select(layer => $"{layer.Id}.{layer.Revision}")));

        public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>Texts one after the other.</summary>
    private sealed class TextComposer : IPictureComposer
    {
        public Task<ReadOnlyMemory<byte>> ComposeAsync(
            IReadOnlyList<ReadOnlyMemory<byte>> pictures, int width, int height, TileFormat format, CancellationToken cancellationToken) =>
            Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes($"{format} {width}x{height}: {string.Join(" + ", pictures.Select(picture => Encoding.UTF8.GetString(picture.Span)))}"));
    }

    /// <summary>Each tile is the text of where it is.</summary>
    private sealed class PlaceTiles : ITileSource
    {
        public bool Makes(Layer layer, TileFormat format) => layer.IsVector ? format == TileFormat.Mvt || format == TileFormat.Png : format == TileFormat.Png || format == TileFormat.Jpeg;

        public Task<IReadOnlyList<MadeTile>> MakeAsync(Layer layer, TileMatrixSet set, MetaTile tiles, TileFormat format, CancellationToken cancellationToken)
        {
            var made = new List<MadeTile>();
            for (var row = tiles.Range.MinRow; row <= tiles.Range.MaxRow; row++)
            {
                for (var column = tiles.Range.MinColumn; column <= tiles.Range.MaxColumn; column++)
                {
                    made.Add(new MadeTile(new TileIndex(column, row), Encoding.UTF8.GetBytes($"{layer.Id} {set.Id} {tiles.Level} {row} {column} {format}"), TileNotes.None));
                }
            }

            return Task.FromResult<IReadOnlyList<MadeTile>>(made);
        }
    }
}
