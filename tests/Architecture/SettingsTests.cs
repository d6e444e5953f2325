using System.Text.RegularExpressions;

namespace GeoWps.Tests.Architecture;

/// <summary>The settings' reference page names what there is, and nothing else.</summary>
public sealed partial class SettingsTests
{
    [Fact]
    public void Every_setting_is_in_the_reference_page_and_no_other() =>
        Differences(Repository.Sources("src", "*.cs"), Repository.Sources("docs", "settings.md").Single().Text).ShouldBeEmpty();

    [Fact]
    public void Every_setting_has_one_line_in_the_reference_page() => Doubles(Repository.Sources("docs", "settings.md").Single().Text).ShouldBeEmpty();

    [Fact]
    public void Control_a_setting_with_two_lines_is_found() => Doubles("| `Jobs:Old` | a |\n| `Jobs:New` | b |\n| `Jobs:Old` | c |").ShouldBe(["Jobs:Old"]);

    [Fact]
    public void Control_a_setting_without_a_line_and_a_line_without_a_setting_are_found()
    {
        var options = new SourceFile("src/A.cs", "public const string Section = \"Jobs\";\npublic int MaxQueued { get; set; } = 1;\npublic int Old { get; set; } = 1;");

        Differences([options], "| `urls` | … |\n| `Jobs:Old` | … |\n| `Jobs:Gone` | … |").ShouldBe(["Jobs:MaxQueued", "Jobs:Gone"], ignoreOrder: true);
    }

    [Fact]
    public void Every_section_can_be_set() =>
        NotTaken(Repository.Sources("src", "*.cs"), Repository.Sources("src", "SettingsSources.cs").Single().Text).ShouldBeEmpty();

    [Fact]
    public void Control_a_section_that_the_start_refuses_is_found() =>
        NotTaken([new SourceFile("src/A.cs", "public const string Section = \"Jobs\";"), new SourceFile("src/B.cs", "public const string Section = \"Node\";")], "[\"urls\", \"Node\"]")
            .ShouldBe(["Jobs"]);

    private static string[] NotTaken(IEnumerable<SourceFile> files, string sources) =>
        [.. files.Select(file => Section().Match(file.Text)).Where(section => section.Success).Select(section => section.Groups["name"].Value)
            .Where(name => !sources.Contains($"\"{name.Split(':')[0]}\"", StringComparison.Ordinal))];

    private static string[] Doubles(string page) => [.. Row().Matches(page).GroupBy(row => row.Groups["name"].Value).Where(rows => rows.Count() > 1).Select(rows => rows.Key)];

    private static string[] Differences(IEnumerable<SourceFile> files, string page)
    {
        var there = files.SelectMany(file => Section().Match(file.Text) is { Success: true } section
            ? Setting().Matches(file.Text, section.Index).Select(setting => $"{section.Groups["name"].Value}:{setting.Groups["name"].Value}")
            : []).ToHashSet(StringComparer.Ordinal);
        there.SymmetricExceptWith(Row().Matches(page).Select(row => row.Groups["name"].Value));
        return [.. there];
    }

    [GeneratedRegex("public const string Section = \"(?<name>[\\w:]+)\";")]
    private static partial Regex Section();

    [GeneratedRegex(@"public [\w?\[\]<>, ]+ (?<name>\w+) \{ get; set; \}")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^\| `(?<name>\w+:[\w:]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();
}
