using System.Data.Common;
using GeoWps.Adapters.Storage.Layers;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Layers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Layers;

public sealed class LayerMessagesTests : IDisposable
{
    private static readonly CancellationToken _none = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly ToldMessages _messages = new();
    private readonly FailingWatch _watch = new();
    private readonly SqliteDatabase _database;
    private readonly LayerFolders _files;
    private readonly LayerCatalogue _layers;
    private readonly LayerMessages _handler;

    public LayerMessagesTests()
    {
        _database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance);
        _files = new LayerFolders(_folder["layers"], TimeProvider.System, NullLogger.Instance);
        _layers = new LayerCatalogue(new SqliteLayerStore(_database, _messages), _watch, TimeProvider.System);
        _handler = new LayerMessages(_layers, _files);
    }

    public void Dispose()
    {
        _layers.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Tiles_that_were_dropped_with_the_change_are_not_dropped_again_by_its_message()
    {
        await _layers.TryAddAsync(Some.Layer("a"), _none);
        await _layers.TryReplaceAsync(Some.Layer("a") with { Revision = 2 }, tilesStay: false, _none);
        await _layers.RemoveAsync("a", _none);

        foreach (var message in _messages.Sent.OfType<Message.TilesOutdated>().ToArray())
        {
            await _handler.HandleAsync(message, _none);
        }

        _messages.Sent.OfType<Message.TilesOutdated>().Count().ShouldBe(2);
        _watch.Told.ShouldBe(["changed a", "removed a"]);
    }

    [Fact]
    public async Task Tiles_that_could_not_be_dropped_with_the_change_are_dropped_by_its_message()
    {
        await _layers.TryAddAsync(Some.Layer("a"), _none);
        await _layers.TryAddAsync(Some.Layer("b"), _none);
        _watch.Fails = true;
        await Should.ThrowAsync<IOException>(() => _layers.TryReplaceAsync(Some.Layer("a") with { Revision = 2 }, tilesStay: false, _none));
        await Should.ThrowAsync<IOException>(() => _layers.RemoveAsync("b", _none));
        _watch.Fails = false;

        // One of another process, which died in between, is no other.
        foreach (var message in _messages.Sent.OfType<Message.TilesOutdated>().Append(new Message.TilesOutdated("a", "of another")).ToArray())
        {
            await _handler.HandleAsync(message, _none);
        }

        _watch.Told.ShouldBe(["changed a", "removed b", "changed a"]);
    }

    [Fact]
    public async Task Settings_that_leave_tiles_right_owe_nothing()
    {
        await _layers.TryAddAsync(Some.Layer("a"), _none);

        (await _layers.TryReplaceAsync(Some.Layer("a") with { Revision = 2 }, tilesStay: true, _none)).ShouldBeTrue();
        (await _layers.TryReplaceAsync(Some.Layer("a") with { Revision = 7 }, tilesStay: false, _none)).ShouldBeFalse();
        (await _layers.RemoveAsync("b", _none)).ShouldBeFalse();

        _messages.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_are_deleted_when_no_layer_names_them_any_more()
    {
        using var draft = _files.Begin();
        await File.WriteAllTextAsync(draft.PathOf("data.gpkg"), "data");
        var folder = draft.Place("a", 1);
        draft.Keep();
        await _layers.TryAddAsync(Some.Layer("a") with { Source = new LayerSource.GeoPackage($"{folder}/data.gpkg", "data") }, _none);

        await _handler.HandleAsync(new Message.DataOutdated("a", folder), _none);
        File.Exists(_files.PathOf("a", $"{folder}/data.gpkg")).ShouldBeTrue("the layer has them");

        await _layers.TryReplaceAsync(Some.Layer("a") with { Revision = 2, Source = new LayerSource.GeoPackage("2-other/data.gpkg", "data") }, tilesStay: false, _none);
        var owed = _messages.Sent.OfType<Message.DataOutdated>().ShouldHaveSingleItem();
        owed.Folder.ShouldBe(folder);
        await _handler.HandleAsync(owed, _none);
        await _handler.HandleAsync(owed, _none);
        Directory.Exists(Path.Combine(_folder["layers"], "a", folder)).ShouldBeFalse();
    }

    private sealed class FailingWatch : ILayerWatch
    {
        public List<string> Told { get; } = [];

        public bool Fails { get; set; }

        public Task ChangedAsync(Layer layer, CancellationToken cancellationToken) => TellAsync($"changed {layer.Id}");

        public Task RemovedAsync(string id, CancellationToken cancellationToken) => TellAsync($"removed {id}");

        private Task TellAsync(string what)
        {
            if (Fails)
            {
                throw new IOException("The cache is away.");
            }

            Told.Add(what);
            return Task.CompletedTask;
        }
    }

    /// <summary>Remembers what was sent.</summary>
    private sealed class ToldMessages : IMessages
    {
        public List<Message> Sent { get; } = [];

        public Task<IOutgoing> StoreAsync(IReadOnlyList<Message> messages, DbTransaction? transaction, CancellationToken cancellationToken) =>
            Task.FromResult<IOutgoing>(new Outgoing(this, messages));

        private sealed class Outgoing(ToldMessages told, IReadOnlyList<Message> messages) : IOutgoing
        {
            public Task SendAsync()
            {
                told.Sent.AddRange(messages);
                return Task.CompletedTask;
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
