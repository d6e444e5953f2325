using GeoWps.Application.Ports;
using GeoWps.Domain.Files;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Unit.Files;

/// <summary>What every <see cref="IFileIndex"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class FileIndexContract : IDisposable
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private static readonly FileViewer _everything = new(null, true, true);

    private readonly Lazy<IFileIndex> _index;

    protected FileIndexContract() => _index = new Lazy<IFileIndex>(Open);

    protected TestClock Clock { get; } = new();

    protected IFileIndex Index => _index.Value;

    protected abstract IFileIndex Open();

    /// <summary>The same data, as the next process finds them a good while later.</summary>
    protected abstract IFileIndex Reopen();

    public void Dispose()
    {
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    [Fact]
    public async Task A_file_is_found_as_it_was_stored_with_its_folders()
    {
        var file = File("江河/長江 🌊.gpkg", "li") with { Length = 17, ContentType = "x/y", ETag = "tag", Sha256 = "ab", Contents = "{}" };
        await KeepAsync(Folder("江河", "li"), file);

        (await Index.FindAsync(file.Path, None)).ShouldBe(file);
        (await Index.LineAsync(Path("江河/長江 🌊.gpkg"), None)).Select(entry => entry.Path.Text).ShouldBe(["江河", "江河/長江 🌊.gpkg"]);
        (await Index.LineAsync(Path("江河/none/deeper"), None)).Select(entry => entry.Path.Text).ShouldBe(["江河"]);
        (await Index.FindAsync(Path("長江 🌊.gpkg"), None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_that_is_stored_again_is_replaced_and_a_folder_stays()
    {
        await KeepAsync(Folder("a", "x"), File("a/b", "x") with { Length = 5, ETag = "1", Contents = "{}" });
        await Index.ShareAsync(Path("a/b"), true, None);

        await KeepAsync(Folder("a", "y"), File("a/b", "x") with { Length = 7, ETag = "2" });

        var file = (await Index.FindAsync(Path("a/b"), None)).ShouldNotBeNull();
        (file.Length, file.ETag, file.Contents, file.IsPublic).ShouldBe((7, "2", null, true));
        (await Index.FindAsync(Path("a"), None)).ShouldNotBeNull().Owner.ShouldBe("x");
    }

    [Fact]
    public async Task A_folder_is_listed_in_pages_in_any_order()
    {
        await KeepAsync(
            Folder("f", null), Folder("f/z", null), File("f/z/deep", null), Folder("fa", null),
            File("f/a", null) with { Length = 3, ContentType = "b/b", Modified = At(1) }, File("f/b", null) with { Length = 1, ContentType = "c/c", Modified = At(3) },
            File("f/c", null) with { Length = 2, ContentType = "a/a", Modified = At(2) }, File("f/é", null) with { Length = 2, ContentType = "a/a", Modified = At(2) });

        (await NamesAsync("f", FileOrder.Name, false)).ShouldBe(["z", "a", "b", "c", "é"]);
        (await NamesAsync("f", FileOrder.Name, true)).ShouldBe(["z", "é", "c", "b", "a"]);
        (await NamesAsync("f", FileOrder.Size, false)).ShouldBe(["z", "b", "c", "é", "a"]);
        (await NamesAsync("f", FileOrder.Modified, true)).ShouldBe(["z", "b", "é", "c", "a"]);
        (await NamesAsync("f", FileOrder.Type, false)).ShouldBe(["z", "c", "é", "a", "b"]);
        (await NamesAsync("", FileOrder.Name, false)).ShouldBe(["f", "fa"]);
        (await NamesAsync("f", FileOrder.Name, false, isRecursive: true)).ShouldBe(["z", "a", "b", "c", "deep", "é"]);
    }

    [Fact]
    public async Task A_listing_has_what_its_viewer_may_see()
    {
        await KeepAsync(File("mine", "me"), File("nobodys", null), File("yours", "you"), Folder("open", "you"), File("open/in", "you"), File("shown", "you"));
        await Index.ShareAsync(Path("open"), true, None);
        await Index.ShareAsync(Path("shown"), true, None);

        (await SeenAsync(new FileViewer("me", true, false))).ShouldBe(["open", "mine", "nobodys", "open/in", "shown"]);
        (await SeenAsync(new FileViewer("me", false, false))).ShouldBe(["open", "mine", "open/in", "shown"]);
        (await SeenAsync(new FileViewer(null, true, false))).ShouldBe(["open", "nobodys", "open/in", "shown"]);
        (await SeenAsync(_everything)).ShouldBe(["open", "mine", "nobodys", "open/in", "shown", "yours"]);

        async Task<List<string>> SeenAsync(FileViewer viewer) =>
            [.. (await Index.ListAsync(new FileQuery(FilePath.Root, viewer, 100) { IsRecursive = true }, None)).Select(entry => entry.Path.Text)];
    }

    [Fact]
    public async Task What_moves_takes_along_what_is_below_it()
    {
        await KeepAsync(Folder("a", "x"), Folder("a/b", "x"), File("a/b/c", "x") with { Length = 3, ETag = "t", Contents = "{}" }, File("ab", "x"), Folder("t", "x"));

        await ChangeAsync(FileChangeKind.Move, "a", new FileEffect.Moved(Path("a"), Path("t/n")));

        (await NamesAsync("", FileOrder.Name, false, isRecursive: true, whole: true)).ShouldBe(["t", "t/n", "t/n/b", "ab", "t/n/b/c"]);
        (await NamesAsync("t/n", FileOrder.Name, false)).ShouldBe(["b"]);
        (await Index.FindAsync(Path("t/n/b/c"), None)).ShouldNotBeNull().Contents.ShouldBe("{}");
        (await Index.TwinAsync(Path("T/N/b/C"), None)).ShouldNotBeNull().Path.Text.ShouldBe("t/n/b/c");
    }

    [Fact]
    public async Task A_copy_is_somebodys_own_and_not_public()
    {
        await KeepAsync(Folder("a", "x"), File("a/b", "x") with { Length = 3, ETag = "t" });
        await Index.ShareAsync(Path("a"), true, None);

        await ChangeAsync(FileChangeKind.Copy, "a", new FileEffect.Copied(Path("a"), Path("c"), "y"));

        (await Index.FindAsync(Path("c"), None)).ShouldNotBeNull().IsPublic.ShouldBeFalse();
        var copy = (await Index.FindAsync(Path("c/b"), None)).ShouldNotBeNull();
        (copy.Owner, copy.Length, copy.ETag).ShouldBe(("y", 3, "t"));
        (await NamesAsync("c", FileOrder.Name, false)).ShouldBe(["b"]);
        (await Index.UseAsync("y", None)).ShouldBe(new FileUse(6, 3));
    }

    [Fact]
    public async Task What_is_removed_is_gone_with_what_is_below_it_and_nothing_beside_it()
    {
        await KeepAsync(Folder("a", null), File("a/b", null), File("a-", null), File("a0", null), File("ab", null));

        await ChangeAsync(FileChangeKind.Remove, "a", new FileEffect.Removed(Path("a")));

        (await NamesAsync("", FileOrder.Name, false, isRecursive: true)).ShouldBe(["a-", "a0", "ab"]);
    }

    [Fact]
    public async Task Sums_are_kept_by_owner()
    {
        await KeepAsync(Folder("a", "x"), File("a/1", "x") with { Length = 10 }, File("a/2", "y") with { Length = 5 }, File("a/3", null) with { Length = 1 });
        (await Index.UseAsync("x", None)).ShouldBe(new FileUse(16, 10));
        (await Index.UseAsync(null, None)).ShouldBe(new FileUse(16, 1));
        (await Index.BelowAsync(Path("a"), "x", None)).ShouldBe(new FilesBelow(3, 16, 1));

        await KeepAsync(File("a/1", "x") with { Length = 4 });
        var begun = Change(FileChangeKind.Store, "b") with { Owner = "x", Bytes = 100 };
        await Index.BeginAsync(begun, None);
        (await Index.UseAsync("x", None)).ShouldBe(new FileUse(110, 104));
        await Index.EndAsync(begun, [new FileEffect.Removed(Path("a"))], None);

        (await Index.UseAsync("x", None)).ShouldBe(new FileUse(0, 0));
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a/b", "a", true)]
    [InlineData("a", "a/b/c", true)]
    [InlineData("a/b", "A/B", true)]
    [InlineData("a", "ab", false)]
    [InlineData("a/b", "a/c", false)]
    public async Task Changes_that_meet_are_one_after_the_other(string one, string other, bool meet)
    {
        var (first, second) = (Change(FileChangeKind.Store, one), Change(FileChangeKind.Move, "elsewhere") with { Target = Path(other) });
        (await Index.BeginAsync(first, None)).ShouldBeNull();

        var inTheWay = await Index.BeginAsync(second, None);

        if (!meet)
        {
            inTheWay.ShouldBeNull();
            return;
        }

        inTheWay.ShouldBe(first);
        (await Index.EndAsync(first, [], None)).ShouldBeTrue();
        (await Index.BeginAsync(second, None)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_that_begin_at_once_one_does()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Index.BeginAsync(Change(FileChangeKind.Store, i % 2 == 0 ? "a" : "a/b"), None))));

        outcomes.Count(outcome => outcome is null).ShouldBe(1);
    }

    [Fact]
    public async Task A_change_that_a_process_left_is_lost_and_ended_once()
    {
        var left = Change(FileChangeKind.Move, "a") with { Target = Path("b"), Owner = "x", IsFolder = true };
        await Index.BeginAsync(left, None);
        (await Index.LostAsync(None)).ShouldBeEmpty();

        var later = Reopen();

        (await later.LostAsync(None)).ShouldBe([left with { IsLost = true }]);
        (await later.BeginAsync(Change(FileChangeKind.Store, "b/c"), None)).ShouldNotBeNull().IsLost.ShouldBeTrue();
        (await later.EndAsync(left, [new FileEffect.Stored(File("b", "x"))], None)).ShouldBeTrue();
        (await later.EndAsync(left, [new FileEffect.Removed(Path("b"))], None)).ShouldBeFalse();
        (await later.FindAsync(Path("b"), None)).ShouldNotBeNull();
        (await later.LostAsync(None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_file_holds_is_kept_while_it_is_the_same_file()
    {
        await KeepAsync(File("a", null) with { ETag = "1" });

        await Index.NoteContentsAsync(Path("a"), "0", "{\"old\": true}", None);
        (await Index.FindAsync(Path("a"), None)).ShouldNotBeNull().Contents.ShouldBeNull();
        await Index.NoteContentsAsync(Path("a"), "1", "{}", None);

        (await Index.FindAsync(Path("a"), None)).ShouldNotBeNull().Contents.ShouldBe("{}");
        await Index.NoteContentsAsync(Path("a"), "1", null, None);
        (await Index.FindAsync(Path("a"), None)).ShouldNotBeNull().Contents.ShouldBeNull();
        (await Index.ShareAsync(Path("none"), true, None)).ShouldBeFalse();
    }

    protected static FilePath Path(string text) => FilePath.TryParse(text, out var path, out var mistake) ? path : throw new ArgumentException(mistake);

    private static DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private static FileEntry File(string path, string? owner) => new(Path(path), false, owner) { Modified = At(1) };

    private static FileEntry Folder(string path, string? owner) => new(Path(path), true, owner) { Modified = At(1) };

    private static FileChange Change(FileChangeKind kind, string path) => new(Guid.NewGuid(), kind, Path(path), null, null, 0, false);

    private Task KeepAsync(params FileEntry[] entries) => ChangeAsync(FileChangeKind.Store, "kept", [.. entries.Select(entry => new FileEffect.Stored(entry))]);

    private async Task ChangeAsync(FileChangeKind kind, string path, params FileEffect[] effects)
    {
        var change = Change(kind, path);
        (await Index.BeginAsync(change, None)).ShouldBeNull();
        (await Index.EndAsync(change, effects, None)).ShouldBeTrue();
    }

    /// <summary>Read in pages of two.</summary>
    private async Task<List<string>> NamesAsync(string folder, FileOrder order, bool isDescending, bool isRecursive = false, bool whole = false)
    {
        var names = new List<string>();
        for (FileEntry? after = null; ;)
        {
            var page = await Index.ListAsync(new FileQuery(Path(folder), _everything, 2) { Order = order, IsDescending = isDescending, IsRecursive = isRecursive, After = after }, None);
            names.AddRange(page.Select(entry => whole ? entry.Path.Text : entry.Path.Name));
            if (page.Count < 2)
            {
                return names;
            }

            after = page[^1];
        }
    }
}
