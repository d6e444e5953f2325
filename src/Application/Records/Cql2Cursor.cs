namespace GeoWps.Application.Records;

/// <summary>Where a filter is read.</summary>
internal sealed class Cql2Cursor(List<Cql2Token> tokens)
{
    // Words that are no names of properties unless they stand in quotation marks.
    private static readonly string[] _reserved = ["AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE"];

    private int _at;

    public Cql2Token Current => tokens[_at];

    public Cql2Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public void Move() => _at = Math.Min(_at + 1, tokens.Count - 1);

    public bool Take(string word)
    {
        var found = Current.Is(word);
        if (found)
        {
            Move();
        }

        return found;
    }

    public bool TakeSign(string sign)
    {
        var found = Current.Kind == Cql2TokenKind.Sign && Current.Text == sign;
        if (found)
        {
            Move();
        }

        return found;
    }

    public void Expect(string word)
    {
        if (!Take(word))
        {
            throw Expected(word);
        }
    }

    public void ExpectSign(string sign)
    {
        if (!TakeSign(sign))
        {
            throw Expected($"'{sign}'");
        }
    }

    public void ExpectEnd()
    {
        if (Current.Kind != Cql2TokenKind.End)
        {
            throw Expected("AND, OR or the end");
        }
    }

    /// <summary>The name of a property.</summary>
    public string Name()
    {
        var token = Current;
        if (token.Kind != Cql2TokenKind.QuotedName && (token.Kind != Cql2TokenKind.Name || _reserved.Contains(token.Text, StringComparer.OrdinalIgnoreCase)))
        {
            throw Expected("the name of a property");
        }

        Move();
        return token.Text;
    }

    public Cql2Exception Expected(string what) => new(Current.At, $"{what} is expected (found {Shown(Current)})");

    private static string Shown(Cql2Token token) => token.ToString() is { Length: > 40 } text ? text[..40] + "\u2026" : token.ToString();
}
