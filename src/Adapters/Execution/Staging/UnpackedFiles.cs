namespace GeoWps.Adapters.Execution.Staging;

/// <summary>What is being unpacked into a folder; it is all removed again unless it is kept.</summary>
internal sealed class UnpackedFiles(string root) : IDisposable
{
    private readonly Stack<string> _files = [];
    private readonly Stack<string> _folders = [];
    private bool _kept;

    public string PathOf(string file) => Path.Combine(root, file);

    public FileStream Create(string file)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } parent)
        {
            AddFolder(parent);
        }
        else
        {
            Make(root);
        }

        // Never over a file that is there, and never through a link.
        var stream = new FileStream(PathOf(file), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        _files.Push(stream.Name);
        return stream;
    }

    public void AddFolder(string folder)
    {
        Make(root);
        var path = root;
        foreach (var segment in folder.Split('/'))
        {
            path = Path.Combine(path, segment);
            Make(path);
        }
    }

    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (_kept)
        {
            return;
        }

        foreach (var file in _files)
        {
            File.Delete(file);
        }

        foreach (var folder in _folders)
        {
            Directory.Delete(folder);
        }
    }

    private void Make(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            _folders.Push(folder);
        }
    }
}
