using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net.Mail;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace GeoWps.Domain.Processes.Schemas;

/// <summary>What a string must look like. Each says what would be right, or <see langword="null"/> when it is.</summary>
internal static partial class TextChecks
{
    private const int MaxJsonDepth = 64;

    public static string? Format(TextFormat format, string text) => format switch
    {
        TextFormat.None => null,
        TextFormat.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? null : "must be a date such as 2026-03-06",
        TextFormat.Time => Time().IsMatch(text) ? null : "must be a time such as 07:21:00Z",
        TextFormat.DateTime => IsDateTime(text) ? null : "must be a date and time such as 2026-03-06T07:21:00Z",
        TextFormat.Uri => Scheme().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out _) ? null : "must be an absolute URI",
        TextFormat.Email => MailAddress.TryCreate(text, out var address) && address.Address == text ? null : "must be an e-mail address",
    };

    public static string? Content(TextContent content, string text) => content switch
    {
        TextContent.Any => null,
        TextContent.Base64 => IsBase64(text) ? null : "must be base64",
        TextContent.Json => JsonFault(text),
        TextContent.Xml => FaultOfXml(text),
    };

    /// <summary>A text that keeps the pattern busy for too long does not match it.</summary>
    public static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>RFC 4648 with padding, in whole groups; line breaks between them are allowed, as MIME writes them.</summary>
    private static bool IsBase64(string text) => text.Length > 0 && Base64.IsValid(text) && !text.AsSpan().ContainsAny(" \t");

    private static string? JsonFault(string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), new JsonReaderOptions { MaxDepth = MaxJsonDepth });
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException error)
        {
            return $"must be well-formed JSON (line {error.LineNumber + 1}, column {error.BytePositionInLine + 1})";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static string? FaultOfXml(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (reader.Read())
            {
            }

            return null;
        }
        catch (XmlException error)
        {
            return XmlFault.Of(error);
        }
    }

    /// <summary>RFC 3339, but the zone may be missing: the standard's own example does without, and so does XML Schema.</summary>
    private static bool IsDateTime(string text) =>
        DateTimeForm().IsMatch(text)
        && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DateTimeForm();

    [GeneratedRegex(@"^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:\S+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();
}
