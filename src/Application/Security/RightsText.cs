namespace GeoWps.Application.Security;

/// <summary>Rights as people write them: <c>run,files,publish,admin</c>.</summary>
public static class RightsText
{
    /// <summary>In the order of what they allow.</summary>
    public static IReadOnlyList<string> Names { get; } = ["run", "files", "publish", "admin"];

    private static readonly Rights[] _rights = [Rights.Run, Rights.Files, Rights.Publish, Rights.Admin];

    /// <param name="unknown">The first name that is none; letters' case does not matter.</param>
    public static bool TryRead(IEnumerable<string> names, out Rights rights, out string? unknown)
    {
        (rights, unknown) = (Rights.None, null);
        foreach (var name in names)
        {
            var at = IndexOf(name);
            if (at < 0)
            {
                unknown = name;
                return false;
            }

            rights |= _rights[at];
        }

        return true;
    }

    /// <summary>As they were given: that <c>admin</c> holds the others is not written out.</summary>
    public static IReadOnlyList<string> Of(Rights rights) => [.. Names.Where((_, at) => (rights & _rights[at]) != 0)];

    private static int IndexOf(string name)
    {
        for (var at = 0; at < Names.Count; at++)
        {
            if (Names[at].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return at;
            }
        }

        return -1;
    }
}
