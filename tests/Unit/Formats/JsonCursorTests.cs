using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Formats;

namespace GeoWps.Tests.Unit.Formats;

public sealed class JsonCursorTests
{
    [Fact]
    public void ItAcceptsWhatTheFrameworksReaderAccepts()
    {
        var random = new Random(42);
        var seed = Encoding.UTF8.GetBytes(
            """ {"a":[1,-0.5e+3,0,10,true,false,null,"x\u00e9\n",{}],"b":{"c":[[],[[1.0,2]]]},"ü":"\\\"","e":1E-7} """);
        var mutations = Encoding.UTF8.GetBytes("{}[]\",:\\ue0123456789.+-tfn \n\t\u0001ä");
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < 200_000; i++)
        {
            var text = seed.ToList();
            for (var changes = random.Next(0, 3); changes > 0; changes--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(3))
                {
                    case 0: text.RemoveAt(at); break;
                    case 1: text[at] = mutations[random.Next(mutations.Length)]; break;
                    default: text.Insert(at, mutations[random.Next(mutations.Length)]); break;
                }
            }

            var bytes = text.ToArray();
            var expected = FrameworkAccepts(bytes);
            if (expected != Accepts(bytes))
            {
                Assert.Fail($"expected {expected}: {Encoding.UTF8.GetString(bytes)}");
            }

            _ = expected ? accepted++ : refused++;
        }

        accepted.ShouldBeGreaterThan(10_000);
        refused.ShouldBeGreaterThan(10_000);
    }

    private static bool Accepts(byte[] text)
    {
        try
        {
            var cursor = new JsonCursor(text);
            cursor.Skip();
            return cursor.Peek() == 0 && cursor.Position == text.Length;
        }
        catch (GeoJsonException)
        {
            return false;
        }
    }

    private static bool FrameworkAccepts(byte[] text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            while (reader.Read())
            {
                // The framework looks at the bytes of a string only when it is asked for, and refuses half a surrogate pair, which we replace.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !System.Text.Unicode.Utf8.IsValid(reader.ValueSpan))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
