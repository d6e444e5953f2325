using GeoWps.Adapters.Storage.Layers;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Layers;

/// <summary>Layers on a node with the real stores, without jobs.</summary>
internal sealed class LayerBench : IDisposable
{
    public static readonly CancellationToken None = CancellationToken.None;

    private readonly SqliteDatabase _database;

    public LayerBench()
    {
        _database = new SqliteDatabase(Folder["jobs.db"], NullLogger.Instance);
        Store = new CountedStore(new SqliteLayerStore(_database));
        Files = new LayerFolders(Folder["layers"], Clock, NullLogger.Instance);
        Layers = new LayerCatalogue(Store, Watch, Clock);
        Publication = new LayerPublication(Layers, Files, new TileMatrixSets(), Clock);
        Change = new ChangeLayer(Layers, new TileMatrixSets(), Clock);
        Remove = new RemoveLayer(Layers, Files);
        Keeper = new LayerKeeper(Layers, Remove, Files, Clock, NullLogger<LayerKeeper>.Instance);
    }

    public TemporaryFolder Folder { get; } = new();

    public TestClock Clock { get; } = new();

    public CountedStore Store { get; }

    public LayerFolders Files { get; }

    public GeoPackages Vectors { get; } = new();

    public WatchLog Watch { get; } = new();

    public LayerCatalogue Layers { get; }

    public LayerPublication Publication { get; }

    public ChangeLayer Change { get; }

    public RemoveLayer Remove { get; }

    public LayerKeeper Keeper { get; }

    public SampleLayers Samples() => new(
        new SampleFiles(Folder.Root), new DataReading(Vectors), Publication, Vectors, Files, Options.Create(new LayersOptions()), TimeProvider.System, NullLogger<SampleLayers>.Instance);

    public async Task<StoreOutcome> PublishAsync(string file, LayerSettings settings, string? replaces = null, string? job = null)
    {
        using var draft = Files.Begin();
        await Vectors.CopyAsync(file, draft.PathOf("arriving"), None);
        var facts = ((DataOutcome.Ready)await new DataReading(Vectors).ReadAsync(draft.PathOf("arriving"), null, isOperators: false, None)).Facts;
        draft.Rename("arriving", facts.FileName);
        return await Publication.StoreAsync(draft, facts, new Publication(settings, "name", job, replaces), None);
    }

    public string[] DataFolders() => Directory.Exists(Folder["layers"])
        ? [.. Directory.EnumerateFiles(Folder["layers"], "data.*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder["layers"], path).Split('/')[0]).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Data that lie there, each counted once under however many names.</summary>
    public int Copies()
    {
        string[] files = Directory.Exists(Folder["layers"]) ? Directory.GetFiles(Folder["layers"], "data.*", SearchOption.AllDirectories) : [];
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["--format=%i", .. files, Folder.Root]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count() - 1;
    }

    public void Dispose()
    {
        _database.Dispose();
        Folder.Dispose();
    }
}

/// <summary>What a cache would be told.</summary>
internal sealed class WatchLog : ILayerWatch
{
    public List<string> Told { get; } = [];

    public Task ChangedAsync(Layer layer, CancellationToken cancellationToken)
    {
        Told.Add($"changed {layer.Id} {layer.Revision}");
        return Task.CompletedTask;
    }

    public Task RemovedAsync(string id, CancellationToken cancellationToken)
    {
        Told.Add($"removed {id}");
        return Task.CompletedTask;
    }
}

/// <summary>Counts looks.</summary>
internal sealed class CountedStore(ILayerStore store) : ILayerStore
{
    public int Finds { get; private set; }

    /// <summary>Before a look is answered.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public async ValueTask<Layer?> FindAsync(string id, CancellationToken cancellationToken)
    {
        Finds++;
        var found = await store.FindAsync(id, cancellationToken);
        if (Meanwhile is { } act)
        {
            Meanwhile = null;
            await act();
        }

        return found;
    }

    public Task<bool> TryAddAsync(Layer layer, CancellationToken cancellationToken) => store.TryAddAsync(layer, cancellationToken);

    public Task<bool> TryReplaceAsync(Layer next, CancellationToken cancellationToken) => store.TryReplaceAsync(next, cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => store.RemoveAsync(id, cancellationToken);

    public Task<IReadOnlyList<Layer>> ListAsync(string? after, int limit, CancellationToken cancellationToken) => store.ListAsync(after, limit, cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) => store.CountAsync(cancellationToken);

    public Task<string> DigestAsync(CancellationToken cancellationToken) => store.DigestAsync(cancellationToken);

    public Task<IReadOnlyList<Layer>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => store.ExpiredAsync(now, limit, cancellationToken);

    public Task<LayerUse> TemporaryAsync(CancellationToken cancellationToken) => store.TemporaryAsync(cancellationToken);
}
