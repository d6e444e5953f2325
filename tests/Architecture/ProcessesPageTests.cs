using System.Text.RegularExpressions;

namespace GeoWps.Tests.Architecture;

/// <summary>The page that says which algorithms are off says all of them, and nothing else.</summary>
public sealed partial class ProcessesPageTests
{
    [Fact]
    public void The_page_of_processes_lists_each_algorithm_that_is_off() => Differences(
        Repository.Sources("src/Adapters/Execution/Policy", "OffByDefault.cs").Single().Text,
        Repository.Sources("docs", "processes.md").Single().Text).ShouldBeEmpty();

    [Fact]
    public void Control_an_id_in_one_of_the_two_is_found() =>
        Differences("Rows(Code, \"qgis:a gdal:b \" + \"native:c\")", "| reason | off |\n|---|---|\n| why | `gdal:b` `native:c` `native:d` |\n\n`native:e`").ShouldBe(["qgis:a", "native:d"], ignoreOrder: true);

    private static string[] Differences(string code, string page)
    {
        var rows = page[page.IndexOf("| reason | off |", StringComparison.Ordinal)..].Split('\n').TakeWhile(line => line.StartsWith('|'));
        var ids = Ids(code);
        ids.SymmetricExceptWith(rows.SelectMany(Ids));
        return [.. ids];
    }

    private static HashSet<string> Ids(string text) => [.. Id().Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"\b(native|qgis|gdal):[a-z0-9_]+")]
    private static partial Regex Id();
}
