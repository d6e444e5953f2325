using System.Diagnostics.CodeAnalysis;

namespace GeoWps.Adapters.Formats;

/// <summary>What kinds of values a property has had in any feature.</summary>
[Flags]
internal enum PropertyKinds
{
    None = 0,
    Bool = 1,
    Int = 2,
    Long = 4,
    Double = 8,
    Text = 16,
    Date = 32,
    Time = 64,
    DateTime = 128,
    OddDate = 256,
    Dates = Date | Time | DateTime | OddDate,
    Numbers = Bool | Int | Long | Double,
}

/// <summary>One property of the collection on its way to become a column.</summary>
internal sealed class Column(byte[] name)
{
    public byte[] Name { get; } = name;

    public PropertyKinds Kinds { get; set; }

    public int Index { get; set; }

    public ColumnType Type { get; set; }
}

/// <summary>The columns in the order in which their properties appear first.</summary>
internal sealed class Columns
{
    // The driver of GDAL 3.6 reads no more.
    private const int Most = ushort.MaxValue;

    private readonly Dictionary<byte[], Column> _byName = new(Utf8NameComparer.Instance);
    private readonly Dictionary<byte[], Column>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<Column> _columns = [];
    private int _expected;

    public Columns() => _lookup = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();

    public IReadOnlyList<Column> All => _columns;

    public Column this[int index] => _columns[index];

    public int Count => _columns.Count;

    public void BeginFeature() => _expected = 0;

    /// <summary>Finds a column; quick when features name their properties in the same order.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Column? column)
    {
        if (_expected < _columns.Count && _columns[_expected].Name.AsSpan().SequenceEqual(name))
        {
            column = _columns[_expected++];
            return true;
        }

        if (!_lookup.TryGetValue(name, out column))
        {
            return false;
        }

        _expected = column.Index + 1;
        return true;
    }

    public Column FindOrAdd(ReadOnlySpan<byte> name) => TryFind(name, out var column) ? column : Insert(_columns.Count, name);

    public Column Insert(int index, ReadOnlySpan<byte> name)
    {
        if (_columns.Count == Most)
        {
            NotRepresentableException.Throw($"more than {Most} different properties");
        }

        var column = new Column(name.ToArray());
        _byName.Add(column.Name, column);
        _columns.Insert(index, column);
        for (var i = index; i < _columns.Count; i++)
        {
            _columns[i].Index = i;
        }

        _expected = index + 1;
        return column;
    }

    /// <summary>Settles the type of each column once all values have been seen.</summary>
    public void Settle()
    {
        foreach (var column in _columns)
        {
            column.Type = TypeOf(column);
        }
    }

    private static ColumnType TypeOf(Column column)
    {
        var kinds = column.Kinds;
        if (kinds == PropertyKinds.None)
        {
            return ColumnType.String;
        }

        if ((kinds & ~PropertyKinds.Numbers) == 0)
        {
            return kinds >= PropertyKinds.Double ? ColumnType.Double
                : kinds >= PropertyKinds.Long ? ColumnType.Long
                : kinds >= PropertyKinds.Int ? ColumnType.Int
                : ColumnType.Bool;
        }

        if ((kinds & ~PropertyKinds.Dates) != 0)
        {
            return ColumnType.String;
        }

        // As with GDAL, days among dates with times are their midnights; only days, or only times, have no type here.
        if (kinds is PropertyKinds.DateTime or (PropertyKinds.DateTime | PropertyKinds.Date))
        {
            return ColumnType.DateTime;
        }

        var what = kinds == PropertyKinds.Date ? "dates" : kinds == PropertyKinds.Time ? "times" : "dates or times";
        throw new NotRepresentableException($"property \"{System.Text.Encoding.UTF8.GetString(column.Name)}\" holds {what}, which FlatGeobuf has no type for");
    }
}

/// <summary>Compares names byte by byte, so that a name in a buffer is found without making an array of it.</summary>
internal sealed class Utf8NameComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static Utf8NameComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] name) => GetHashCode(name.AsSpan());

    public bool Equals(ReadOnlySpan<byte> name, byte[] other) => name.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> name) => name.ToArray();
}
