using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Unit.Execution.Catalogue;

public sealed class CatalogueKeyTests : IDisposable
{
    private static readonly DateTime _then = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly ExecutionFolders _folders;

    public CatalogueKeyTests()
    {
        _folders = new ExecutionFolders(_folder.Root, _folder["models"], _folder["scripts"]);
        Put("models/a.model3", "model");
        Put("scripts/a.py", "script");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_key_stays_while_nothing_changes()
    {
        var (all, own) = Keys();

        Keys().ShouldBe((all, own));
        Put("models/readme.txt", "hello");
        Put("scripts/a.model3", "no script");
        Keys().ShouldBe((all, own));
    }

    [Theory]
    [InlineData("models/b.model3")]
    [InlineData("models/deep/er/b.model3")]
    [InlineData("scripts/b.py")]
    [InlineData("scripts/deep/b.py")]
    [InlineData("scripts/B.PY")]
    public void A_file_that_QGIS_would_read_changes_the_key_when_it_comes_and_goes(string name)
    {
        var before = Keys();

        Put(name, "new");
        var with = Keys();
        File.Delete(_folder[name]);

        with.All.ShouldNotBe(before.All);
        with.Own.ShouldNotBe(before.Own);
        Keys().ShouldBe(before);
    }

    [Theory]
    [InlineData("models/a.model3")]
    [InlineData("scripts/a.py")]
    public void A_file_that_changes_in_size_or_time_changes_the_key(string name)
    {
        var before = Keys();

        Put(name, "longer than before");
        var larger = Keys();
        File.SetLastWriteTimeUtc(_folder[name], _then.AddSeconds(1));
        var later = Keys();

        larger.Own.ShouldNotBe(before.Own);
        later.Own.ShouldNotBe(larger.Own);
        new[] { before.All, larger.All, later.All }.ShouldBeUnique();
    }

    [Fact]
    public void A_file_that_moves_from_one_name_to_another_changes_the_key()
    {
        var before = Keys();

        File.Move(_folder["models/a.model3"], _folder["models/b.model3"]);

        Keys().Own.ShouldNotBe(before.Own);
    }

    [Fact]
    public void A_linked_file_counts_and_a_folder_that_leads_round_in_a_circle_does_not()
    {
        var before = Keys();

        Directory.CreateSymbolicLink(_folder["models/round"], _folder["models"]);
        Keys().ShouldBe(before);
        File.CreateSymbolicLink(_folder["models/b.model3"], _folder["models/a.model3"]);
        Keys().Own.ShouldNotBe(before.Own);
    }

    [Fact]
    public void Folders_that_are_not_there_are_empty_ones()
    {
        var nowhere = new ExecutionFolders(_folder.Root, _folder["nowhere"], _folder["nowhere either"]);
        var empty = new ExecutionFolders(_folder.Root, Directory.CreateDirectory(_folder["x"]).FullName, Directory.CreateDirectory(_folder["y"]).FullName);

        CatalogueKey.OfFolders(nowhere).ShouldBe(CatalogueKey.OfFolders(empty));
    }

    private (string All, string Own) Keys() => (CatalogueKey.Of(_folders), CatalogueKey.OfFolders(_folders));

    private void Put(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], content);
        File.SetLastWriteTimeUtc(_folder[name], _then);
    }
}
