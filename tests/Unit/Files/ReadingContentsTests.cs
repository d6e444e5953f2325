using GeoWps.Application.Files;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Files;

public sealed class ReadingContentsTests
{
    [Fact]
    public async Task A_file_is_read_once_until_it_changes()
    {
        using var rig = new FileRig();
        var inspector = new Inspector();
        await rig.PutAsync("a.csv", "1");
        await rig.PutAsync("a.dbf", "of no shapefile");

        (await ReadAsync(rig, inspector, "a.csv")).ShouldBe("{\"read\":1}");
        (await ReadAsync(rig, inspector, "a.csv")).ShouldBe("{\"read\":1}");
        await rig.PutAsync("a.dbf", "another");
        (await ReadAsync(rig, inspector, "a.csv")).ShouldBe("{\"read\":1}");
        await rig.PutAsync("a.csv", "2");
        (await ReadAsync(rig, inspector, "a.csv")).ShouldBe("{\"read\":2}");
    }

    [Theory]
    [InlineData("shp", "dbf", "prj")]
    [InlineData("SHP", "DBF", "PRJ")]
    public async Task A_shapefile_is_read_again_when_one_of_its_parts_comes_changes_or_goes(string shp, string dbf, string prj)
    {
        using var rig = new FileRig();
        var inspector = new Inspector();
        await rig.PutAsync($"d/a.{shp}", "shapes");
        await rig.PutAsync($"d/a.{dbf}", "1");
        await rig.PutAsync($"d/b.{shp}", "others");
        (await ReadAsync(rig, inspector, $"d/b.{shp}")).ShouldBe("{\"read\":1}");

        var read = 1;
        foreach (var change in new Func<Task<FileOutcome>>[]
        {
            () => rig.PutAsync($"d/a.{dbf}", "2"), () => rig.PutAsync($"d/a.{prj}", "wgs"), () => rig.MoveAsync($"d/a.{prj}", $"d/c.{prj}"),
            () => rig.CopyAsync($"d/c.{prj}", $"d/a.{prj}"), () => rig.RemoveAsync($"d/a.{dbf}"),
        })
        {
            (await ReadAsync(rig, inspector, $"d/a.{shp}")).ShouldBe($"{{\"read\":{++read}}}");
            (await ReadAsync(rig, inspector, $"d/a.{shp}")).ShouldBe($"{{\"read\":{read}}}");
            (await change()).ShouldBeOfType<FileOutcome.Done>();
            (await rig.Index.FindAsync(FileRig.Path($"d/a.{shp}"), CancellationToken.None))!.Contents.ShouldBeNull("no listing shows what was");
        }

        (await rig.MoveAsync("d", "e")).ShouldBeOfType<FileOutcome.Done>();
        (await ReadAsync(rig, inspector, $"e/b.{shp}")).ShouldBe("{\"read\":1}");
    }

    [Fact]
    public async Task What_is_read_while_a_part_changes_is_not_kept()
    {
        using var rig = new FileRig();
        await rig.PutAsync("a.shp", "shapes");
        await rig.PutAsync("a.prj", "1");
        var inspector = new Inspector();
        inspector.While = async () =>
        {
            inspector.While = null;
            await rig.PutAsync("a.prj", "2");
        };

        (await ReadAsync(rig, inspector, "a.shp")).ShouldBe("{\"read\":2}");
        (await rig.Index.FindAsync(FileRig.Path("a.shp"), CancellationToken.None))!.Contents.ShouldBe("{\"read\":2}");

        await rig.PutAsync("a.prj", "3");
        var count = 3;
        inspector.While = () => rig.PutAsync("a.prj", $"{++count}");
        (await ReadAsync(rig, inspector, "a.shp")).ShouldBeNull();
        (await rig.Index.FindAsync(FileRig.Path("a.shp"), CancellationToken.None))!.Contents.ShouldBeNull();
    }

    private static async Task<string?> ReadAsync(FileRig rig, Inspector inspector, string path)
    {
        var entry = (await rig.Library.FindAsync(FileRig.Path(path), FileRig.Li, CancellationToken.None))!;
        var outcome = await new ReadContents(rig.Index, new FileInputs(rig.Library), inspector, rig.News).ExecuteAsync(entry, CancellationToken.None);
        return (outcome as ContentsOutcome.Found)?.Contents;
    }

    private sealed class Inspector : IFileInspector
    {
        private int _count;

        public Func<Task>? While { get; set; }

        public async Task<string> InspectAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
        {
            using var content = new MemoryStream();
            await write(content, cancellationToken);
            await (While?.Invoke() ?? Task.CompletedTask);
            return $"{{\"read\":{++_count}}}";
        }
    }
}
