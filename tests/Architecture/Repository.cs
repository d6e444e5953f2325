using System.Reflection;
using System.Xml.Linq;

namespace GeoWps.Tests.Architecture;

/// <summary>A project as its file says.</summary>
/// <param name="Folder">Relative to the repository, with slashes.</param>
/// <param name="References">Names of projects; a wildcard stays one.</param>
internal sealed record ProjectFile(string Name, string Folder, IReadOnlyList<string> References, IReadOnlyList<string> Packages, IReadOnlyList<string> Frameworks, string Sdk)
{
    public static ProjectFile Parse(string path, string xml)
    {
        var document = XDocument.Parse(xml);
        return new ProjectFile(
            Path.GetFileNameWithoutExtension(path),
            Path.GetDirectoryName(path)!.Replace('\\', '/'),
            [.. Includes("ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes("PackageReference")],
            [.. Includes("FrameworkReference")],
            document.Root!.Attribute("Sdk")?.Value ?? "");

        IEnumerable<string> Includes(string element) => document.Descendants(element).Select(item => item.Attribute("Include")?.Value).OfType<string>();
    }
}

/// <summary>A source file.</summary>
/// <param name="Path">Relative to the repository, with slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public IEnumerable<(int Number, string Code)> Lines => Text.Split('\n').Select((line, i) => (i + 1, line.Split("//")[0]));
}

/// <summary>The repository that this was built from.</summary>
internal static class Repository
{
    private static readonly string[] _generated = ["/bin/", "/obj/", "/node_modules/", "/__pycache__/"];

    private static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static IReadOnlyList<ProjectFile> Projects() => [.. Files("src", "*.csproj").Select(path => ProjectFile.Parse(path, Read(path)))];

    public static IReadOnlyList<SourceFile> Sources(string folder, string pattern) => [.. Files(folder, pattern).Select(path => new SourceFile(path, Read(path)))];

    public static IReadOnlyList<string> Folders(string folder) =>
        [.. Directory.EnumerateDirectories(Path.Combine(Root, folder), "*", SearchOption.AllDirectories).Select(Relative).Where(path => IsOurs(path + "/"))];

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories).Select(Relative).Where(IsOurs).Order(StringComparer.Ordinal);

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsOurs(string path) => !Array.Exists(_generated, part => path.Contains(part, StringComparison.Ordinal));
}
