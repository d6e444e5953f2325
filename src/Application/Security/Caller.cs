namespace GeoWps.Application.Security;

/// <summary>Who asks, and what that one may do.</summary>
/// <param name="Name">Of the token that was shown: what the caller makes is its own. <see langword="null"/>: nobody in particular, or the administrator.</param>
public sealed record Caller(string? Name, Rights Rights)
{
    /// <summary>What the administrator's token makes of a caller.</summary>
    public static Caller Administrator { get; } = new(null, Rights.All);

    public bool IsAdministrator => May(Rights.Admin);

    /// <summary>All of them. The right to administer holds every other.</summary>
    public bool May(Rights rights) => (Rights & Rights.Admin) != 0 || (Rights & rights) == rights;

    /// <summary>Whether something of <paramref name="owner"/> is this caller's to see: what nobody in particular made is everybody's.</summary>
    public bool Owns(string? owner) => owner is null || owner == Name || IsAdministrator;
}

/// <summary>What a token may be used for, <c>--may run,files,publish,admin</c>.</summary>
[Flags]
public enum Rights
{
    None = 0,

    /// <summary>Executing processes.</summary>
    Run = 1,

    /// <summary>Storing files, and uploading.</summary>
    Files = 2,

    /// <summary>Making layers of data, and keeping them.</summary>
    Publish = 4,

    /// <summary>Everything.</summary>
    Admin = 8,

    All = Run | Files | Publish | Admin,
}
