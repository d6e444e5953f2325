using System.Text;

namespace GeoWps.Adapters.Formats;

/// <summary>How the features' own ids are kept, decided by the first one as GDAL's GeoJSON driver does.</summary>
internal enum FeatureIds
{
    /// <summary>No feature has one, or an <c>id</c> among the properties wins.</summary>
    None,

    /// <summary>Whole numbers from 0: GDAL makes them feature ids, which FlatGeobuf has not and no algorithm sees as an attribute.</summary>
    Dropped,

    /// <summary>Texts or negative numbers: a column <c>id</c>.</summary>
    Column,
}

/// <summary>The first pass: finds the columns and their types.</summary>
internal sealed class ColumnCollector(Columns columns) : IPropertySink, IDisposable
{
    private readonly Pooled<byte> _text = new();
    private int _columnsBefore;
    private PropertyKinds _id;
    private bool _idIsNatural;
    private bool _idAmongProperties;

    public FeatureIds Ids { get; private set; }

    public void Begin()
    {
        columns.BeginFeature();
        _columnsBefore = columns.Count;
        _id = PropertyKinds.None;
        _idAmongProperties = false;
    }

    public void Property(ref JsonCursor cursor, JsonString name)
    {
        var column = columns.FindOrAdd(Plain(name));
        var isNull = cursor.Peek() == 'n';
        _idAmongProperties |= name.Is("id"u8) && !isNull;
        column.Kinds |= Classify(ref cursor, column, looksForDates: (column.Kinds & PropertyKinds.Text) == 0);
    }

    public void Id(ref JsonCursor cursor)
    {
        _idIsNatural = cursor.Peek() != '-';
        if (cursor.Peek() is (byte)'{' or (byte)'[' or (byte)'t' or (byte)'f')
        {
            cursor.Fail("an \"id\" must be a text or a number");
        }

        _id = Classify(ref cursor, null, looksForDates: false);
    }

    public void End()
    {
        if (_id == PropertyKinds.None)
        {
            return;
        }

        if (!columns.TryFind("id"u8, out var column))
        {
            Ids = Ids == FeatureIds.Dropped || (_idIsNatural && (_id & (PropertyKinds.Int | PropertyKinds.Long)) != 0)
                ? FeatureIds.Dropped
                : FeatureIds.Column;
            column = Ids == FeatureIds.Column ? columns.Insert(_columnsBefore, "id"u8) : null;
        }

        if (Ids != FeatureIds.Dropped && !_idAmongProperties && column is not null)
        {
            Ids = FeatureIds.Column;
            column.Kinds |= _id;
        }
    }

    public void Dispose() => _text.Dispose();

    private PropertyKinds Classify(ref JsonCursor cursor, Column? column, bool looksForDates)
    {
        switch (cursor.Peek())
        {
            case (byte)'"':
                var text = cursor.TakeString("a string");
                return looksForDates ? DateText.Classify(Plain(text)) : PropertyKinds.Text;
            case (byte)'n':
                cursor.TakeWord("null"u8);
                return PropertyKinds.None;
            case (byte)'t':
                cursor.TakeWord("true"u8);
                return PropertyKinds.Bool;
            case (byte)'f':
                cursor.TakeWord("false"u8);
                return PropertyKinds.Bool;
            case (byte)'{' or (byte)'[':
                throw new NotRepresentableException(
                    $"property \"{Encoding.UTF8.GetString(column?.Name ?? [])}\" holds {(cursor.Peek() == '[' ? "an array" : "an object")}");
            default:
                return Classify(cursor.TakeNumber("a value"), ref cursor);
        }
    }

    private static PropertyKinds Classify(JsonNumber number, ref JsonCursor cursor)
    {
        if (number.TryGetInt64(out var value))
        {
            return value is >= int.MinValue and <= int.MaxValue ? PropertyKinds.Int : PropertyKinds.Long;
        }

        if (!double.IsFinite(number.ToDouble()))
        {
            cursor.Fail("a number that is too large");
        }

        return PropertyKinds.Double;
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
