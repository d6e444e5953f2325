using System.Text.Json;
using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Execution.Catalogue;

public sealed class QgisCatalogueTests : IDisposable
{
    private const string Algorithm = """
        {"id":"@id","provider":"@provider","title":"TITLE","group":"g","help":"h","keywords":[],
         "flags":{"deprecated":false,"hidden":false,"standalone":true,"requiresProject":false,"canCancel":true,"raw":0},
         "parameters":[{"name":"INPUT","type":"source","description":"Input","help":"","default":null,"optional":false,"advanced":false,"hidden":false,
          "dynamic":false,"destination":false,"map":{"data_types":[2]}}],
         "outputs":[{"name":"COUNT","type":"outputNumber","description":"Count"}]}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ExecutionFolders _folders;

    public QgisCatalogueTests() => _folders = new ExecutionFolders(_folder["data"], _folder["models"], _folder["scripts"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_QGIS_told_is_offered_after_the_policy()
    {
        var catalogue = Refreshed(Answer("native:buffer", "gdal:executesql"));

        catalogue.Current.Processes.Keys.ShouldBe(["native:buffer"]);
        catalogue.Find("native:buffer").ShouldNotBeNull().Algorithm.FindParameter("INPUT").ShouldNotBeNull().Integers("data_types").ShouldBe([2]);
        catalogue.Find("gdal:executesql").ShouldBeNull();
        catalogue.LeftOut.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("gdal:executesql", OffByDefault.Reason("gdal:executesql")!));
    }

    [Fact]
    public void Before_QGIS_told_anything_nothing_is_offered()
    {
        var catalogue = Catalogue();

        catalogue.TryLoadKept().ShouldBeFalse();
        catalogue.Current.Processes.ShouldBeEmpty();
        catalogue.Find("native:buffer").ShouldBeNull();
    }

    [Fact]
    public void An_alias_finds_its_process_and_is_in_no_list()
    {
        var catalogue = Refreshed(Answer(
            ["native:aggregate", "gdal:executesql"],
            """{"qgis:aggregate":"native:aggregate","qgis:sql":"gdal:executesql","native:aggregate":"native:aggregate","qgis:gone":"native:gone"}"""));

        catalogue.Current.Find("qgis:aggregate").ShouldBeSameAs(catalogue.Current.Find("native:aggregate"));
        catalogue.Current.Processes.Keys.ShouldBe(["native:aggregate"]);
        catalogue.Current.Aliases.Keys.ShouldBe(["qgis:aggregate"]);
    }

    [Fact]
    public void What_was_kept_is_there_at_the_next_start()
    {
        var before = Refreshed(Answer(["native:buffer"], """{"qgis:buffer":"native:buffer"}"""));

        var after = Catalogue();

        after.TryLoadKept().ShouldBeTrue();
        after.Current.Version.ShouldBe(before.Current.Version);
        after.Current.Find("qgis:buffer").ShouldNotBeNull().Inputs.Select(input => (input.Id, input.Schema.ToJsonString()))
            .ShouldBe(before.Current.Find("qgis:buffer").ShouldNotBeNull().Inputs.Select(input => (input.Id, input.Schema.ToJsonString())));
        Directory.GetFiles(Path.GetDirectoryName(_folders.CatalogueCache)!).ShouldBe([_folders.CatalogueCache]);
    }

    [Fact]
    public void What_was_kept_is_judged_by_the_policy_of_today()
    {
        Refreshed(Answer("gdal:executesql"));

        var allowing = Catalogue(new AlgorithmPolicy(trustsCallers: false, ["gdal:executesql"]));

        allowing.TryLoadKept().ShouldBeTrue();
        allowing.Find("gdal:executesql").ShouldNotBeNull();
    }

    [Fact]
    public void What_was_kept_no_longer_holds_when_a_model_has_come()
    {
        Refreshed(Answer("native:buffer"));
        Directory.CreateDirectory(_folders.Models);
        File.WriteAllText(Path.Combine(_folders.Models, "a.model3"), "");

        Catalogue().TryLoadKept().ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"key":"KEY","qgis":"3""")]
    public void What_was_kept_and_is_damaged_is_passed_over(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folders.CatalogueCache)!);
        File.WriteAllText(_folders.CatalogueCache, content.Replace("KEY", CatalogueKey.Of(_folders), StringComparison.Ordinal));

        Catalogue().TryLoadKept().ShouldBeFalse();
    }

    [Fact]
    public void A_folder_that_can_not_be_written_does_not_keep_the_list_from_callers()
    {
        File.WriteAllText(_folder["data"], "in the way");

        Refreshed(Answer("native:buffer")).Find("native:buffer").ShouldNotBeNull();
    }

    [Fact]
    public void The_version_changes_with_what_is_told_and_with_the_policy()
    {
        var versions = new[]
        {
            Refreshed(Answer("native:buffer")),
            Refreshed(Answer("native:buffer", "native:clip")),
            Refreshed(JsonElement.Parse(Answer("native:buffer").GetRawText().Replace("TITLE", "Other", StringComparison.Ordinal))),
            Refreshed(JsonElement.Parse(Answer("native:buffer").GetRawText().Replace("3.22.16", "3.22.17", StringComparison.Ordinal))),
            Refreshed(Answer("native:buffer"), new AlgorithmPolicy(trustsCallers: true, [])),
            Refreshed(Answer("native:buffer"), new AlgorithmPolicy(trustsCallers: false, ["gdal:executesql"])),
        }.Select(catalogue => catalogue.Current.Version);

        versions.ShouldBeUnique();
    }

    [Fact]
    public void The_same_list_again_is_the_same_snapshot_and_another_replaces_it()
    {
        var catalogue = Refreshed(Answer("native:buffer"));
        var first = catalogue.Current;

        catalogue.Refresh(Answer("native:buffer"), "another key");
        var same = catalogue.Current;
        catalogue.Refresh(Answer("native:clip"), "key");

        same.ShouldBeSameAs(first);
        catalogue.Current.Processes.Keys.ShouldBe(["native:clip"]);
    }

    private QgisCatalogue Refreshed(JsonElement answer, AlgorithmPolicy? policy = null)
    {
        var catalogue = Catalogue(policy);
        catalogue.Refresh(answer, CatalogueKey.Of(_folders));
        return catalogue;
    }

    private QgisCatalogue Catalogue(AlgorithmPolicy? policy = null) =>
        new(policy ?? new AlgorithmPolicy(trustsCallers: false, []), _folders, NullLogger<QgisCatalogue>.Instance);

    private static JsonElement Answer(params string[] ids) => Answer(ids, "{}");

    private static JsonElement Answer(string[] ids, string aliases) => JsonElement.Parse(
        $$"""{"op":"catalogue","id":2,"qgis":"3.22.16","algorithms":[{{string.Join(',', ids.Select(Told))}}],"aliases":{{aliases}},"broken":[{"file":"x.model3","reason":"torn"}]}""");

    private static string Told(string id) => Algorithm.Replace("@id", id, StringComparison.Ordinal).Replace("@provider", id.Split(':')[0], StringComparison.Ordinal);
}
