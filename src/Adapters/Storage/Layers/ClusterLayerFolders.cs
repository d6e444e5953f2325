using System.Collections.Concurrent;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Storage.Layers;

/// <summary>
/// Layers' data of a cluster: blobs under <c>layers/{id}/{folder}/…</c> are the truth, and the folders of a node are copies, each fetched whole when it is first asked for. A folder
/// never changes under its name. Those not used for longest go when they take more than <c>Layers:CopiesMb</c>.
/// </summary>
/// <remarks>A mark in <c>.copies</c> tells of each copy when it was last used.</remarks>
internal sealed partial class ClusterLayerFolders : ILayerFiles
{
    private const char Between = '~';

    private static readonly TimeSpan BetweenUses = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Lazy<Task>> _coming = new(StringComparer.Ordinal);
    private readonly LayerFolders _folders;
    private readonly IBlobStore _blobs;
    private readonly string _copies;
    private readonly long _most;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _self;

    private readonly Func<Message, CancellationToken, Task> _tell;

    /// <param name="mostBytes">Of all copies.</param>
    /// <param name="self">This node's name.</param>
    /// <param name="tell">Is told of data before they are stored, so that they go when this node ends before a layer names them.</param>
    public ClusterLayerFolders(string root, IBlobStore blobs, long mostBytes, TimeProvider clock, ILogger logger, string self, Func<Message, CancellationToken, Task>? tell = null)
    {
        (_blobs, _most, _clock, _logger, _self) = (blobs, mostBytes, clock, logger, self);
        _tell = tell ?? ((_, _) => Task.CompletedTask);
        _folders = new LayerFolders(root, clock, logger, (layer, folder, token) => blobs.DeleteAllAsync(PrefixOf(layer, folder), token));
        _copies = Path.Combine(Path.GetFullPath(root), ".copies");
        Directory.CreateDirectory(_copies);
    }

    public LayerDraft Begin() => new Draft(this, _folders.Begin());

    public ValueTask BringAsync(Layer layer, CancellationToken cancellationToken)
    {
        if (layer.Source.Folder is not { } folder)
        {
            // Whoever has put it at the same path here needs nobody else.
            return layer is { Home: { } home, Source.FileInPlace: { } file } && home != _self && !File.Exists(file)
                ? throw new ElsewhereException(home, $"The data of the layer {layer.Id}")
                : ValueTask.CompletedTask;
        }

        if (_folders.Has(layer.Id, folder))
        {
            NoteUse(layer.Id, folder);
            return ValueTask.CompletedTask;
        }

        return new ValueTask(FetchOnceAsync(layer.Id, folder, cancellationToken));
    }

    public string PathOf(string layer, string path) => _folders.PathOf(layer, path);

    public void Doubt(string layer, string folder) => _folders.Doubt(layer, folder);

    public Task DeleteAsync(string layer, string folder, CancellationToken cancellationToken) => _folders.DeleteAsync(layer, folder, cancellationToken);

