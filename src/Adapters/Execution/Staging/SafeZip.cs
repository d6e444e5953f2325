using System.Globalization;
using System.IO.Compression;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>Unpacks zip files of strangers: all of a file that is harmless, nothing of one that is not.</summary>
internal static class SafeZip
{
    /// <summary>A list of files is read into memory before it can be counted; this much of it is for one file.</summary>
    private const int DirectoryBytesPerEntry = 1024;

    /// <param name="zipPath">The whole file; it is left as it is.</param>
    /// <param name="folder">Is made if it is not there. What is already in it stays.</param>
    /// <param name="isWanted">Told the names of its files before the first is unpacked; where it says no, none is.</param>
    public static async Task<UnzipOutcome> ExtractAsync(
        string zipPath, string folder, SafeZipLimits limits, CancellationToken cancellationToken, Func<IReadOnlyList<string>, bool>? isWanted = null)
    {
        await using var file = new FileStream(zipPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        await using var source = new ZipSource(file, DirectoryBytesPerEntry * (limits.Entries + 1L));
        try
        {
            await using var zip = await ZipArchive.CreateAsync(source, ZipArchiveMode.Read, leaveOpen: true, null, cancellationToken);
            var entries = zip.Entries;
            source.EndOfDirectory();
            if (entries.Count > limits.Entries)
            {
                return new UnzipOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"holds more than {limits.Entries} files"));
            }

            if (ZipNames.Objection(entries) is { } objection)
            {
                return new UnzipOutcome.Refused(objection);
            }

            if (isWanted?.Invoke([.. entries.Where(entry => !IsFolder(entry)).Select(entry => entry.FullName)]) == false)
            {
                return new UnzipOutcome.Extracted([]);
            }

            return await CopyAsync(entries, new ZipBudget(limits, file.Length), folder, cancellationToken);
        }
        catch (InvalidDataException error)
        {
            return new UnzipOutcome.Refused($"is no readable zip file: {error.Message}");
        }
    }

    /// <summary>The file of an unpacked zip that is opened as its data.</summary>
    /// <param name="files">As <see cref="ExtractAsync"/> gave them.</param>
    /// <returns>Null where nothing in it is data.</returns>
    public static string? MainFile(IReadOnlyList<string> files) => ZipContent.MainFile(files);

    private static async Task<UnzipOutcome> CopyAsync(
        IReadOnlyList<ZipArchiveEntry> entries, ZipBudget budget, string folder, CancellationToken cancellationToken)
    {
        using var target = new UnpackedFiles(folder);
        var files = new List<string>();
        foreach (var entry in entries)
        {
            if (IsFolder(entry))
            {
                target.AddFolder(entry.FullName.TrimEnd('/'));
                continue;
            }

            if (await ZipEntryCopy.RunAsync(entry, target, budget, cancellationToken) is { } objection)
            {
                return new UnzipOutcome.Refused(objection);
            }

            files.Add(entry.FullName);
        }

        target.Keep();
        return new UnzipOutcome.Extracted(files);
    }

    private static bool IsFolder(ZipArchiveEntry entry) => entry.FullName.EndsWith('/');
}
