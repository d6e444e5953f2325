using System.Text;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Rows of CSV as RFC 4180 has it; between values stands a comma, a semicolon or a tab, whichever the first line has most of.</summary>
internal sealed class CsvRows(TextReader text)
{
    private static readonly char[] Separators = [',', ';', '\t'];

    private char? _separator;

    /// <returns><see langword="null"/> at the end.</returns>
    public async ValueTask<List<string>?> NextAsync(CancellationToken cancellationToken)
    {
        if (await text.ReadLineAsync(cancellationToken) is not { } line)
        {
            return null;
        }

        var separator = _separator ??= Separators.MaxBy(each => line.Count(letter => letter == each));
        var (values, value, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; ;)
        {
            if (i == line.Length)
            {
                // A line's end within quotation marks is a part of the value.
                if (isQuoted && await text.ReadLineAsync(cancellationToken) is { } more)
                {
                    value.Append('\n');
                    (line, i) = (more, 0);
                    continue;
                }

                values.Add(value.ToString());
                return values;
            }

            var letter = line[i++];
            if (isQuoted)
            {
                if (letter != '"')
                {
                    value.Append(letter);
                }
                else if (i < line.Length && line[i] == '"')
                {
                    value.Append('"');
                    i++;
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (letter == '"' && value.Length == 0)
            {
                isQuoted = true;
            }
            else if (letter == separator)
            {
                values.Add(value.ToString());
                value.Clear();
            }
            else
            {
                value.Append(letter);
            }
        }
    }
}
