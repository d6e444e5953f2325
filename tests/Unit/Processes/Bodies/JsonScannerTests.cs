using System.Text;
using System.Text.Json;
using GeoWps.Application.Processes.Bodies;

namespace GeoWps.Tests.Unit.Processes.Bodies;

public sealed class JsonScannerTests
{
    private const int Depth = 8;

    [Theory]
    [InlineData("[]")]
    [InlineData("[1,-2,0,-0,0.5,-0.25,1e5,1E+5,1.5e-3,120]")]
    [InlineData("[[1, 2], [3, 4]]")]
    [InlineData("[[[[[[1]]]]]]")]
    [InlineData("[\n[1 ,2 ]\r\n,\t[ ] ]")]
    [InlineData("""[1,"a",true,false,null,{"b":[1,[2,3]]},[{"c":1}]]""")]
    [InlineData("""{"coordinates":[[1,2],[3,4]],"type":"LineString"}""")]
    [InlineData("""["\u00e9\ud83d\ude00\\\"",2]""")]
    public void What_is_JSON_passes_whichever_way_and_wherever_it_is_cut(string json) => Faults(json).ShouldAllBe(fault => fault == null);

    [Theory]
    [InlineData("[01]")]
    [InlineData("[-]")]
    [InlineData("[1.]")]
    [InlineData("[1.e5]")]
    [InlineData("[.5]")]
    [InlineData("[1e]")]
    [InlineData("[1e+]")]
    [InlineData("[+1]")]
    [InlineData("[1 2]")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1,,2]")]
    [InlineData("[[1]")]
    [InlineData("[1]]")]
    [InlineData("[1}")]
    [InlineData("[[1,2}]")]
    [InlineData("[nul]")]
    [InlineData("[1a]")]
    [InlineData("{[1]}")]
    [InlineData("[\"a\n\"]")]
    [InlineData("""["\ud83d"]""")]
    [InlineData("[[[[[[[[[1]]]]]]]]]")]
    public void What_is_not_is_refused_whichever_way_and_wherever_it_is_cut(string json) => Faults(json).ShouldAllBe(fault => fault != null);

    [Theory]
    [InlineData("[[1,2],[3,x]]", "a value expected at line 1, column 11 (byte 11)")]
    [InlineData("[[1,2],\n [3,4] [5]]", "',' or ']' expected at line 2, column 8 (byte 16)")]
    [InlineData("[[1,2],[03]]", "',' or ']' expected at line 1, column 10 (byte 10)")]
    public void A_fault_is_told_with_its_place_whichever_way(string json, string fault)
    {
        Scan(json, json.Length, passes: true).ShouldBe(fault);
        Scan(json, json.Length, passes: false).ShouldBe(fault);
    }

    /// <summary>The judge of the judges.</summary>
    [Fact]
    public void The_framework_agrees_about_what_is_JSON_and_what_is_not()
    {
        var random = new Random(7);
        const string Letters = "[[[]]],,,00123.5e-+ \n{}\"a:";
        for (var round = 0; round < 20_000; round++)
        {
            var json = "[" + string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Letters[random.Next(Letters.Length)])) + "]";

            (Scan(json, json.Length, passes: true) is null).ShouldBe(IsJson(json), json);
        }
    }

    /// <summary>In pieces of every size, with and without the quick way over numbers.</summary>
    private static IEnumerable<string?> Faults(string json)
    {
        for (var piece = 1; piece <= Encoding.UTF8.GetByteCount(json); piece++)
        {
            yield return Scan(json, piece, passes: true);
            yield return Scan(json, piece, passes: false);
        }
    }

    private static string? Scan(string json, int piece, bool passes)
    {
        var scanner = new JsonScanner(Depth);
        foreach (var chunk in Encoding.UTF8.GetBytes(json).Chunk(piece))
        {
            ReadOnlySpan<byte> input = chunk;
            while (true)
            {
                if (passes)
                {
                    scanner.PassNumbers(ref input, depth: 1);
                }

                var part = scanner.Next(ref input, out _);
                if (part == JsonPart.Fault)
                {
                    return scanner.Fault;
                }

                if (part == JsonPart.More)
                {
                    break;
                }
            }
        }

        return scanner.IsDone ? null : "it ends too early";
    }

    private static bool IsJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Depth });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
