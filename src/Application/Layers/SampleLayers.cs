using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Layers;

/// <summary>Publishes the sample data beside the server's own, each once: what was removed or changed stays so.</summary>
public sealed partial class SampleLayers(
    ISampleFiles samples,
    DataReading reading,
    LayerPublication publication,
    IVectorStores vectors,
    ILayerFiles files,
    IOptions<LayersOptions> options,
    TimeProvider clock,
    ILogger<SampleLayers> logger) : BackgroundService
{
    private const string Arriving = "arriving";
    private const string NaturalEarth = "Made with Natural Earth.";

    /// <summary>QGIS, which looks at rasters, takes a moment to start.</summary>
    private const int Tries = 6;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    private static readonly Sample[] _all =
    [
        new("world.gpkg", "countries", "Countries", NaturalEarth, 9),
        new("world.gpkg", "places", "Populated places", NaturalEarth, 12),
        new("world.gpkg", "rivers", "Rivers", NaturalEarth, 10),
        new("world.gpkg", "lakes", "Lakes", NaturalEarth, 12),
        new("world.gpkg", "urban_areas", "Urban areas", NaturalEarth, 11),
        new("relief.tif", null, "Relief of the earth", "ETOPO1, NOAA.", 5),
    ];

    /// <summary>Ends when every sample was published, or can't be.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var published = samples.Published();
            var left = false;

            // Layers of one file share its copy.
            var copies = new Dictionary<string, Layer>(StringComparer.Ordinal);
            foreach (var sample in _all.Where(sample => !published.Contains(sample.Id)))
            {
                left |= !await TryPublishAsync(sample, copies, isLast: attempt == Tries, cancellationToken);
            }

            if (!left)
            {
                return;
            }

            await Task.Delay(_pause, clock, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            if (options.Value.Samples)
            {
                await PublishAsync(stoppingToken);
            }
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(error);
        }
        catch (OperationCanceledException)
        {
            // The next start goes on.
        }
    }

    /// <returns>Whether nothing is left to be done for it.</returns>
    private async Task<bool> TryPublishAsync(Sample sample, Dictionary<string, Layer> copies, bool isLast, CancellationToken cancellationToken)
    {
        if (samples.Find(sample.File) is not { } path)
        {
            return true;
        }

        using var draft = files.Begin();
        if (!(copies.GetValueOrDefault(sample.File) is { Id: var other, Source: LayerSource.GeoPackage stored } && draft.TryShare(other, stored.Path, Arriving)))
        {
            await vectors.CopyAsync(path, draft.PathOf(Arriving), cancellationToken);
        }

        if (await reading.ReadAsync(draft.PathOf(Arriving), sample.Table, isOperators: false, cancellationToken) is not DataOutcome.Ready { Facts: var facts })
        {
            if (isLast)
            {
                LogSkipped(sample.Id);
            }

            return false;
        }

        draft.Rename(Arriving, facts.FileName);
        var settings = new LayerSettings { Id = sample.Id, Title = sample.Title, Attribution = sample.Attribution, Tiles = new() { MaxLevel = sample.MaxLevel } };
        var outcome = await publication.StoreAsync(draft, facts, new Publication(settings, null, Job: null, Replaces: null), cancellationToken);

        // Somebody's own layer of that name stays.
        samples.NotePublished(sample.Id);
        if (outcome is StoreOutcome.Stored(var layer, _))
        {
            copies.TryAdd(sample.File, layer);
            LogPublished(sample.Id);
        }

        return true;
    }

    [LoggerMessage(EventId = 1520, Level = LogLevel.Information, Message = "Sample layer {Layer} was published")]
    private partial void LogPublished(string layer);

    [LoggerMessage(EventId = 1521, Level = LogLevel.Information, Message = "Sample layer {Layer} is not published: QGIS, which draws it, is not here")]
    private partial void LogSkipped(string layer);

    [LoggerMessage(EventId = 1522, Level = LogLevel.Error, Message = "The sample layers could not be published")]
    private partial void LogFailed(Exception error);

    private sealed record Sample(string File, string? Table, string Title, string Attribution, int MaxLevel)
    {
        public string Id => Table ?? Path.GetFileNameWithoutExtension(File);
    }
}
