using GeoWps.Adapters.Discovery;
using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Formats;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Messaging;
using GeoWps.Adapters.References;
using GeoWps.Adapters.Storage;
using GeoWps.Adapters.Storage.Tiles;
using GeoWps.Adapters.TileSources;
using GeoWps.Application;
using GeoWps.Application.Features;
using GeoWps.Application.Files;
using GeoWps.Application.Layers;
using GeoWps.Application.Nodes;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Elsewhere;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Application.Tiles;
using GeoWps.Application.Tiles.Seeding;
using GeoWps.Application.Uploads;

namespace GeoWps.Roles;

/// <summary>Everything on one node: embedded storage, built-in processes, QGIS, HTTP.</summary>
internal static class MonolithRole
{
    public static void Add(WebApplicationBuilder builder)
    {
        var (services, settings) = (builder.Services, builder.Configuration);
        services.AddPlumbing(settings);
        services.AddStorage(settings);
        services.AddMessages(settings, provider => StorageModule.FolderOf(provider, "messages"));
        var registry = services.AddDiscovery(settings);
        services.AddTileCache(settings);
        services.AddReferences(settings);
        services.AddFeatureFormats();
        services.AddTileSources(settings);
        services.AddTiles(settings);
        services.AddSeeding(settings);
        services.AddHarvesting(settings);
        services.AddFeatures(settings);
        services.AddApplication();
        services.AddRequests();
        services.AddLayers(settings);
        services.AddFiles(settings);
        services.AddUploads(settings);
        services.AddExecution(settings);
        services.AddJobs();
        services.AddElsewhere();
        services.AddRecords(settings);
        services.AddSeedSchedules();
        services.AddHarvestSchedules();
        if (registry != RegistryProvider.Static)
        {
            services.AddNodeAnnouncement(settings);
        }

        services.AddRouting();
        services.AddHttpApi(settings);
        builder.WebHost.UseKestrelCore().UseServerCertificate().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls(settings["urls"]!);
    }

    public static async Task StartAsync(WebApplication app)
    {
        await StorageModule.PrepareStorageAsync(app.Services);
        await TileCacheModule.PrepareTileCacheAsync(app.Services);
        app.MapHttpApi();
    }
}
