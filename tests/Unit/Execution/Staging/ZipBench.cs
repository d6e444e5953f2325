using GeoWps.Adapters.Execution.Staging;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Unit.Execution.Staging;

/// <summary>A zip file on disk and a folder that it is unpacked into, in which there is a file already.</summary>
internal sealed class ZipBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ZipBench()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "before.txt"), "was here");
    }

    public string Target => _folder["target"];

    public string[] Contents => [.. Directory.EnumerateFileSystemEntries(_folder.Root, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(_folder.Root, path)).Order(StringComparer.Ordinal)];

    public async Task<UnzipOutcome> ExtractAsync(byte[] zip, SafeZipLimits? limits = null, CancellationToken cancellationToken = default, Func<IReadOnlyList<string>, bool>? isWanted = null)
    {
        await File.WriteAllBytesAsync(_folder["a.zip"], zip, CancellationToken.None);
        return await SafeZip.ExtractAsync(_folder["a.zip"], Target, limits ?? new SafeZipLimits(1 << 30), cancellationToken, isWanted);
    }

    public async Task<string> RefusalOfAsync(byte[] zip, SafeZipLimits? limits = null)
    {
        var outcome = await ExtractAsync(zip, limits);
        NothingIsLeft();
        return outcome.ShouldBeOfType<UnzipOutcome.Refused>().Message;
    }

    public void NothingIsLeft() => Contents.ShouldBe(["a.zip", "target", "target/before.txt"]);

    public void Dispose() => _folder.Dispose();
}
