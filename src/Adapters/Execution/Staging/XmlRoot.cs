namespace GeoWps.Adapters.Execution.Staging;

/// <summary>
/// Finds the root element in the beginning of an XML document. No XML reader: the text may end anywhere, and a document type
/// must be stepped over without anything in it being looked at.
/// </summary>
internal static class XmlRoot
{
    /// <returns>Empty where the text ends before the root; null where it is no XML.</returns>
    public static string? LocalName(string text)
    {
        var at = SkipSpace(text, 0);
        if (at >= text.Length || text[at] != '<')
        {
            return null;
        }

        while (at < text.Length && text[at] == '<')
        {
            var rest = text.AsSpan(at);
            int end;
            if (rest.StartsWith("<?"))
            {
                end = EndOf(text, at, "?>");
            }
            else if (rest.StartsWith("<!--"))
            {
                end = EndOf(text, at + "<!--".Length, "-->");
            }
            else if (rest.StartsWith("<!"))
            {
                end = EndOfDocumentType(text, at);
            }
            else
            {
                return Name(rest[1..]);
            }

            at = SkipSpace(text, end);
        }

        return at >= text.Length ? "" : null;
    }

    private static string? Name(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(" \t\r\n/>");
        var name = end < 0 ? rest : rest[..end];
        var local = name[(name.LastIndexOf(':') + 1)..];
        return local.Length > 0 && (char.IsLetter(local[0]) || local[0] == '_') ? local.ToString() : null;
    }

    /// <summary>Its internal subset, in brackets, holds declarations and comments that have their own angle brackets and quotes.</summary>
    private static int EndOfDocumentType(string text, int at)
    {
        var inSubset = false;
        while (at < text.Length)
        {
            switch (text[at])
            {
                case '"' or '\'':
                    at = EndOf(text, at + 1, text[at].ToString());
                    continue;
                case '<' when text.AsSpan(at).StartsWith("<!--"):
                    at = EndOf(text, at + "<!--".Length, "-->");
                    continue;
                case '[':
                    inSubset = true;
                    break;
                case ']':
                    inSubset = false;
                    break;
                case '>' when !inSubset:
                    return at + 1;
            }

            at++;
        }

        return text.Length;
    }

    private static int EndOf(string text, int from, string mark)
    {
        var found = from >= text.Length ? -1 : text.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + mark.Length;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
