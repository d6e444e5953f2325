using FsCheck;
using FsCheck.Fluent;
using GeoWps.Adapters.Gateway.Routing;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class InnerPathsTests
{
    [Theory]
    [InlineData("/admin")]
    [InlineData("/Admin/layers")]
    [InlineData("//admin")]
    [InlineData("/\\admin")]
    [InlineData("/./metrics")]
    [InlineData("/x/../admin")]
    [InlineData("/x/..%2fadmin")]
    [InlineData("/%61dmin/nodes")]
    [InlineData("/%2561dmin")]
    [InlineData("/admin%2Flayers")]
    [InlineData("/admin;a=b/layers")]
    [InlineData("/health/offer")]
    public void What_is_for_the_inside_is_seen_however_it_is_written(string path) => InnerPaths.Holds(path).ShouldBeTrue();

    [Theory]
    [InlineData("/")]
    [InlineData("/administration")]
    [InlineData("/collections/admin/tiles")]
    [InlineData("/processes/native%3Abuffer")]
    [InlineData("/collections/a..b/tiles")]
    [InlineData("/files/a%20b")]
    public void What_is_for_everybody_is_not(string path) => InnerPaths.Holds(path).ShouldBeFalse();

    /// <summary>Whatever a reader makes of a path: decoding it once or twice, taking dots for steps, slashes of both kinds for one.</summary>
    [Fact]
    public void No_path_that_some_reader_takes_for_the_inside_passes()
    {
        var piece = Gen.Elements("/", "/", "\\", "%2f", "%5C", "%252F", ".", "..", "%2e", "%2E%2e", "admin", "ADMIN", "%61dmin", "%2561dmin", "metrics", "health", "x", "collections", ";a", "%");
        var paths = Gen.ArrayOf(piece).Select(pieces => "/" + string.Concat(pieces));
        Prop.ForAll(paths.ToArbitrary(), path => InnerPaths.Holds(path) || !Readings(path).Any(IsInner)).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static IEnumerable<string> Readings(string path)
    {
        for (var i = 0; i < 3; i++)
        {
            yield return path;
            yield return path.Replace('\\', '/');
            path = Uri.UnescapeDataString(path);
        }
    }

    // As the framework's server reads a path, and as one that folds slashes does.
    private static bool IsInner(string path)
    {
        var kept = new List<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == "..")
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (segment != ".")
            {
                kept.Add(segment);
            }
        }

        return kept.Count > 0 && kept[0].ToUpperInvariant() is ("ADMIN" or "METRICS" or "HEALTH");
    }
}
