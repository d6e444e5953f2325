using GeoWps.Adapters.Storage.Layers;
using GeoWps.Domain.Layers;
using GeoWps.Tests.Unit.Layers;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Storage;

public sealed class LayerFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private LayerFolders _files;

    public LayerFoldersTests() => _files = Open();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_are_placed_whole_and_stay()
    {
        string name;
        using (var draft = _files.Begin())
        {
            Write(draft.Create("data.gpkg"), "12345");
            draft.Length.ShouldBe(5);
            name = draft.Place("a", 3);
            draft.Keep();
        }

        name.ShouldStartWith("3-");
        File.ReadAllText(_files.PathOf("a", $"{name}/data.gpkg")).ShouldBe("12345");
        (await SweepAsync(_files, null)).ShouldBe(0);
        Left().ShouldBe([$"a/{name}/data.gpkg"]);
    }

    [Fact]
    public void A_draft_that_is_given_up_leaves_nothing_placed_or_not()
    {
        using (var draft = _files.Begin())
        {
            Write(draft.Create("x"), "1");
        }

        using (var draft = _files.Begin())
        {
            Write(draft.Create("x"), "1");
            draft.Place("a", 1);
            draft.Place("b", 1);
        }

        Left().ShouldBeEmpty();
        Directory.Exists(_folder["layers/a"]).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_crash_leaves_is_cleared_at_the_next_start_and_nothing_else()
    {
        var kept = Placed("kept");

        // One dies while it writes, one before its row is written, one after.
        Write(_files.Begin().Create("half"), "1");
        var lost = _files.Begin();
        Write(lost.Create("data.gpkg"), "1");
        lost.Place("lost", 1);
        var named = _files.Begin();
        Write(named.Create("data.gpkg"), "1");
        var folder = named.Place("named", 1);

        var next = Open();
        (await SweepAsync(next, Some.Layer("named") with { Source = new LayerSource.GeoPackage($"{folder}/data.gpkg", "t") })).ShouldBe(1);

        Left().ShouldBe([$"kept/{kept}/data.gpkg", $"named/{folder}/data.gpkg"]);
        (await SweepAsync(next, null)).ShouldBe(0, "what is named is in doubt no more");
    }

    [Fact]
    public async Task What_is_being_published_now_is_not_swept()
    {
        using var draft = _files.Begin();
        Write(draft.Create("data.gpkg"), "1");
        draft.Place("a", 1);

        (await SweepAsync(_files, null)).ShouldBe(0);

        File.Exists(draft.PathOf("data.gpkg")).ShouldBeTrue();
    }

    [Fact]
    public async Task Replaced_data_go_when_nobody_can_be_about_to_open_them()
    {
        var old = Placed("a");
        _files.Doubt("a", old);

        (await _files.SweepAsync(TimeSpan.FromMinutes(1), (_, _) => new(default(Layer)), default)).ShouldBe(0);
        _clock.Advance(TimeSpan.FromMinutes(2));
        using var reader = File.OpenRead(_files.PathOf("a", $"{old}/data.gpkg"));
        (await _files.SweepAsync(TimeSpan.FromMinutes(1), (_, _) => new(default(Layer)), default)).ShouldBe(1);

        Left().ShouldBeEmpty();
        reader.ReadByte().ShouldBe('1', "who reads goes on reading");
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".aside")]
    [InlineData("a/b")]
    [InlineData("")]
    public void What_is_no_id_is_no_path(string id) => Should.Throw<ArgumentException>(() => _files.PathOf(id, "x"));

    private LayerFolders Open() => new(_folder["layers"], _clock, NullLogger.Instance);

    private static Task<int> SweepAsync(LayerFolders files, Layer? layer) =>
        files.SweepAsync(TimeSpan.Zero, (id, _) => new(id == layer?.Id ? layer : null), CancellationToken.None);

    private string Placed(string id)
    {
        using var draft = _files.Begin();
        Write(draft.Create("data.gpkg"), "1");
        var name = draft.Place(id, 1);
        draft.Keep();
        return name;
    }

    private string[] Left() => [.. Directory.EnumerateFiles(_folder["layers"], "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder["layers"], path)).Order(StringComparer.Ordinal)];

    private static void Write(Stream stream, string text)
    {
        using var writer = new StreamWriter(stream);
        writer.Write(text);
    }
}
