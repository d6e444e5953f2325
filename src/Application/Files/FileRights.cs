using GeoWps.Application.Ports;
using GeoWps.Application.Security;

namespace GeoWps.Application.Files;

/// <summary>
/// Who may do what. A file is its owner's; nobody's is everybody's who may store files. Reading is everybody's where it, or a folder above it, is public.
/// </summary>
internal static class FileRights
{
    /// <param name="line">The folders above and itself, from the top.</param>
    public static bool MayRead(Caller caller, IReadOnlyList<FileEntry> line) => MayChange(caller, line[^1].Owner) || OwnsByName(caller, line[^1].Owner) || line.Any(entry => entry.IsPublic);

    public static bool MayChange(Caller caller, string? owner) => caller.May(Rights.Files) && caller.Owns(owner);

    /// <summary>What a caller sees of a folder.</summary>
    /// <param name="isPublic">It, or one above it.</param>
    public static FileViewer ViewerOf(Caller caller, bool isPublic) => new(caller.Name, caller.May(Rights.Files), caller.IsAdministrator || isPublic);

    // Without the right to store any more, one's own can still be read.
    private static bool OwnsByName(Caller caller, string? owner) => owner is not null && caller.Owns(owner);
}
