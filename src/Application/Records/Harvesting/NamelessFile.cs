namespace GeoWps.Application.Records.Harvesting;

/// <summary>A file without a name from the beginning: whatever kills this process leaves nothing.</summary>
public static class NamelessFile
{
    public static FileStream Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"geowps-harvest-{Guid.NewGuid():N}");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 65_536);
        File.Delete(path);
        return file;
    }
}
