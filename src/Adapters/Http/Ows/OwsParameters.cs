namespace GeoWps.Adapters.Http.Ows;

/// <summary>Parameters that mean the same in every service: OWS Common (06-121r3), clause 7.</summary>
internal static class OwsParameters
{
    /// <param name="name">Of the service that is here.</param>
    /// <exception cref="OwsRefusedException">Another service is asked for, or none.</exception>
    public static void CheckService(string? service, string name)
    {
        if (string.IsNullOrEmpty(service))
        {
            throw new OwsRefusedException(OwsFault.Missing("service"));
        }

        if (!service.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            throw new OwsRefusedException(OwsFault.Invalid("service", $"service: must be {name} (got {service})"));
        }
    }

    /// <summary>7.3.3.</summary>
    /// <param name="known">The names that there are, in their proper case; <c>All</c> among them.</param>
    /// <returns><see langword="null"/> for all.</returns>
    /// <exception cref="OwsRefusedException">One is asked for that there is not.</exception>
    public static IReadOnlySet<string>? Sections(IReadOnlyList<string> asked, IReadOnlyList<string> known)
    {
        var found = asked.Select(name => known.FirstOrDefault(section => section.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new OwsRefusedException(OwsFault.Invalid("sections", $"sections: there is no section {name}"))).ToHashSet(StringComparer.Ordinal);
        return found.Count == 0 || found.Contains("All") ? null : found;
    }
}
