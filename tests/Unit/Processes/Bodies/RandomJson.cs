using System.Globalization;
using System.Text;

namespace GeoWps.Tests.Unit.Processes.Bodies;

/// <summary>JSON documents of a seed: the same each time, with everything that JSON has.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] Texts = ["", "a", "inputs", "ü", "€", "𝄞", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud834\\udd1e", "\\uD834\\uDD1E", "[1,2]", "tab\\t"];
    private static readonly string[] Numbers = ["0", "-0", "1", "-12", "10.25", "0.5", "1e3", "1E+5", "-1.5e-7", "12345678901234567890", "0.0"];
    private static readonly string[] Spaces = ["", "", "", " ", "\n", "\r\n", "\t", "  "];

    private readonly Random _random = new(seed);

    public byte[] Object(int depth = 4) => Encoding.UTF8.GetBytes(Members(depth) + Space());

    /// <summary>Arrays in arrays of numbers, as coordinates are.</summary>
    public byte[] Coordinates(int depth = 4) => Encoding.UTF8.GetBytes(Nested(depth));

    /// <summary>The document with a few bytes put in, taken out or replaced.</summary>
    public byte[] Damaged(byte[] document)
    {
        var alphabet = "{}[]\",:\\u0123456789.+-eEtfn \n\u0001"u8;
        var text = document.ToList();
        for (var changes = _random.Next(1, 3); changes > 0 && text.Count > 0; changes--)
        {
            var (at, letter) = (_random.Next(text.Count), alphabet[_random.Next(alphabet.Length)]);
            switch (_random.Next(4))
            {
                case 0: text.RemoveAt(at); break;
                case 1: text[at] = letter; break;
                case 2: text[at] = (byte)_random.Next(0x80, 0x100); break;
                default: text.Insert(at, letter); break;
            }
        }

        return [.. text];
    }

    /// <summary>The same bytes in pieces of random length, some of them empty.</summary>
    public IEnumerable<byte[]> Pieces(byte[] bytes, int most)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(_random.Next(0, most + 1), bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    private string Value(int depth) => _random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => Pick(Numbers),
        1 => Pick(Numbers),
        2 => Text(),
        3 => Pick(["true", "false", "null"]),
        4 => "[" + Space() + "]",
        5 => Members(depth - 1),
        _ => "[" + string.Join(',', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Space() + Value(depth - 1) + Space())) + "]",
    };

    private string Members(int depth) => Space() + "{" + string.Join(',', Enumerable.Range(0, _random.Next(0, 4))
        .Select(i => $"{Space()}\"{i.ToString(CultureInfo.InvariantCulture)}{Pick(Texts)}\"{Space()}:{Space()}{Value(depth)}{Space()}")) + "}";

    private string Nested(int depth) => depth == 0
        ? Pick(Numbers)
        : $"[{Gap()}{string.Join($"{Gap()},{Gap()}", Enumerable.Range(0, _random.Next(0, 4)).Select(_ => Nested(depth - 1)))}{Gap()}]";

    private string Text() => $"\"{Pick(Texts)}{Pick(Texts)}\"";

    private string Space() => Pick(Spaces);

    private string Gap() => _random.Next(4) == 0 ? Space() : "";

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
