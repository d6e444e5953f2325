using System.Globalization;
using System.Xml.Linq;

namespace GeoWps.Adapters.TileSources.Upstream;

/// <summary>Elements of a WMTS document. Names are taken without their namespace: many servers err there.</summary>
internal static class WmtsElements
{
    public static string Identifier(this XElement element) => element.Text("Identifier") ?? "";

    public static XElement? Child(this XElement? parent, string name) => parent.Children(name).FirstOrDefault();

    public static IEnumerable<XElement> Children(this XElement? parent, string name) => parent?.Elements().Where(one => one.Name.LocalName == name) ?? [];

    /// <returns><see langword="null"/> when there is none.</returns>
    public static string? Text(this XElement parent, string name) => parent.Child(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The numbers of a text.</summary>
    /// <exception cref="FormatException">There are not as many, or they are none; the message names the element.</exception>
    public static double[] Numbers(this XElement parent, string name, int count)
    {
        var parts = (parent.Text(name) ?? "").Split((char[])[' ', ',', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                throw Wrong();
            }
        }

        return numbers.Length == count ? numbers : throw Wrong();

        FormatException Wrong() => new($"{name} of {parent.Name.LocalName} {parent.Identifier()} must be {(count == 1 ? "a number" : string.Create(CultureInfo.InvariantCulture, $"{count} numbers"))}");
    }

    /// <summary>A number of pixels or tiles.</summary>
    public static int Count(this XElement parent, string name) => parent.Numbers(name, 1)[0] is >= 1 and <= int.MaxValue and var number && number % 1 == 0
        ? (int)number
        : throw new FormatException($"{name} of {parent.Name.LocalName} {parent.Identifier()} must be a whole number from 1");
}
