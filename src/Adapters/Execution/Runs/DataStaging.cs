using System.Globalization;
using System.Text.RegularExpressions;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Staging;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>Brings data into one job's folder: fetched, decoded, unpacked, and GeoJSON that is large as FlatGeobuf. The same reference is fetched once.</summary>
internal sealed partial class DataStaging(Job job, string folder, InputReader reader, IFeatureFormats formats, long mostBytes)
{
    private const int HeadBytes = 8 * 1024;

    /// <summary>Unpacked bytes for each byte that an input may have.</summary>
    private const int MostUnpacked = 4;

    /// <summary>Below it GDAL reads GeoJSON in less time than it takes to turn it into something else.</summary>
    private const long LargeGeoJson = 64 * 1024;

    private readonly Dictionary<(InputValue.Reference Reference, DataUse Use), (StagedData? Data, string? Refusal)> _fetched = [];
    private int _count;

    /// <param name="name">Of the input: what data without a name of its own is called.</param>
    /// <returns>The data, or why it can't be used.</returns>
    public async Task<(StagedData? Data, string? Refusal)> StageAsync(InputValue value, string name, DataUse use, CancellationToken cancellationToken)
    {
        if (value is not InputValue.Reference reference)
        {
            return await BringAsync(value, name, use, cancellationToken);
        }

        var key = (reference with { Href = reference.Href.Split('#')[0] }, use);
        if (!_fetched.TryGetValue(key, out var known))
        {
            known = await BringAsync(value, name, use, cancellationToken);
            _fetched.Add(key, known);
        }

        return known;
    }

    private async Task<(StagedData? Data, string? Refusal)> BringAsync(InputValue value, string name, DataUse use, CancellationToken cancellationToken)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"inputs/{++_count}");
        var arrived = Path.Combine(folder, place, "arriving");
        PrivateFolder.Make(Path.Combine(folder, place));
        InputContent content;
        await using (var file = new FileStream(arrived, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: false))
        {
            content = await reader.CopyAsync(job, value, file, cancellationToken);
        }

        if (content is not InputContent.Copied copied)
        {
            return (null, ((InputContent.Refused)content).Message);
        }

        if (copied.Length == 0)
        {
            return (null, "is empty");
        }

        var (kind, refusal) = Identify(arrived, value.MediaType ?? copied.MediaType, copied.FileName, use);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        if (kind.MediaType == DataFormats.Zip && use != DataUse.ZipFile)
        {
            return await UnpackAsync(arrived, place, name, use, cancellationToken);
        }

        var stem = Stem(copied.FileName, name);
        var path = $"{place}/{stem}.{ExtensionOf(kind, copied.FileName, use)}";
        File.Move(arrived, Path.Combine(folder, path));
        return await PrepareAsync(new StagedData(path, kind, stem), place, use, cancellationToken);
    }

    private async Task<(StagedData? Data, string? Refusal)> UnpackAsync(string arrived, string place, string name, DataUse use, CancellationToken cancellationToken)
    {
        var unpacked = $"{place}/data";
        var outcome = await SafeZip.ExtractAsync(arrived, Path.Combine(folder, unpacked), new SafeZipLimits(MostUnpacked * mostBytes), cancellationToken);
        File.Delete(arrived);
        if (outcome is not UnzipOutcome.Extracted { Files: var files })
        {
            return (null, ((UnzipOutcome.Refused)outcome).Message);
        }

        var main = SafeZip.MainFile(files);
        if (main is null)
        {
            return use == DataUse.Folder ? (new StagedData(unpacked, new DataKind(DataFormats.Zip, ""), name, unpacked, files), null) : (null, "holds no data that is known");
        }

        var (kind, refusal) = Identify(Path.Combine(folder, unpacked, main), null, main, use);
        if (refusal is not null || (kind.MediaType == DataFormats.Zip && use != DataUse.Folder))
        {
            return (null, refusal ?? "holds another zip: its files must lie at its top");
        }

        return await PrepareAsync(new StagedData($"{unpacked}/{main}", kind, Path.GetFileNameWithoutExtension(main), unpacked, files), place, use, cancellationToken);
    }

    private async Task<(StagedData? Data, string? Refusal)> PrepareAsync(StagedData data, string place, DataUse use, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, data.Path);
        if (data.Kind.MediaType == DataFormats.FlatGeobuf)
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false);
            return await formats.FindDamageAsync(file, cancellationToken) is { } damage ? (null, $"is a damaged FlatGeobuf: {damage}") : (data, null);
        }

        if (use != DataUse.Vector || data.Kind.MediaType != DataFormats.GeoJson || new FileInfo(path).Length < LargeGeoJson)
        {
            return (data, null);
        }

        // Never into an unpacked zip: its files may have any name.
        var target = $"{place}/{Stem(Path.GetFileName(data.Path), "data")}.fgb";
        FeatureOutcome outcome;
        await using (var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false))
        await using (var converted = new FileStream(Path.Combine(folder, target), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024, useAsync: false))
        {
            outcome = await formats.WriteFlatGeobufAsync(source, converted, data.Name, cancellationToken);
        }

        switch (outcome)
        {
            // An empty FlatGeobuf is none that GDAL would read.
            case FeatureOutcome.Written { Features: > 0 } written:
                File.Delete(path);
                return (data with { Path = target, Kind = new DataKind(DataFormats.FlatGeobuf, "fgb"), Crs = written.Crs }, null);
            case FeatureOutcome.Invalid invalid:
                return (null, $"must be GeoJSON: {invalid.Message}");
            default:
                File.Delete(Path.Combine(folder, target));
                return (data, null);
        }
    }

    private static (DataKind Kind, string? Refusal) Identify(string path, string? mediaType, string fileName, DataUse use)
    {
        var head = new byte[HeadBytes];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var read = head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        if (use is not (DataUse.Vector or DataUse.OtherLayer))
        {
            return (ContentSniffer.Identify(read, mediaType, fileName), null);
        }

        var kind = ContentSniffer.IdentifyLayer(read, mediaType, fileName);
        return (kind, TextData.Refuse(read, read.Length == file.Length, kind, fileName));
    }

    private static string ExtensionOf(DataKind kind, string fileName, DataUse use) =>
        use == DataUse.File && kind.MediaType is DataFormats.Text or DataFormats.AsciiGrid && new DeclaredName(fileName) is { PlainTextExtension: { } own } ? own : kind.Extension;

    /// <summary>A file's name without its extension, as the layer is called; a colon or a bar in it would be QGIS's syntax.</summary>
    private static string Stem(string fileName, string name)
    {
        var stem = Harmful().Replace(Path.GetFileNameWithoutExtension(fileName), "_").Trim('.', '_', ' ');
        if (stem.Length == 0)
        {
            stem = Harmful().Replace(name, "_").Trim('.', '_', ' ');
        }

        return stem.Length == 0 ? "data" : stem[..Math.Min(stem.Length, 60)];
    }

    [GeneratedRegex(@"[^\w.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Harmful();
}

/// <summary>What data is brought for; decides whether a zip is unpacked and GeoJSON converted.</summary>
internal enum DataUse
{
    Vector,
    OtherLayer,
    File,

    /// <summary>A file that is to stay a zip.</summary>
    ZipFile,
    Folder,
}
