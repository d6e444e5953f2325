using System.Globalization;
using System.Text;

namespace GeoWps.Application.Records;

/// <summary>One piece of a filter.</summary>
/// <param name="Text">Of a text without its quotation marks; of a name as it is written.</param>
/// <param name="At">From 1, in the filter.</param>
internal readonly record struct Cql2Token(Cql2TokenKind Kind, string Text, int At)
{
    public bool Is(string word) => Kind == Cql2TokenKind.Name && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind switch
    {
        Cql2TokenKind.End => "the end",
        Cql2TokenKind.Text => $"'{Text}'",
        _ => Text,
    };
}

internal enum Cql2TokenKind
{
    End,
    Name,
    QuotedName,
    Text,
    Number,
    Sign,
}

/// <summary>Divides a filter into its pieces: OGC 21-065r2, Annex B.</summary>
internal static class Cql2Lexer
{
    /// <exception cref="Cql2Exception">A quotation mark is not closed, or a character belongs to nothing.</exception>
    public static List<Cql2Token> Read(string filter)
    {
        var tokens = new List<Cql2Token>();
        for (var at = 0; at < filter.Length;)
        {
            var start = at;
            var letter = filter[at];
            if (char.IsWhiteSpace(letter))
            {
                at++;
            }
            else if (letter is '\'' or '"')
            {
                tokens.Add(new Cql2Token(letter == '"' ? Cql2TokenKind.QuotedName : Cql2TokenKind.Text, Quoted(filter, ref at), start + 1));
            }
            else if (char.IsAsciiDigit(letter) || (letter is '-' or '+' or '.' && at + 1 < filter.Length && (char.IsAsciiDigit(filter[at + 1]) || filter[at + 1] == '.')))
            {
                while (++at < filter.Length && (char.IsAsciiDigit(filter[at]) || filter[at] is '.' or 'e' or 'E' || (filter[at] is '+' or '-' && filter[at - 1] is 'e' or 'E')))
                {
                }

                var text = filter[start..at];
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
                {
                    throw new Cql2Exception(start + 1, $"'{text}' is no number");
                }

                tokens.Add(new Cql2Token(Cql2TokenKind.Number, text, start + 1));
            }
            else if (char.IsLetter(letter) || letter is '_' or ':')
            {
                while (++at < filter.Length && (char.IsLetterOrDigit(filter[at]) || filter[at] is '_' or ':' or '.'))
                {
                }

                tokens.Add(new Cql2Token(Cql2TokenKind.Name, filter[start..at], start + 1));
            }
            else
            {
                var sign = filter.AsSpan(at) switch
                {
                    ['<', '>', ..] => "<>",
                    ['<', '=', ..] => "<=",
                    ['>', '=', ..] => ">=",
                    ['=' or '<' or '>' or '(' or ')' or ',', ..] => filter[at..(at + 1)],
                    _ => throw new Cql2Exception(start + 1, $"'{(char.IsSurrogate(letter) ? '\ufffd' : letter)}' stands where nothing of the language does"),
                };
                tokens.Add(new Cql2Token(Cql2TokenKind.Sign, sign, start + 1));
                at += sign.Length;
            }
        }

        tokens.Add(new Cql2Token(Cql2TokenKind.End, "", filter.Length + 1));
        return tokens;
    }

    // A quotation mark within is written twice, or after a backslash.
    private static string Quoted(string filter, ref int at)
    {
        var (mark, start) = (filter[at], at);
        var text = new StringBuilder();
        for (at++; at < filter.Length; at++)
        {
            if (filter[at] == '\\' && at + 1 < filter.Length && filter[at + 1] == mark)
            {
                text.Append(mark);
                at++;
            }
            else if (filter[at] != mark)
            {
                text.Append(filter[at]);
            }
            else if (at + 1 < filter.Length && filter[at + 1] == mark)
            {
                text.Append(mark);
                at++;
            }
            else
            {
                at++;
                return text.ToString();
            }
        }

        throw new Cql2Exception(start + 1, $"a closing {mark} is missing");
    }
}

/// <summary>A filter is wrong.</summary>
/// <param name="at">The character, from 1.</param>
/// <param name="expected">What is wrong, or was expected there.</param>
public sealed class Cql2Exception(int at, string expected) : Exception($"character {at}: {expected}")
{
    public int At { get; } = at;
}
