using System.Diagnostics.CodeAnalysis;

namespace GeoWps.Adapters.TileSources.PostGis;

/// <summary>What a statement reads from, quoted so that it can be nothing else.</summary>
/// <param name="Sql">A table's quoted name, or a query in brackets.</param>
/// <param name="IsQuery">Whether it has no statistics and no index of its own.</param>
internal sealed record PostGisFrom(string Sql, bool IsQuery, string? Schema, string? Table)
{
    private const int MaxLength = 20_000;

    /// <summary>Reads <c>name</c>, <c>schema.name</c> (each plain or in double quotes), or <c>(SELECT …)</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PostGisFrom? from)
    {
        var trimmed = text.Trim();
        from = null;
        if (trimmed.Length is 0 or > MaxLength || trimmed.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        if (trimmed[0] == '(')
        {
            from = IsOneBracket(trimmed) ? new PostGisFrom(trimmed, IsQuery: true, null, null) : null;
            return from is not null;
        }

        var names = Names(trimmed);
        from = names switch
        {
            [{ Length: > 0 } table] => new PostGisFrom(Quote(table), IsQuery: false, null, table),
            [{ Length: > 0 } schema, { Length: > 0 } table] => new PostGisFrom($"{Quote(schema)}.{Quote(table)}", IsQuery: false, schema, table),
            _ => null,
        };
        return from is not null;
    }

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <returns>Nothing when it is no list of names.</returns>
    private static List<string> Names(string text)
    {
        var (names, at) = (new List<string>(), 0);
        while (true)
        {
            if (at < text.Length && text[at] == '"')
            {
                var end = at + 1;
                while (end < text.Length && (text[end] != '"' || (end + 1 < text.Length && text[end + 1] == '"')))
                {
                    end += text[end] == '"' ? 2 : 1;
                }

                if (end >= text.Length)
                {
                    return [];
                }

                names.Add(text[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                at = end + 1;
            }
            else
            {
                // As PostgreSQL stores it, capitals stay here: a name that needs no quotes there is not folded.
                var end = text.IndexOf('.', at) is >= 0 and var dot ? dot : text.Length;
                names.Add(text[at..end]);
                at = end;
            }

            if (at == text.Length)
            {
                return names;
            }

            if (text[at] != '.')
            {
                return [];
            }

            at++;
        }
    }

    /// <summary>Whether the first bracket is closed by the last one and by no other: text, names and remarks may hold brackets, too.</summary>
    private static bool IsOneBracket(string sql)
    {
        var depth = 0;
        for (var at = 0; at < sql.Length; at++)
        {
            switch (sql[at])
            {
                case '(':
                    depth++;
                    break;
                case ')' when --depth == 0:
                    return at == sql.Length - 1;
                case '\'' or '"' when (at = EndOfQuotes(sql, at)) >= sql.Length:
                    return false;
                case '-' when sql.AsSpan(at).StartsWith("--"):
                    at = sql.IndexOf('\n', at) is >= 0 and var line ? line : sql.Length;
                    break;
                case '/' when sql.AsSpan(at).StartsWith("/*"):
                    at = sql.IndexOf("*/", at + 2, StringComparison.Ordinal) is >= 0 and var close ? close + 1 : sql.Length;
                    break;
                case '$' when EndOfTag(sql, at) is { } tag:
                    at = sql.IndexOf(sql[at..(tag + 1)], tag + 1, StringComparison.Ordinal) is >= 0 and var end ? end + tag - at : sql.Length;
                    break;
                case ';':
                    return false;
            }
        }

        return false;
    }

    private static int EndOfQuotes(string sql, int at)
    {
        var (quote, escapes) = (sql[at], sql[at] == '\'' && at > 0 && sql[at - 1] is 'e' or 'E');
        for (at++; at < sql.Length && sql[at] != quote; at++)
        {
            at += escapes && sql[at] == '\\' ? 1 : 0;
        }

        return at;
    }

    /// <returns>Where <c>$tag$</c> ends; <see langword="null"/> when it is none.</returns>
    private static int? EndOfTag(string sql, int at)
    {
        for (var end = at + 1; end < sql.Length; end++)
        {
            if (sql[end] == '$')
            {
                return end;
            }

            if (!char.IsLetterOrDigit(sql[end]) && sql[end] != '_')
            {
                return null;
            }
        }

        return null;
    }
}
