using GeoWps.Adapters.Http.Ows;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>What both encodings of a request agree on: versions, languages, sections.</summary>
internal static class Negotiation
{
    /// <summary>06-121r3, clause 7.3.2: the first version of the caller's list that there is; without a list the highest.</summary>
    public static WpsVersion Version(IReadOnlyList<string> accepted, WpsVersion? otherwise)
    {
        if (accepted.Count == 0)
        {
            return otherwise ?? WpsVersions.All[0];
        }

        return accepted.Select(WpsVersions.Parse).FirstOrDefault(version => version is not null)
            ?? throw new OwsRefusedException(new OwsFault("VersionNegotiationFailed", null, $"There are the versions {WpsVersions.Names}, not {string.Join(", ", accepted)}."));
    }

    /// <summary>Of an operation that does not negotiate.</summary>
    public static WpsVersion Required(string? version)
    {
        if (string.IsNullOrEmpty(version))
        {
            throw new OwsRefusedException(OwsFault.Missing("version"));
        }

        return WpsVersions.Parse(version) ?? throw new OwsRefusedException(OwsFault.Invalid("version", $"version: must be one of {WpsVersions.Names} (got {version})"));
    }

    /// <summary>Texts are English; a request for English of anywhere, or for any language, gets it.</summary>
    public static void CheckLanguage(string? language)
    {
        if (string.IsNullOrEmpty(language)
            || language == "*"
            || language.Split(',').Any(one => one.Trim() is var name && (name.Equals("en", StringComparison.OrdinalIgnoreCase) || name.StartsWith("en-", StringComparison.OrdinalIgnoreCase))))
        {
            return;
        }

        throw new OwsRefusedException(OwsFault.Invalid("language", $"language: there is {OwsNames.Language} only (got {language})"));
    }

    public static bool Flag(string? text, string name) => text?.Trim().ToUpperInvariant() switch
    {
        null or "" or "FALSE" or "0" => false,
        "TRUE" or "1" => true,
        _ => throw new OwsRefusedException(OwsFault.Invalid(name, $"{name}: must be true or false (got {text})")),
    };
}
