using System.Collections.Concurrent;
using System.Globalization;
using GeoWps.Adapters.Storage.Files;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Storage.Layers;

/// <summary>
/// Layers' data below <c>layers/</c> of the data directory. What is being written lies in <c>.aside</c>, which is emptied at the start; for every folder that
/// may be needed no more a mark lies in <c>.doubt</c>, so that only those are looked at.
/// </summary>
/// <remarks>No id begins with a dot.</remarks>
internal sealed partial class LayerFolders : ILayerFiles
{
    private const char Between = '~';

    private readonly string _root;
    private readonly string _aside;
    private readonly string _doubt;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <summary>Marks of what is being published now, whose rows are about to be written.</summary>
    private readonly ConcurrentDictionary<string, byte> _placed = new(StringComparer.Ordinal);

    private readonly Func<string, string, CancellationToken, Task>? _deleted;

    /// <param name="root">Made where it is missing.</param>
    /// <param name="deleted">Is called for each folder (of a layer) that was deleted here.</param>
    public LayerFolders(string root, TimeProvider clock, ILogger logger, Func<string, string, CancellationToken, Task>? deleted = null)
    {
        (_root, _clock, _logger, _deleted) = (Path.GetFullPath(root), clock, logger, deleted);
        (_aside, _doubt) = (Path.Combine(_root, ".aside"), Path.Combine(_root, ".doubt"));
        if (Directory.Exists(_aside))
        {
            Directory.Delete(_aside, recursive: true);
        }

        Directory.CreateDirectory(_aside);
        Directory.CreateDirectory(_doubt);
    }

    public LayerDraft Begin()
    {
        var folder = Path.Combine(_aside, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        return new Draft(this, folder);
    }

    public string PathOf(string layer, string path) => Path.Combine(_root, Checked(layer), path);

    public void Doubt(string layer, string folder)
    {
        var mark = MarkOf(layer, folder);
        File.WriteAllBytes(mark, []);
        File.SetLastWriteTimeUtc(mark, _clock.GetUtcNow().UtcDateTime);
    }

    public async Task DeleteAsync(string layer, string folder, CancellationToken cancellationToken)
    {
        Delete(Checked(layer), folder);
        await (_deleted?.Invoke(layer, folder, cancellationToken) ?? Task.CompletedTask);
    }

    public async Task<int> SweepAsync(TimeSpan age, Func<string, CancellationToken, ValueTask<Layer?>> find, CancellationToken cancellationToken)
    {
        var (before, deleted) = (_clock.GetUtcNow().UtcDateTime - age, 0);
        foreach (var mark in Directory.EnumerateFiles(_doubt))
        {
            var parts = Path.GetFileName(mark).Split(Between);
            if (parts is not [var id, var folder] || _placed.ContainsKey(mark) || File.GetLastWriteTimeUtc(mark) > before)
            {
                continue;
            }

            if (await find(id, cancellationToken) is not { } layer || layer.Source.Folder != folder)
            {
                Delete(id, folder);
                await (_deleted?.Invoke(id, folder, cancellationToken) ?? Task.CompletedTask);
                deleted++;
            }

            File.Delete(mark);
        }

        return deleted;
    }

    /// <summary>Whether a folder of a layer is here.</summary>
    internal bool Has(string layer, string folder) => Directory.Exists(Path.Combine(_root, Checked(layer), folder));

    /// <summary>Makes a folder of a layer of what <paramref name="fill"/> writes into the folder that it is given; it appears whole.</summary>
    /// <param name="fill">Says whether there was anything.</param>
    internal async Task<bool> BringAsync(string layer, string folder, Func<string, Task<bool>> fill)
    {
        var (aside, whole) = (Path.Combine(_aside, Guid.NewGuid().ToString("N")), Path.Combine(_root, Checked(layer)));
        Directory.CreateDirectory(aside);
        try
        {
            if (!await fill(aside))
            {
                return false;
            }

            Directory.CreateDirectory(whole);
            Directory.Move(aside, Path.Combine(whole, folder));
            return true;
        }
        finally
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }
        }
    }

    private string MarkOf(string layer, string folder) => Path.Combine(_doubt, $"{Checked(layer)}{Between}{folder}");

    internal void Delete(string layer, string folder)
    {
        var part = Path.Combine(_root, layer, folder);
        if (Directory.Exists(part))
        {
            Directory.Delete(part, recursive: true);
            LogDeleted(layer, folder);
        }

        Tidy(layer);
    }

    private void Tidy(string layer)
    {
        try
        {
            Directory.Delete(Path.Combine(_root, layer));
        }
        catch (IOException)
        {
            // It holds another one, or is gone.
        }
    }

    /// <summary>An id is part of a path: here is where it must be one.</summary>
    private static string Checked(string layer) => Layer.IsId(layer) ? layer : throw new ArgumentException($"'{layer}' is no layer's id.", nameof(layer));

    [LoggerMessage(EventId = 2030, Level = LogLevel.Debug, Message = "Layer {Layer}: the data {Folder} were deleted")]
    private partial void LogDeleted(string layer, string folder);

    private sealed class Draft(LayerFolders folders, string folder) : LayerDraft
    {
        private const int Tries = 10;

        private string _folder = folder;
        private (string Layer, string Name)? _place;
        private bool _kept;

        public override string Folder => _folder;

        public override long Length => new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

        public override Stream Create(string name) =>
            new FileStream(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: false);

        public override bool TryShare(string layer, string path, string name) => HardLink.TryCreate(folders.PathOf(layer, path), PathOf(name));

        public override void Rename(string name, string next) => File.Move(PathOf(name), PathOf(next));

        public override string Place(string layer, long revision)
        {
            // The number keeps apart what two publish at once, and what comes under the id of a layer whose data still lie there.
            var name = string.Create(CultureInfo.InvariantCulture, $"{revision}-{Guid.NewGuid().ToString("N")[..8]}");
            var whole = Path.Combine(folders._root, Checked(layer));
            folders._placed.TryAdd(folders.MarkOf(layer, name), 0);
            folders.Doubt(layer, name);
            for (var attempt = 1; ; attempt++)
            {
                Directory.CreateDirectory(whole);
                try
                {
                    Directory.Move(_folder, Path.Combine(whole, name));
                    break;
                }
                catch (DirectoryNotFoundException) when (attempt < Tries)
                {
                    // The empty folder was tidied away in the same moment.
                }
            }

            Leave();
            if (_place is var (before, _))
            {
                folders.Tidy(before);
            }

            (_folder, _place) = (Path.Combine(whole, name), (layer, name));
            return name;
        }

        public override void Keep()
        {
            _kept = true;
            Leave();
        }

        public override void Dispose()
        {
            if (_kept)
            {
                return;
            }

            _kept = true;
            if (_place is var (layer, name))
            {
                folders.Delete(layer, name);
                Leave();
            }
            else if (Directory.Exists(_folder))
            {
                Directory.Delete(_folder, recursive: true);
            }
        }

        private void Leave()
        {
            if (_place is var (layer, name))
            {
                File.Delete(folders.MarkOf(layer, name));
                folders._placed.TryRemove(folders.MarkOf(layer, name), out _);
            }
        }
    }
}
