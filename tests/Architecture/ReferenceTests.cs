namespace GeoWps.Tests.Architecture;

/// <summary>Who may know whom: the core knows nobody, adapters know the core and not each other, the host knows all.</summary>
public sealed class ReferenceTests
{
    private const string Host = "GeoWps";

    /// <summary>A package stands where it belongs, and nowhere else. Whoever needs one more writes it down here.</summary>
    private static readonly Dictionary<string, string[]> _packages = new(StringComparer.Ordinal)
    {
        ["GeoWps.Domain"] = [],
        ["GeoWps.Application"] = ["Cronos", "Microsoft.Extensions.Hosting.Abstractions"],
        ["GeoWps.Adapters.Discovery"] = ["Npgsql"],
        ["GeoWps.Adapters.Execution"] = [],
        ["GeoWps.Adapters.Formats"] = ["Google.FlatBuffers", "NetTopologySuite"],
        ["GeoWps.Adapters.Gateway"] = ["Yarp.ReverseProxy"],
        ["GeoWps.Adapters.Http"] = ["FastEndpoints"],
        ["GeoWps.Adapters.Messaging"] = ["WolverineFx.Postgresql"],
        ["GeoWps.Adapters.References"] = ["SSH.NET"],
        ["GeoWps.Adapters.Shell"] = ["Spectre.Console", "System.CommandLine"],
        ["GeoWps.Adapters.Storage"] = ["Marten", "Microsoft.Data.Sqlite", "NetTopologySuite", "Npgsql"],
        ["GeoWps.Adapters.TileSources"] = ["Microsoft.Data.Sqlite", "NetTopologySuite", "Npgsql", "ProjNET"],
        [Host] = ["OpenTelemetry"],
    };

    /// <summary>Those that may see ASP.NET Core.</summary>
    private static readonly string[] _web = ["GeoWps.Adapters.Http", "GeoWps.Adapters.WebUi", "GeoWps.Adapters.Gateway", Host];

    [Fact]
    public void Projects_reference_only_what_their_ring_may_know() => ForbiddenReferences(Repository.Projects()).ShouldBeEmpty();

    [Theory]
    [InlineData("GeoWps.Domain", "GeoWps.Application")]
    [InlineData("GeoWps.Application", "GeoWps.Adapters.Storage")]
    [InlineData("GeoWps.Adapters.Http", "GeoWps.Adapters.Storage")]
    [InlineData("GeoWps.Adapters.Http", "GeoWps.Domain")]
    [InlineData("GeoWps.Adapters.Http", "GeoWps")]
    [InlineData("GeoWps.Adapters.Http", "GeoWps.Adapters.*")]
    [InlineData("GeoWps.Adapters.Shell", "GeoWps.Application")]
    public void Control_a_forbidden_reference_is_found(string from, string to) =>
        ForbiddenReferences([Project(from, $"<ProjectReference Include=\"../x/{to}.csproj\" />")]).ShouldHaveSingleItem();

    [Fact]
    public void Packages_stand_only_where_they_belong() => ForbiddenPackages(Repository.Projects()).ShouldBeEmpty();

    [Theory]
    [InlineData("GeoWps.Domain", "Newtonsoft.Json")]
    [InlineData("GeoWps.Adapters.Http", "Npgsql")]
    [InlineData("GeoWps.Adapters.Storage", "Yarp.ReverseProxy")]
    [InlineData("GeoWps.Adapters.Storage", "WolverineFx.Postgresql")]
    [InlineData("GeoWps.Adapters.Messaging", "Marten")]
    [InlineData("GeoWps.Adapters.New", "Anything")]
    public void Control_a_package_in_a_wrong_place_is_found(string project, string package) =>
        ForbiddenPackages([Project(project, $"<PackageReference Include=\"{package}\" />")]).ShouldHaveSingleItem();

    [Fact]
    public void Only_the_web_side_sees_the_web_framework() => ForbiddenFrameworks(Repository.Projects()).ShouldBeEmpty();

    [Theory]
    [InlineData("Microsoft.NET.Sdk", "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />")]
    [InlineData("Microsoft.NET.Sdk.Web", "")]
    public void Control_the_web_framework_in_storage_is_found(string sdk, string items) =>
        ForbiddenFrameworks([Project("GeoWps.Adapters.Storage", items, sdk)]).ShouldHaveSingleItem();

    [Fact]
    public void Every_project_has_its_line_in_this_file()
    {
        var projects = Repository.Projects().Select(project => project.Name).ToArray();

        projects.ShouldContain("GeoWps.Domain");
        projects.ShouldBeSubsetOf([.. _packages.Keys]);
    }

    private static string[] ForbiddenReferences(IEnumerable<ProjectFile> projects) =>
        [.. projects.SelectMany(project => project.References.Where(reference => !MayKnow(project.Name, reference)).Select(reference => $"{project.Name} → {reference}"))];

    private static bool MayKnow(string project, string reference) => project switch
    {
        Host => reference.StartsWith("GeoWps.", StringComparison.Ordinal),
        "GeoWps.Domain" or "GeoWps.Adapters.Shell" => false,
        "GeoWps.Application" => reference == "GeoWps.Domain",
        _ => reference == "GeoWps.Application",
    };

    private static string[] ForbiddenPackages(IEnumerable<ProjectFile> projects) =>
        [.. projects.SelectMany(project => project.Packages.Except(_packages.GetValueOrDefault(project.Name, [])).Select(package => $"{project.Name}: {package}"))];

    private static string[] ForbiddenFrameworks(IEnumerable<ProjectFile> projects) =>
        [.. projects.Where(project => (project.Frameworks.Count > 0 || project.Sdk != "Microsoft.NET.Sdk") && !_web.Contains(project.Name)).Select(project => project.Name)];

    private static ProjectFile Project(string name, string items, string sdk = "Microsoft.NET.Sdk") =>
        ProjectFile.Parse($"src/x/{name}.csproj", $"<Project Sdk=\"{sdk}\"><ItemGroup>{items}</ItemGroup></Project>");
}
