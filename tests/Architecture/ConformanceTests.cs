using System.Text.RegularExpressions;

namespace GeoWps.Tests.Architecture;

/// <summary>What the server declares is tested: each test of a conformance class carries the id of its abstract test as the trait <c>ATS</c>.</summary>
public sealed partial class ConformanceTests
{
    [Fact]
    public void Every_class_that_is_declared_has_tests_and_no_test_is_for_another() =>
        Differences(Repository.Sources("src", "Conformance.cs").Single().Text, Repository.Sources("tests", "*.cs").Where(file => !file.Path.EndsWith("/ConformanceTests.cs", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Fact]
    public void Control_a_class_without_tests_and_a_test_without_a_class_are_found()
    {
        const string Declaration = "Processes + \"core\",\nProcesses + \"dismiss\",\nDeployment + \"ogcapppkg\",";
        var tests = new SourceFile("tests/A.cs", "[Trait(\"ATS\", \"/conf/core/http\")]\n[Trait(\"ATS\", \"/conf/quotes/price\")]\n[Trait(\"ATS\", \"/conf/dismiss\")]");

        Differences(Declaration, [tests]).ShouldBe(["dismiss", "ogcapppkg", "quotes"], ignoreOrder: true);
    }

    private static string[] Differences(string declaration, IEnumerable<SourceFile> tests)
    {
        var tested = tests.SelectMany(file => AbstractTest().Matches(file.Text)).Select(match => match.Groups["class"].Value).ToHashSet(StringComparer.Ordinal);
        tested.SymmetricExceptWith(Declared(declaration));
        return [.. tested];
    }

    private static string[] Declared(string declaration) => [.. Class().Matches(declaration).Select(match => match.Groups["class"].Value)];

    [GeneratedRegex("\\w+ \\+ \"(?<class>[\\w-]+)\"")]
    private static partial Regex Class();

    [GeneratedRegex("Trait\\(\"ATS\", \"/conf/(?<class>[\\w-]+)/[\\w/-]+\"\\)")]
    private static partial Regex AbstractTest();
}
