using System.Text;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using GeoWps.Domain.Records;
using GeoWps.Tests.Unit.Files;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Records;

public sealed class FileRecordsTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Caller Nobody = new(Name: null, Rights.Files);

    private readonly FileRig _rig = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteRecordsDatabase _database;
    private readonly SqliteRecordStore _store;
    private readonly Inspector _inspector = new();
    private readonly FileRecords _records;

    public FileRecordsTests()
    {
        _database = new SqliteRecordsDatabase(SqliteRecordsDatabase.Open(_folder["records.db"], NullLogger.Instance));
        var options = Options.Create(new RecordsOptions());
        _store = new SqliteRecordStore(_database, options);
        var contents = new ReadContents(_rig.Index, new FileInputs(_rig.Library), _inspector, _rig.News);
        _records = new FileRecords(_store, _rig.Index, _rig.Blobs, _rig.News, contents, options, TimeProvider.System, NullLogger<FileRecords>.Instance, new PlainText());
    }

    public void Dispose()
    {
        _records.Dispose();
        _database.Dispose();
        _folder.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public async Task A_file_is_found_by_its_name_by_its_text_and_by_what_it_holds()
    {
        await _rig.PutAsync("江河/notes.txt", "The ferry crosses below the weir.");
        await _rig.PutAsync("data/rivers.gpkg", "no real one");
        await _records.KeepAllAsync(None);

        (await FindAsync("weir", FileRig.Li)).ShouldBe(["江河/notes.txt"]);
        (await FindAsync("河", FileRig.Li)).ShouldBe(["江河/notes.txt"]);
        (await FindAsync("rivers", FileRig.Li)).ShouldBe(["data/rivers.gpkg"]);
        (await FindAsync("discharge", FileRig.Li)).ShouldBe(["data/rivers.gpkg"], "the name of a field");
        (await _store.FindAsync("files:data/rivers.gpkg", None)).ShouldNotBeNull().Extents.ShouldBe([new(1, 2, 3, 4)]);
        (await FindAsync("weir", new Caller("wang", Rights.Files))).ShouldBeEmpty();
        (await FindAsync("weir", Nobody)).ShouldBeEmpty();
        _inspector.Asked.ShouldBe(["rivers.gpkg"]);

        await _records.KeepAllAsync(None);
        _inspector.Asked.Count.ShouldBe(1, "what is known is not read again");
    }

    [Theory]
    [InlineData("Rivers.ZIP")]
    [InlineData("rivers.kmz")]
    [InlineData("rivers.gpx")]
    [InlineData("rivers.json")]
    [InlineData("rivers.asc")]
    public async Task Data_is_looked_into_in_whatever_form_it_comes(string name)
    {
        await _rig.PutAsync(name, "no real one");
        await _records.KeepAllAsync(None);

        _inspector.Asked.ShouldBe([name]);
        (await FindAsync("discharge", FileRig.Li)).ShouldBe([name]);
    }

    [Fact]
    public async Task What_can_not_be_read_is_tried_again_when_its_content_is_another()
    {
        _inspector.Failure = new TileSourceException("no data");
        await _rig.PutAsync("bad.gpkg", "broken");
        await _records.KeepAllAsync(None);
        await _records.KeepAllAsync(None);
        await _records.KeepAsync(FileRig.Path("bad.gpkg"), None);
        _inspector.Asked.Count.ShouldBe(1);
        (await FindAsync("bad", FileRig.Li)).ShouldBe(["bad.gpkg"], "it is found by its name");

        // That all processes are busy is not of the file.
        _inspector.Failure = new TileSourceException("busy", retryAfter: TimeSpan.FromSeconds(1));
        await _rig.PutAsync("bad.gpkg", "another");
        await _records.KeepAllAsync(None);
        await _records.KeepAllAsync(None);
        _inspector.Asked.Count.ShouldBe(3);

        _inspector.Failure = null;
        await _records.KeepAllAsync(None);
        (await FindAsync("discharge", FileRig.Li)).ShouldBe(["bad.gpkg"]);
        _inspector.Asked.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Records_follow_what_happens_to_files()
    {
        await _records.StartAsync(None);
        await _rig.PutAsync("a/one.txt", "first words");
        await UntilAsync("first", "a/one.txt");

        await _rig.PutAsync("a/one.txt", "second words");
        await UntilAsync("second", "a/one.txt");
        (await FindAsync("first", FileRig.Li)).ShouldBeEmpty();

        await _rig.MoveAsync("a", "b");
        await UntilAsync("second", "b/one.txt");

        await _rig.Library.ShareAsync(FileRig.Path("b"), isPublic: true, FileRig.Li, None);
        await UntilAsync("second", "b/one.txt", new Caller(null, Rights.None));

        await _rig.RemoveAsync("b", isRecursive: true);
        await UntilAsync("second");
        await _records.StopAsync(None);
    }

    [Fact]
    public async Task A_record_is_as_old_as_what_it_says_though_its_file_is_older()
    {
        await _rig.PutAsync("a.txt", "words");
        await _records.KeepAllAsync(None);
        var modified = (await _rig.Index.LineAsync(FileRig.Path("a.txt"), None))[^1].Modified;
        (await UpdatedAsync("a.txt")).ShouldBe(modified, "nobody has asked before");

        var began = TimeProvider.System.GetUtcNow();
        await _rig.MoveAsync("a.txt", "b.txt");
        await _records.KeepAllAsync(None);
        var moved = await UpdatedAsync("b.txt");
        moved.ShouldBeGreaterThanOrEqualTo(began);

        await _records.KeepAllAsync(None);
        (await UpdatedAsync("b.txt")).ShouldBe(moved);
        await _rig.Library.ShareAsync(FileRig.Path("b.txt"), isPublic: true, FileRig.Li, None);
        await _records.KeepAsync(FileRig.Path("b.txt"), None);
        (await UpdatedAsync("b.txt")).ShouldBeGreaterThan(moved, "others see it from now on");
    }

    [Fact]
    public async Task What_nobody_in_particular_has_stored_is_found_by_those_who_may_store()
    {
        await _rig.PutAsync("open.txt", "lost umbrella", Nobody);
        await _records.KeepAsync(FileRig.Path("open.txt"), None);

        (await FindAsync("umbrella", Nobody)).ShouldBe(["open.txt"]);
        (await FindAsync("umbrella", new Caller(null, Rights.Run))).ShouldBeEmpty();
    }

    private async Task<DateTimeOffset> UpdatedAsync(string path) => (await _store.FindAsync($"files:{path}", None)).ShouldNotBeNull().Updated.ShouldNotBeNull();

    private async Task UntilAsync(string words, string? path = null, Caller? caller = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await FindAsync(words, caller ?? FileRig.Li)).SequenceEqual(path is null ? [] : [path]))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task<List<string>> FindAsync(string words, Caller caller) =>
        [.. (await _store.SearchAsync(new RecordQuery { Text = words, Caller = caller.Name, SeesNobodys = caller.May(Rights.Files) }, None)).Records.Select(found => found.Record.LocalId)];

    private sealed class Inspector : IFileInspector
    {
        public List<string> Asked { get; } = [];

        public TileSourceException? Failure { get; set; }

        public Task<string> InspectAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
        {
            Asked.Add(name);
            return Failure is not null ? throw Failure : Task.FromResult("""{"format": "GPKG", "layers": [{"name": "river", "fields": [{"name": "discharge", "type": "Real"}]}], "raster": null, "extent": [1, 2, 3, 4]}""");
        }
    }

    private sealed class PlainText : IDocumentText
    {
        public bool CanRead(string mediaType) => mediaType.StartsWith("text/plain", StringComparison.Ordinal);

        public async Task<string?> ReadAsync(Stream document, string mediaType, int maxLength, CancellationToken cancellationToken)
        {
            using var reader = new StreamReader(document, Encoding.UTF8);
            return await reader.ReadToEndAsync(cancellationToken);
        }
    }
}
