using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GeoWps.Adapters.Formats;

/// <summary>Writes a feature's properties: every column in the order of the header, <c>null</c> where the feature has no value.</summary>
internal sealed class PropertiesJson
{
    private readonly Pooled<byte> _output;
    private readonly IReadOnlyList<FlatGeobufColumn> _columns;
    private readonly byte[][] _names;
    private readonly (int Start, int Length)[] _values;

    public PropertiesJson(Pooled<byte> output, IReadOnlyList<FlatGeobufColumn> columns)
    {
        _output = output;
        _columns = columns;
        _values = new (int, int)[columns.Count];
        using var name = new Pooled<byte>();
        _names = [.. columns.Select(column => Quoted(column.Name, name))];
    }

    public void Write(ReadOnlySpan<byte> properties)
    {
        Locate(properties);
        _output.Add((byte)'{');
        for (var i = 0; i < _names.Length; i++)
        {
            _output.AddRange(_names[i].AsSpan(i == 0 ? 1 : 0));
            var (start, length) = _values[i];
            if (start == 0)
            {
                _output.AddRange("null"u8);
            }
            else
            {
                WriteValue(properties.Slice(start, length), _columns[i].Type);
            }
        }

        _output.Add((byte)'}');
    }

    /// <summary>Finds the values; a writer may store them in any order.</summary>
    private void Locate(ReadOnlySpan<byte> properties)
    {
        Array.Clear(_values);
        for (var at = 0; at < properties.Length;)
        {
            var column = at + 2 <= properties.Length ? BinaryPrimitives.ReadUInt16LittleEndian(properties[at..]) : int.MaxValue;
            if (column >= _values.Length)
            {
                throw new DamagedFlatBufferException("a property of no column");
            }

            at += 2;
            long length = SizeOf(_columns[column].Type);
            if (length == 0)
            {
                length = at + 4 <= properties.Length ? BinaryPrimitives.ReadUInt32LittleEndian(properties[at..]) : uint.MaxValue;
                at += 4;
            }

            if (at + length > properties.Length)
            {
                throw new DamagedFlatBufferException($"the value of property \"{_columns[column].Name}\" is cut off");
            }

            _values[column] = (at, (int)length);
            at += (int)length;
        }
    }

    /// <summary>Bytes of a value; 0 for those that tell their own length.</summary>
    private static int SizeOf(ColumnType type) => type switch
    {
        ColumnType.Byte or ColumnType.UByte or ColumnType.Bool => 1,
        ColumnType.Short or ColumnType.UShort => 2,
        ColumnType.Int or ColumnType.UInt or ColumnType.Float => 4,
        ColumnType.Long or ColumnType.ULong or ColumnType.Double => 8,
        ColumnType.String or ColumnType.Json or ColumnType.DateTime or ColumnType.Binary => 0,
    };

    private void WriteValue(ReadOnlySpan<byte> value, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.Byte:
                WriteInteger((sbyte)value[0]);
                break;
            case ColumnType.UByte:
                WriteInteger(value[0]);
                break;
            case ColumnType.Bool:
                _output.AddRange(value[0] != 0 ? "true"u8 : "false"u8);
                break;
            case ColumnType.Short:
                WriteInteger(BinaryPrimitives.ReadInt16LittleEndian(value));
                break;
            case ColumnType.UShort:
                WriteInteger(BinaryPrimitives.ReadUInt16LittleEndian(value));
                break;
            case ColumnType.Int:
                WriteInteger(BinaryPrimitives.ReadInt32LittleEndian(value));
                break;
            case ColumnType.UInt:
                WriteInteger(BinaryPrimitives.ReadUInt32LittleEndian(value));
                break;
            case ColumnType.Long:
                WriteInteger(BinaryPrimitives.ReadInt64LittleEndian(value));
                break;
            case ColumnType.ULong:
                WriteUnsigned(BinaryPrimitives.ReadUInt64LittleEndian(value));
                break;
            case ColumnType.Float:
                // The shortest digits of the float, not those of the double that it widens to.
                WriteReal(float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(value))
                    ? double.Parse(BinaryPrimitives.ReadSingleLittleEndian(value).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                    : double.NaN);
                break;
            case ColumnType.Double:
                WriteReal(BinaryPrimitives.ReadDoubleLittleEndian(value));
                break;
            case ColumnType.Json:
                WriteJson(value);
                break;
            case ColumnType.Binary:
                _output.Add((byte)'"');
                Base64.EncodeToUtf8(value, _output.Extend(Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out _);
                _output.Add((byte)'"');
                break;
            case ColumnType.String or ColumnType.DateTime:
                JsonEscapes.Quote(value, _output);
                break;
        }
    }

    private void WriteInteger(long value)
    {
        Utf8Formatter.TryFormat(value, _output.Extend(NumberText.Longest), out var length);
        _output.Truncate(_output.Count - NumberText.Longest + length);
    }

    private void WriteUnsigned(ulong value)
    {
        Utf8Formatter.TryFormat(value, _output.Extend(NumberText.Longest), out var length);
        _output.Truncate(_output.Count - NumberText.Longest + length);
    }

    /// <summary>Whole numbers get <c>.0</c>, so that the column is one of reals again when it is read; JSON has no infinities.</summary>
    private void WriteReal(double value)
    {
        if (!double.IsFinite(value))
        {
            _output.AddRange("null"u8);
            return;
        }

        var into = _output.Extend(NumberText.Longest);
        var length = NumberText.Write(value, -1, into);
        var isWhole = !into[..length].ContainsAny("."u8[0], "e"u8[0], "E"u8[0]);
        _output.Truncate(_output.Count - NumberText.Longest + length);
        if (isWhole)
        {
            _output.AddRange(".0"u8);
        }
    }

    private void WriteJson(ReadOnlySpan<byte> value)
    {
        try
        {
            var cursor = new JsonCursor(value);
            cursor.Skip();
            if (cursor.Peek() == 0)
            {
                _output.AddRange(value);
                return;
            }
        }
        catch (GeoJsonException)
        {
            // A column may call itself JSON and hold any text.
        }

        JsonEscapes.Quote(value, _output);
    }

    /// <summary><c>,"name":</c></summary>
    private static byte[] Quoted(string name, Pooled<byte> buffer)
    {
        buffer.Clear();
        buffer.Add((byte)',');
        JsonEscapes.Quote(Encoding.UTF8.GetBytes(name), buffer);
        buffer.Add((byte)':');
        return buffer.Items.ToArray();
    }
}
