namespace GeoWps.Adapters.Shell.Requests;

/// <summary>Files that live as long as one request.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private readonly List<string> _paths = [];

    public string Create()
    {
        var path = Path.GetTempFileName();
        _paths.Add(path);
        return path;
    }

    public void Dispose()
    {
        foreach (var path in _paths)
        {
            File.Delete(path);
        }
    }
}
