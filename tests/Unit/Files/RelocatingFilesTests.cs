using GeoWps.Application.Files;
using GeoWps.Application.Security;

namespace GeoWps.Tests.Unit.Files;

public sealed class RelocatingFilesTests
{
    [Fact]
    public async Task A_file_moves_and_replaces_only_when_that_is_asked_for()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a", "1");
        await rig.PutAsync("b/c", "2");

        (await rig.MoveAsync("a", "b/c")).ShouldBeOfType<FileOutcome.Conflict>().Message.ShouldContain("overwrite=true");
        (await rig.MoveAsync("a", "b/c", overwrite: true)).ShouldBeOfType<FileOutcome.Done>().IsNew.ShouldBeFalse();
        (await rig.MoveAsync("b/c", "d/e/f")).ShouldBeOfType<FileOutcome.Done>().IsNew.ShouldBeTrue();

        (await rig.PathsAsync()).ShouldBe(["b", "d", "d/e", "d/e/f"]);
        (await rig.KeysAsync()).ShouldBe(["d/e/f"]);
        (await rig.ReadAsync("d/e/f")).ShouldBe("1");
    }

    [Fact]
    public async Task A_folder_moves_with_all_that_is_in_it_and_never_onto_another()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a/1", "1");
        await rig.PutAsync("a/b/2", "2");
        await rig.PutAsync("c/3", "3");
        await rig.Store.MakeFolderAsync(FileRig.Path("a/empty"), FileRig.Li, CancellationToken.None);

        (await rig.MoveAsync("a", "c", overwrite: true)).ShouldBeOfType<FileOutcome.Conflict>();
        (await rig.MoveAsync("a", "a/b/x")).ShouldBeOfType<FileOutcome.Conflict>();
        (await rig.MoveAsync("a", "c/3/x")).ShouldBeOfType<FileOutcome.Conflict>();
        (await rig.MoveAsync("nothing", "x")).ShouldBeOfType<FileOutcome.Missing>();
        (await rig.MoveAsync("a", "c/a")).ShouldBeOfType<FileOutcome.Done>();
        (await rig.MoveAsync("c/a/empty", "other")).ShouldBeOfType<FileOutcome.Done>();

        (await rig.PathsAsync()).ShouldBe(["c", "c/3", "c/a", "c/a/1", "c/a/b", "c/a/b/2", "other"]);
        (await rig.KeysAsync()).ShouldBe(["c/3", "c/a/1", "c/a/b/2"]);
        (await rig.ReadAsync("c/a/b/2")).ShouldBe("2");
    }

    [Fact]
    public async Task A_copy_is_the_copiers_and_lives_for_itself()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a/1", "1");
        await rig.Library.ShareAsync(FileRig.Path("a"), true, FileRig.Li, CancellationToken.None);

        (await rig.CopyAsync("a", "b/a", FileRig.Ana)).ShouldBeOfType<FileOutcome.Done>().Entry.Owner.ShouldBe("ana");
        await rig.RemoveAsync("a", isRecursive: true);

        (await rig.ReadAsync("b/a/1", FileRig.Ana)).ShouldBe("1");
        (await rig.ReadAsync("b/a/1", FileRig.Li)).ShouldBeNull();
        (await rig.KeysAsync()).ShouldBe(["b/a/1"]);
    }

    [Fact]
    public async Task A_folder_with_something_of_somebody_elses_stays()
    {
        using var rig = new FileRig();
        await rig.PutAsync("all/of-nobody", "1", FileRig.Anonymous);
        await rig.PutAsync("all/of-ana", "2", FileRig.Ana);

        (await rig.RemoveAsync("all", isRecursive: true)).ShouldBeOfType<FileOutcome.Forbidden>();
        (await rig.MoveAsync("all", "mine")).ShouldBeOfType<FileOutcome.Forbidden>();
        (await rig.CopyAsync("all", "mine")).ShouldBeOfType<FileOutcome.Forbidden>();
        (await rig.RemoveAsync("all", Caller.Administrator, isRecursive: true)).ShouldBeOfType<FileOutcome.Done>();
        (await rig.PathsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_with_files_is_removed_only_when_that_is_asked_for()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a/b/c", "1");

        (await rig.RemoveAsync("a")).ShouldBeOfType<FileOutcome.Conflict>().Message.ShouldContain("1 files");
        (await rig.RemoveAsync("a/b/c")).ShouldBeOfType<FileOutcome.Done>();
        (await rig.RemoveAsync("a")).ShouldBeOfType<FileOutcome.Done>();
        (await rig.RemoveAsync("a")).ShouldBeOfType<FileOutcome.Missing>();
        (await rig.RemoveAsync("")).ShouldBeOfType<FileOutcome.Conflict>();
    }
}
