using System.Text;
using System.Xml;
using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Ows;

/// <summary>A small XML document, written at once, with its length.</summary>
internal sealed class XmlAnswer(Action<XmlWriter> write) : IResult
{
    /// <summary>The same for every document of ours: UTF-8 without a mark, declared.</summary>
    public static readonly XmlWriterSettings Form = new()
    {
        Encoding = new UTF8Encoding(false), Async = true, CloseOutput = false, NamespaceHandling = NamespaceHandling.OmitDuplicates,
        // A line break of a value comes out as it went in.
        NewLineHandling = NewLineHandling.Entitize,
    };

    public int Status { get; init; } = StatusCodes.Status200OK;

    public static byte[] Bytes(Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, Form))
        {
            xml.WriteStartDocument();
            write(xml);
            xml.WriteEndDocument();
        }

        return buffer.ToArray();
    }

    public static StoredAnswer Stored(Action<XmlWriter> write) => new(Bytes(write), OwsNames.TextXml);

    public Task ExecuteAsync(HttpContext httpContext) => httpContext.SendAsync(Bytes(write), OwsNames.TextXml, Status);
}

internal static class XmlLetters
{
    /// <summary>XML has no place for some characters, however they are written: they become U+FFFD.</summary>
    public static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsGood(text, i))
            {
                return string.Create(text.Length, text, static (letters, source) =>
                {
                    for (var j = 0; j < letters.Length; j++)
                    {
                        letters[j] = IsGood(source, j) ? source[j] : '\uFFFD';
                    }
                });
            }
        }

        return text;
    }

    private static bool IsGood(ReadOnlySpan<char> text, int i) =>
        XmlConvert.IsXmlChar(text[i])
        || (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
        || (char.IsLowSurrogate(text[i]) && i > 0 && char.IsHighSurrogate(text[i - 1]));
}
