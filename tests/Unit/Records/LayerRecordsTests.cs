using System.Text.Json;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Adapters.TileSources.Projections;
using GeoWps.Application.Features;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;
using GeoWps.Tests.Unit.Layers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records;

/// <summary>Layers that are found by the values of fields of choice.</summary>
public sealed class LayerRecordsTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly LayerBench _bench = new();
    private readonly SqliteRecordsDatabase _database;
    private readonly SqliteRecordStore _store;
    private readonly Features _features = new();

    public LayerRecordsTests()
    {
        _database = new SqliteRecordsDatabase(SqliteRecordsDatabase.Open(_bench.Folder["records.db"], NullLogger.Instance));
        _store = new SqliteRecordStore(_database, Options.Create(new RecordsOptions()));
    }

    public void Dispose()
    {
        _database.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_layer_is_found_by_the_values_that_were_chosen_and_no_others()
    {
        await AddAsync("waters", "name");
        await AddAsync("others");
        var records = Records();
        await KeepAsync(records);

        (await FindAsync("okaukuejo")).ShouldBe(["waters"]);
        (await FindAsync("1903")).ShouldBeEmpty();
        (await FindAsync("name")).Count.ShouldBe(2, "names of fields are searched always");

        await KeepAsync(records);
        await KeepAsync(Records());
        _features.Opened.ShouldBe(1, "what is known is not read again");
    }

    [Fact]
    public async Task Data_that_change_are_read_again()
    {
        await AddAsync("waters", "name", "year");
        await KeepAsync(Records());
        (_features.Version, _features.Rows) = ("2", [("Halali", 1967)]);
        await KeepAsync(Records());

        (await FindAsync("okaukuejo")).ShouldBeEmpty();
        (await FindAsync("halali 1967")).ShouldBe(["waters"]);
    }

    [Fact]
    public async Task Where_nobody_notices_a_change_they_are_read_once_a_day_and_stored_when_they_are_others()
    {
        _features.Version = null;
        await AddAsync("waters", "name");
        var records = Records();
        await KeepAsync(records);
        (await FindAsync("okaukuejo")).ShouldBe(["waters"]);

        _features.Rows = [("Halali", 1967)];
        await KeepAsync(records);
        (await FindAsync("okaukuejo")).ShouldBe(["waters"]);
        _bench.Clock.Advance(TimeSpan.FromHours(25));
        await KeepAsync(records);
        (await FindAsync("halali")).ShouldBe(["waters"]);

        var updated = await UpdatedAsync("waters");
        _bench.Clock.Advance(TimeSpan.FromHours(25));
        await KeepAsync(records);
        (_features.Opened, await UpdatedAsync("waters")).ShouldBe((3, updated));
    }

    [Fact]
    public async Task Data_that_can_not_be_read_now_leave_the_record_as_it_was()
    {
        _features.Fails = true;
        await AddAsync("waters", "name");
        await KeepAsync(Records());
        (await FindAsync("waters")).ShouldBe(["waters"], "it is found by what is known");

        _features.Fails = false;
        await KeepAsync(Records());
        (await FindAsync("okaukuejo")).ShouldBe(["waters"]);

        (_features.Fails, _features.Version) = (true, "2");
        await KeepAsync(Records());
        (await FindAsync("okaukuejo")).ShouldBe(["waters"]);
    }

    [Fact]
    public async Task Data_in_place_are_read_by_the_node_that_has_them()
    {
        await AddAsync("waters", "name");
        await KeepAsync(Records("other"));
        (_features.Opened, (await FindAsync("waters")).Count).ShouldBe((0, 1));

        await KeepAsync(Records());
        await KeepAsync(Records("other"));
        (await FindAsync("okaukuejo")).ShouldBe(["waters"]);
    }

    private LayerRecords Records(string node = "here") => new(
        _bench.Layers,
        new LayerValues(
            new LayerFeatures([_features], new CoordinateTransforms(new Dictionary<Crs, string>()), Options.Create(new FeaturesOptions())), new ThisNode(node, node, null, [], "1"), Options.Create(new RecordsOptions())),
        _bench.Clock);

    private async Task KeepAsync(LayerRecords records)
    {
        await new RecordKeeper(_store, _bench.Clock).ReplaceAsync(RecordSources.Layers, records.ListAsync(None), removes: true, None, records.CompleteAsync);
        records.Stored();
    }

    private async Task AddAsync(string id, params string[] searched)
    {
        var layer = Some.Layer(id);
        var contents = layer.Contents with { Fields = [new LayerField("name", "string"), new LayerField("year", "integer")] };
        (await _bench.Layers.TryAddAsync(layer with { Contents = contents, SearchFields = searched, Home = "here" }, None)).ShouldBeTrue();
    }

    private async Task<List<string>> FindAsync(string words) =>
        [.. (await _store.SearchAsync(new RecordQuery { Text = words }, None)).Records.Select(found => found.Record.LocalId).Order(StringComparer.Ordinal)];

    private async Task<DateTimeOffset?> UpdatedAsync(string id) => (await _store.FindAsync($"{RecordSources.Layers}:{id}", None))!.Updated;

    private sealed class Features : IFeatureStore
    {
        public (string Name, int Year)[] Rows { get; set; } = [("Okaukuejo", 1903), ("Namutoni", 1903)];

        public string? Version { get; set; } = "1";

        public bool Fails { get; set; }

        public int Opened { get; private set; }

        public bool Reads(Layer layer) => true;

        public bool IsId(Layer layer, string text) => true;

        public ValueTask<FeatureCursor> OpenAsync(Layer layer, FeatureQuery query, CancellationToken cancellationToken)
        {
            if (Fails)
            {
                throw new FeatureStoreException("not now");
            }

            Opened++;
            return new(new Cursor(Rows, [.. query.Fields!.Select(field => field.Name)]));
        }

        public ValueTask<long?> CountAsync(Layer layer, FeatureQuery query, long most, CancellationToken cancellationToken) => new(default(long?));

        public string? VersionOf(Layer layer) => Version;
    }

    private sealed class Cursor((string Name, int Year)[] rows, HashSet<string> fields) : FeatureCursor
    {
        private int _at = -1;

        public override FeatureId Id => new(_at);

        public override ReadOnlySpan<byte> Geometry => default;

        public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => new(++_at < rows.Length);

        public override void WriteProperties(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            if (fields.Contains("name"))
            {
                json.WriteString("name", rows[_at].Name);
            }

            if (fields.Contains("year"))
            {
                json.WriteNumber("year", rows[_at].Year);
            }

            json.WriteEndObject();
        }

        public override ValueTask DisposeAsync() => default;
    }
}
