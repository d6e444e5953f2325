namespace GeoWps.Application.Processes.Bodies;

/// <summary>What may come next inside a JSON number or one of the three names.</summary>
internal sealed class JsonScalarState
{
    private Form _form;
    private string _name = "";
    private int _done;

    private enum Form
    {
        Name,
        Minus,
        Zero,
        Whole,
        Point,
        Fraction,
        Exponent,
        ExponentSign,
        ExponentDigits,
    }

    public bool IsComplete => _form switch
    {
        Form.Name => _done == _name.Length,
        Form.Zero or Form.Whole or Form.Fraction or Form.ExponentDigits => true,
        Form.Minus or Form.Point or Form.Exponent or Form.ExponentSign => false,
    };

    /// <summary>Looks at the first byte, which is taken by <see cref="Take"/> like the others.</summary>
    public bool TryBegin(byte first)
    {
        _done = 0;
        _name = first switch
        {
            (byte)'t' => "true",
            (byte)'f' => "false",
            (byte)'n' => "null",
            _ => "",
        };
        _form = _name.Length > 0 ? Form.Name : Form.Minus;
        return _name.Length > 0 || first is (byte)'-' or (>= (byte)'0' and <= (byte)'9');
    }

    /// <returns>How many bytes belong to it.</returns>
    public int Take(ReadOnlySpan<byte> input)
    {
        var i = 0;
        while (i < input.Length && TryTake(input[i]))
        {
            i++;
        }

        return i;
    }

    private bool TryTake(byte next)
    {
        if (_form == Form.Name)
        {
            if (_done == _name.Length || next != _name[_done])
            {
                return false;
            }

            _done++;
            return true;
        }

        var form = (_form, next) switch
        {
            (Form.Minus, (byte)'-') when _done == 0 => Form.Minus,
            (Form.Minus, (byte)'0') => Form.Zero,
            (Form.Minus or Form.Whole, >= (byte)'0' and <= (byte)'9') => Form.Whole,
            (Form.Zero or Form.Whole, (byte)'.') => Form.Point,
            (Form.Point or Form.Fraction, >= (byte)'0' and <= (byte)'9') => Form.Fraction,
            (Form.Zero or Form.Whole or Form.Fraction, (byte)'e' or (byte)'E') => Form.Exponent,
            (Form.Exponent, (byte)'+' or (byte)'-') => Form.ExponentSign,
            (Form.Exponent or Form.ExponentSign or Form.ExponentDigits, >= (byte)'0' and <= (byte)'9') => Form.ExponentDigits,
            _ => Form.Name,
        };
        if (form == Form.Name)
        {
            return false;
        }

        (_form, _done) = (form, 1);
        return true;
    }
}
