using System.Security.Cryptography;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Deployment;

namespace GeoWps.Adapters.Execution.Deployment;

/// <summary>
/// The files of what was deployed. A unit lies where QGIS loads it from, under its process's name, and that file alone says what is deployed: a package is
/// found by the digest of its unit, so that the two never disagree, whenever the machine stops.
/// </summary>
internal sealed class DeployedFiles(ExecutionFolders folders)
{
    /// <summary>Bytes of a file's name, which most file systems limit to 255.</summary>
    private const int MaxNameLength = 200;

    private string Packages => Path.Combine(folders.Deployed, "packages");

    public static string DigestOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <returns><see langword="null"/> for an id that nothing deployed can have.</returns>
    public string? PathOf(string id)
    {
        var (folder, extension, name) = id.Split(':', 2) switch
        {
            ["model", var model] => (folders.DeployedModels, ".model3", model),
            ["script", var script] => (folders.DeployedScripts, ".py", script),
            _ => ("", "", ""),
        };

        // Escaped, no name leads anywhere and no two share a file.
        return Uri.EscapeDataString(name) is { Length: > 0 and <= MaxNameLength } escaped ? Path.Combine(folder, escaped + extension) : null;
    }

    public bool Has(string id) => PathOf(id) is { } path && File.Exists(path);

    public async Task<byte[]?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return PathOf(id) is { } path ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The unit appears in one step, after its package.</summary>
    public async Task WriteAsync(string id, ReadOnlyMemory<byte> unit, ApplicationPackage package)
    {
        var path = PathOf(id) ?? throw new ArgumentException("No file can have its name.", nameof(id));
        var packagePath = PackageOf(DigestOf(unit.Span));
        PrivateFolder.Make(Packages);
        if (PackageMedia.IsPackage(package.MediaType))
        {
            await WriteAsideAsync(packagePath, package.Content);
        }
        else
        {
            File.Delete(packagePath);
        }

        await WriteAsideAsync(path, unit);
    }

    /// <summary>Its package goes when things are tidied.</summary>
    public void Remove(string id) => File.Delete(PathOf(id)!);

    /// <returns>The package of a unit; a unit that came bare is its own.</returns>
    public async Task<ApplicationPackage> PackageAsync(string id, byte[] unit, CancellationToken cancellationToken)
    {
        try
        {
            return new ApplicationPackage(PackageMedia.Package, await File.ReadAllBytesAsync(PackageOf(DigestOf(unit)), cancellationToken));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ApplicationPackage(PackageMedia.NameOf(id.StartsWith("model:", StringComparison.Ordinal) ? UnitKind.Model : UnitKind.Script), unit);
        }
    }

    /// <summary>Ids of all that is deployed here.</summary>
    public IReadOnlyList<string> Ids() =>
    [
        .. Directory.EnumerateFiles(folders.DeployedModels, "*.model3").Select(file => $"model:{Uri.UnescapeDataString(Path.GetFileNameWithoutExtension(file))}"),
        .. Directory.EnumerateFiles(folders.DeployedScripts, "*.py").Select(file => $"script:{Uri.UnescapeDataString(Path.GetFileNameWithoutExtension(file))}"),
    ];

    /// <summary>Whether what is here are copies of a cluster's.</summary>
    public bool AreCopies => File.Exists(CopiesMark);

    public void MarkAsCopies() => File.WriteAllBytes(CopiesMark, []);

    /// <summary>Packages whose unit is not there any more.</summary>
    public void Tidy()
    {
        if (!Directory.Exists(Packages))
        {
            return;
        }

        var kept = new[] { folders.DeployedModels, folders.DeployedScripts }.SelectMany(Directory.EnumerateFiles).Select(file => DigestOf(File.ReadAllBytes(file))).ToHashSet();
        foreach (var package in Directory.EnumerateFiles(Packages).Where(file => !kept.Contains(Path.GetFileNameWithoutExtension(file))))
        {
            File.Delete(package);
        }
    }

    private string CopiesMark => Path.Combine(folders.Deployed, "copies");

    private string PackageOf(string digest) => Path.Combine(Packages, digest + ".json");

    /// <summary>The name aside has an extension that QGIS does not look for.</summary>
    private static async Task WriteAsideAsync(string path, ReadOnlyMemory<byte> content)
    {
        var aside = path + ".new";
        await File.WriteAllBytesAsync(aside, content, CancellationToken.None);
        File.Move(aside, path, overwrite: true);
    }
}
