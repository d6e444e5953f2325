using System.Buffers.Binary;

namespace GeoWps.Adapters.Formats;

/// <summary>The second pass: writes FlatGeobuf's properties, each a column's number and its value.</summary>
internal sealed class PropertiesWriter(Columns columns, FeatureIds ids) : IPropertySink, IDisposable
{
    private readonly Pooled<byte> _text = new();
    private readonly (int Start, int End)[] _places = new (int Start, int End)[columns.Count];
    private readonly Pooled<byte> _id = new();
    private readonly Column? _idColumn = ids == FeatureIds.Column && columns.TryFind("id"u8, out var column) ? column : null;
    private bool _idAmongProperties;

    public Pooled<byte> Bytes { get; } = new(1024);

    public void Begin()
    {
        columns.BeginFeature();
        Bytes.Clear();
        _id.Clear();
        _idAmongProperties = false;
        Array.Clear(_places);
    }

    public void Property(ref JsonCursor cursor, JsonString name)
    {
        if (!columns.TryFind(Plain(name), out var column))
        {
            throw new InvalidDataException("The input changed while it was read.");
        }

        ref var place = ref _places[column.Index];
        if (place.End > 0)
        {
            Remove(place);
        }

        _idAmongProperties |= column == _idColumn;
        var start = Bytes.Count;
        Write(ref cursor, column);
        place = Bytes.Count > start ? (start, Bytes.Count) : default;
    }

    // The properties may still hold an "id", which then wins: keep the text until the end of the feature.
    public void Id(ref JsonCursor cursor)
    {
        cursor.Peek();
        var start = cursor.Position;
        cursor.Skip();
        if (_idColumn is not null)
        {
            _id.Clear();
            _id.AddRange(cursor.Since(start));
        }
    }

    public void End()
    {
        if (_id.Count > 0 && !_idAmongProperties)
        {
            var cursor = new JsonCursor(_id.Items);
            Write(ref cursor, _idColumn!);
        }
    }

    public void Dispose()
    {
        _text.Dispose();
        _id.Dispose();
        Bytes.Dispose();
    }

    private void Write(ref JsonCursor cursor, Column column)
    {
        var kind = cursor.Peek();
        var start = cursor.Position;
        if (kind == 'n')
        {
            cursor.TakeWord("null"u8);
            return;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(Bytes.Extend(2), (ushort)column.Index);
        if (kind == '"')
        {
            WriteText(cursor.TakeString("a string"), column.Type);
        }
        else if (column.Type == ColumnType.String)
        {
            cursor.Skip();
            Append(cursor.Since(start));
        }
        else if (kind is (byte)'t' or (byte)'f')
        {
            cursor.Skip();
            WriteNumber(column.Type, kind == 't' ? 1 : 0, kind == 't' ? 1 : 0);
        }
        else
        {
            var number = cursor.TakeNumber("a value");
            var value = number.TryGetInt64(out var integer);
            WriteNumber(column.Type, integer, column.Type == ColumnType.Double || !value ? number.ToDouble() : 0);
        }
    }

    private void WriteNumber(ColumnType type, long integer, double real)
    {
        if (type == ColumnType.Bool)
        {
            Bytes.Add((byte)integer);
        }
        else if (type == ColumnType.Int)
        {
            BinaryPrimitives.WriteInt32LittleEndian(Bytes.Extend(4), (int)integer);
        }
        else if (type == ColumnType.Long)
        {
            BinaryPrimitives.WriteInt64LittleEndian(Bytes.Extend(8), integer);
        }
        else
        {
            BinaryPrimitives.WriteDoubleLittleEndian(Bytes.Extend(8), real);
        }
    }

    private void WriteText(JsonString text, ColumnType type)
    {
        if (type != ColumnType.DateTime)
        {
            Append(text);
            return;
        }

        Span<byte> date = stackalloc byte[DateText.Longest];
        DateText.TryWriteDateTime(Plain(text), date, out var length);
        Append(date[..length]);
    }

    private void Append(JsonString text)
    {
        var length = Bytes.Count;
        Bytes.Extend(4);
        JsonEscapes.Unescape(text, Bytes);
        BinaryPrimitives.WriteInt32LittleEndian(Bytes.Items[length..], Bytes.Count - length - 4);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Bytes.Extend(4), text.Length);
        Bytes.AddRange(text);
    }

    /// <summary>A name that comes twice: the last value counts, and readers refuse a column that is set twice.</summary>
    private void Remove((int Start, int End) place)
    {
        var length = place.End - place.Start;
        Bytes.Items[place.End..].CopyTo(Bytes.Items[place.Start..]);
        Bytes.Truncate(Bytes.Count - length);
        foreach (ref var other in _places.AsSpan())
        {
            if (other.Start >= place.End)
            {
                other = (other.Start - length, other.End - length);
            }
        }
    }

    private ReadOnlySpan<byte> Plain(JsonString text)
    {
        if (!text.Escaped)
        {
            return text.Raw;
        }

        _text.Clear();
        JsonEscapes.Unescape(text, _text);
        return _text.Items;
    }
}
