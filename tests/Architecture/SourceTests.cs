using System.Text.RegularExpressions;

namespace GeoWps.Tests.Architecture;

/// <summary>How sources are cut and named.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        TooLong([.. Repository.Sources("src", "*.cs"), .. Repository.Sources("src", "*.py"), .. Repository.Sources("tests", "*.cs")]).ShouldBeEmpty();

    [Fact]
    public void Control_a_long_file_is_found()
    {
        TooLong([new SourceFile("src/A.cs", string.Concat(Enumerable.Repeat("//\n", MaxLines + 1)))]).ShouldHaveSingleItem();
        TooLong([new SourceFile("src/A.cs", string.Concat(Enumerable.Repeat("//\n", MaxLines)))]).ShouldBeEmpty();
    }

    [Fact]
    public void Namespaces_follow_folders() => Misplaced(Repository.Sources("src", "*.cs"), Repository.Projects()).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Domain/Jobs/Job.cs", "namespace GeoWps.Domain;")]
    [InlineData("src/Domain/Job.cs", "namespace GeoWps.Domain.Jobs;")]
    [InlineData("src/Domain/Job.cs", "namespace GeoWps.Domain { }")]
    public void Control_a_namespace_that_leaves_its_folder_is_found(string path, string text) =>
        Misplaced([new SourceFile(path, text)], [ProjectFile.Parse("src/Domain/GeoWps.Domain.csproj", "<Project />")]).ShouldHaveSingleItem();

    [Fact]
    public void Nothing_is_called_after_nothing() =>
        Nameless(Repository.Folders("src"), Repository.Sources("src", "*.cs")).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Application/Common", "")]
    [InlineData("src/Application/Shared/Deep", "")]
    [InlineData("src/Application/Jobs", "public sealed class JobManager")]
    [InlineData("src/Application/Jobs", "internal static class StringUtils")]
    [InlineData("src/Application/Jobs", "public sealed record SharedThing(int A);")]
    [InlineData("src/Application/Jobs", "public interface ICommon")]
    public void Control_a_name_that_says_nothing_is_found(string folder, string text) =>
        Nameless([folder], [new SourceFile($"{folder}/X.cs", text)]).ShouldHaveSingleItem();

    [Fact]
    public void Only_tests_look_inside() => Insiders(Repository.Sources("src", "*.csproj")).ShouldBeEmpty();

    [Fact]
    public void Control_a_look_inside_is_found() =>
        Insiders([new SourceFile("a.csproj", "<InternalsVisibleTo Include=\"GeoWps.Adapters.Http\" />")]).ShouldHaveSingleItem();

    private static string[] TooLong(IEnumerable<SourceFile> files) =>
        [.. files.Where(file => file.Text.Count(c => c == '\n') > MaxLines).Select(file => $"{file.Path}: {file.Text.Count(c => c == '\n')} lines")];

    private static string[] Misplaced(IEnumerable<SourceFile> files, IReadOnlyList<ProjectFile> projects) =>
    [
        .. from file in files
           let project = projects.Where(project => file.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal)).MaxBy(project => project.Folder.Length)
           where project is not null && !file.Path.EndsWith("/Program.cs", StringComparison.Ordinal)
           let folder = Path.GetDirectoryName(file.Path[(project.Folder.Length + 1)..])!.Replace('/', '.')
           let expected = folder.Length == 0 ? project.Name : $"{project.Name}.{folder}"
           let found = Namespace().Match(file.Text).Groups["name"].Value
           where found != expected
           select $"{file.Path}: {found}, not {expected}",
    ];

    private static string[] Nameless(IEnumerable<string> folders, IEnumerable<SourceFile> files) =>
    [
        .. folders.Where(folder => EmptyFolder().IsMatch(folder)),
        .. files.SelectMany(file => file.Lines.Where(line => EmptyType().IsMatch(line.Code)).Select(line => $"{file.Path}:{line.Number}: {line.Code.Trim()}")),
    ];

    private static string[] Insiders(IEnumerable<SourceFile> projects) =>
        [.. projects.SelectMany(project => Insider().Matches(project.Text).Select(match => $"{project.Path}: {match.Groups["name"].Value}"))];

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("/(Common|Shared|Util|Utils|Utilities|Helpers|Managers|Misc)(/|$)", RegexOptions.IgnoreCase)]
    private static partial Regex EmptyFolder();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) +(I?(Common|Shared)\w*|\w*(Manager|Helper|Helpers|Util|Utils|Utilities))\b")]
    private static partial Regex EmptyType();

    [GeneratedRegex("<InternalsVisibleTo Include=\"(?<name>(?!GeoWps\\.Tests\\.|GeoWps\\.Bench)[^\"]+)\"")]
    private static partial Regex Insider();
}