    public async Task<int> SweepAsync(TimeSpan age, Func<string, CancellationToken, ValueTask<Layer?>> find, CancellationToken cancellationToken)
    {
        var deleted = await _folders.SweepAsync(age, find, cancellationToken);
        var before = _clock.GetUtcNow().UtcDateTime - age;
        var total = 0L;
        foreach (var mark in new DirectoryInfo(_copies).EnumerateFiles().OrderByDescending(mark => mark.LastWriteTimeUtc))
        {
            if (mark.Name.Split(Between) is not [var id, var folder] || !_folders.Has(id, folder))
            {
                mark.Delete();
                continue;
            }

            total += new DirectoryInfo(_folders.PathOf(id, folder)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
            if (mark.LastWriteTimeUtc <= before && (total > _most || await find(id, cancellationToken) is not { } layer || layer.Source.Folder != folder))
            {
                _folders.Delete(id, folder);
                mark.Delete();
                deleted++;
            }
        }

        return deleted;
    }

    private static string PrefixOf(string layer, string folder) => $"layers/{layer}/{folder}/";

    private string MarkOf(string layer, string folder) => Path.Combine(_copies, $"{layer}{Between}{folder}");

    private void NoteUse(string layer, string folder)
    {
        var (mark, now) = (MarkOf(layer, folder), _clock.GetUtcNow().UtcDateTime);
        if (File.GetLastWriteTimeUtc(mark) + BetweenUses < now && File.Exists(mark))
        {
            File.SetLastWriteTimeUtc(mark, now);
        }
    }

    private void NoteCopy(string layer, string folder)
    {
        var mark = MarkOf(layer, folder);
        File.WriteAllBytes(mark, []);
        File.SetLastWriteTimeUtc(mark, _clock.GetUtcNow().UtcDateTime);
    }

    /// <summary>However many wait for it; it goes on when they leave.</summary>
    private async Task FetchOnceAsync(string layer, string folder, CancellationToken cancellationToken)
    {
        var key = $"{layer}{Between}{folder}";
        var coming = _coming.GetOrAdd(key, added => new Lazy<Task>(() => Task.Run(async () =>
        {
            try
            {
                await FetchAsync(layer, folder);
            }
            finally
            {
                _coming.TryRemove(added, out _);
            }
        })));
        try
        {
            await coming.Value.WaitAsync(cancellationToken);
        }
        catch (Exception reason) when (reason is not (OperationCanceledException or IOException))
        {
            throw new IOException("The layer's data can't be fetched from the cluster's store now.", reason);
        }
    }

    private async Task FetchAsync(string layer, string folder)
    {
        var prefix = PrefixOf(layer, folder);
        if (_folders.Has(layer, folder))
        {
            return;
        }

        NoteCopy(layer, folder);
        if (await _folders.BringAsync(layer, folder, FillAsync))
        {
            LogFetched(layer, folder);
        }

        async Task<bool> FillAsync(string aside)
        {
            var any = false;
            await foreach (var info in _blobs.ListAsync(prefix, CancellationToken.None))
            {
                var target = Path.Combine(aside, info.Key[prefix.Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await using var blob = await _blobs.OpenAsync(info.Key, 0, null, CancellationToken.None) ?? throw new IOException("The layer was removed in this moment.");
                await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
                await blob.Content.CopyToAsync(file, CancellationToken.None);
                any = true;
            }

            return any;
        }
    }

    [LoggerMessage(EventId = 2141, Level = LogLevel.Information, Message = "Layer {Layer}: the data {Folder} were fetched from the cluster's store")]
    private partial void LogFetched(string layer, string folder);

    private sealed class Draft(ClusterLayerFolders shared, LayerDraft draft) : LayerDraft
    {
        private (string Layer, string Name)? _place;
        private (string Layer, string Name)? _shared;
        private bool _kept;

        public override string Folder => draft.Folder;

        public override long Length => draft.Length;

        public override Stream Create(string name) => draft.Create(name);

        public override void Rename(string name, string next) => draft.Rename(name, next);

        public override bool TryShare(string layer, string path, string name) => draft.TryShare(layer, path, name);

        public override string Place(string layer, long revision)
        {
            var name = draft.Place(layer, revision);
            _place = (layer, name);
            return name;
        }

        public override async Task ShareAsync(CancellationToken cancellationToken)
        {
            var (layer, name) = _place!.Value;
            if (_shared is var (before, other))
            {
                await shared._blobs.DeleteAllAsync(PrefixOf(before, other), cancellationToken);
            }

            await shared._tell(new Message.DataUnnamed(layer, name), cancellationToken);
            _shared = (layer, name);
            foreach (var path in Directory.EnumerateFiles(draft.Folder, "*", SearchOption.AllDirectories))
            {
                await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
                await shared._blobs.PutAsync(
                    PrefixOf(layer, name) + Path.GetRelativePath(draft.Folder, path), "application/octet-stream", (stream, token) => file.CopyToAsync(stream, token), cancellationToken);
            }
        }

        public override void Keep()
        {
            draft.Keep();
            _kept = true;
            if (_shared is var (layer, name))
            {
                shared.NoteCopy(layer, name);
            }
        }

        public override void Dispose()
        {
            draft.Dispose();
            if (!_kept && _shared is var (layer, name))
            {
                // What was shared goes with the next sweep.
                shared.Doubt(layer, name);
            }
        }
    }
}
