using System.Text;
using System.Text.Json;
using GeoWps.Application.Processes.Bodies;

namespace GeoWps.Tests.Unit.Processes.Bodies;

/// <summary>What a scanner says about a text, and what the framework's reader says.</summary>
internal static class Scan
{
    public const string Whole = "whole";
    public const string TooShort = "too short";

    /// <returns><see cref="Whole"/>, <see cref="TooShort"/>, or the fault.</returns>
    public static string Verdict(IEnumerable<byte[]> pieces, int maxDepth = 64, bool passNumbers = false, int passDepth = 0) =>
        Read(pieces, maxDepth, passNumbers, passDepth).Verdict;

    public static string Verdict(string text, int maxDepth = 64) => Verdict([Encoding.UTF8.GetBytes(text)], maxDepth);

    /// <summary>The parts, pieces of the same part joined; none where there is a fault. A line break follows: a bare number has no end of its own.</summary>
    public static (string Verdict, string Parts) Read(IEnumerable<byte[]> pieces, int maxDepth = 64, bool passNumbers = false, int passDepth = 0)
    {
        var scanner = new JsonScanner(maxDepth);
        var parts = new StringBuilder();
        var last = JsonPart.More;
        foreach (var piece in pieces.Append([(byte)'\n']))
        {
            ReadOnlySpan<byte> input = piece;
            while (true)
            {
                if (passNumbers)
                {
                    scanner.PassNumbers(ref input, passDepth);
                }

                var part = scanner.Next(ref input, out var run);
                if (part == JsonPart.Fault)
                {
                    return (scanner.Fault!, "");
                }

                if (part == JsonPart.More)
                {
                    break;
                }

                parts.Append(part == last && part is JsonPart.Text or JsonPart.Scalar ? "" : $" {part} {scanner.Depth} {scanner.IsKey} ").Append(Encoding.Latin1.GetString(run));
                last = part;
            }
        }

        return (scanner.IsDone ? Whole : TooShort, parts.ToString());
    }

    public static bool FrameworkAccepts(byte[] text, int maxDepth = 64)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    // Only this looks at the bytes and at surrogates.
                    reader.GetString();
                }
            }

            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
