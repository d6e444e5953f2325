using System.Text;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Keys with a text each, given in any order and read in that of <see cref="KeyOrder"/>: parts are sorted in memory, lie on disk, and are merged. A key that came twice is there twice.</summary>
/// <param name="most">Pairs in memory at once.</param>
public sealed class SortedPairs(int most = 100_000) : IDisposable
{
    private static readonly Comparer<string> Order = Comparer<string>.Create(KeyOrder.Compare);

    private readonly List<(string Key, string Value)> _last = [];
    private readonly List<FileStream> _parts = [];

    public long Count { get; private set; }

    public void Add(string key, string value)
    {
        _last.Add((key, value));
        Count++;
        if (_last.Count >= most)
        {
            Write();
        }
    }

    /// <summary>All, once; nothing is added any more.</summary>
    public IEnumerable<(string Key, string Value)> Read()
    {
        Sort();
        var parts = _parts.Select(ReadPart).Append(_last).Select(part => part.GetEnumerator()).ToList();
        var next = new PriorityQueue<IEnumerator<(string Key, string Value)>, string>(Order);
        foreach (var part in parts.Where(part => part.MoveNext()))
        {
            next.Enqueue(part, part.Current.Key);
        }

        while (next.TryDequeue(out var part, out _))
        {
            yield return part.Current;
            if (part.MoveNext())
            {
                next.Enqueue(part, part.Current.Key);
            }
        }
    }

    public void Dispose() => _parts.ForEach(part => part.Dispose());

    private static IEnumerable<(string Key, string Value)> ReadPart(FileStream part)
    {
        part.Position = 0;
        using var reader = new BinaryReader(part, Encoding.UTF8, leaveOpen: true);
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            yield return (reader.ReadString(), reader.ReadString());
        }
    }

    private void Sort() => _last.Sort((one, other) => KeyOrder.Compare(one.Key, other.Key));

    private void Write()
    {
        Sort();
        var part = NamelessFile.Create();
        _parts.Add(part);
        using var writer = new BinaryWriter(part, Encoding.UTF8, leaveOpen: true);
        writer.Write(_last.Count);
        foreach (var (key, value) in _last)
        {
            writer.Write(key);
            writer.Write(value);
        }

        _last.Clear();
    }
}
