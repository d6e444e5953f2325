using System.Text;

namespace GeoWps.Application.Records.Schemes;

/// <summary>Rows of a CSV text: RFC 4180, with any line ends; empty lines do not count.</summary>
internal static class CsvRows
{
    /// <returns>The line in which each row begins, from 1, and its fields without spaces around them.</returns>
    /// <exception cref="SchemeException">A quotation mark is not closed.</exception>
    public static IEnumerable<(int Line, List<string> Fields)> Read(string text)
    {
        var (line, start, fields, field, isQuoted) = (1, 1, new List<string>(), new StringBuilder(), false);
        for (var i = 0; i <= text.Length; i++)
        {
            var letter = i < text.Length ? text[i] : '\n';
            if (isQuoted && i == text.Length)
            {
                throw new SchemeException($"line {start}: a quotation mark is not closed");
            }

            if (isQuoted && letter == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (letter == '"' && (isQuoted || field.ToString().Trim().Length == 0))
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && letter is ',' or '\n')
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
                if (letter == '\n')
                {
                    if (fields.Any(one => one.Length > 0))
                    {
                        yield return (start, fields);
                    }

                    (fields, start) = ([], line + 1);
                }
            }
            else
            {
                field.Append(letter);
            }

            line += letter == '\n' ? 1 : 0;
        }
    }
}
