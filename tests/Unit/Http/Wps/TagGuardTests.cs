using System.Text;
using GeoWps.Adapters.Http.Wps.Requests;

namespace GeoWps.Tests.Unit.Http.Wps;

public sealed class TagGuardTests
{
    private const int Longest = 100;

    private static readonly string Long = new('x', 1000);

    public static TheoryData<string> Good =>
    [
        $"<a>{Long}</a>",
        $"<a b=\"{new string('x', 50)}\"/>",
        $"<a><![CDATA[{Long}<{Long}]]></a><b/>",
        $"<a><![CDATA[]]{Long}]]]></a><b>{Long}</b>",
        $"<!-- {Long} < {Long} --><a/>",
        $"<!----><a>{Long}</a>",
        $"<a b='>'>{Long}</a>",
        $"<a b=\"'>\">{Long}</a>",
        string.Concat(Enumerable.Repeat("<a b=\"c\">d</a>", 1000)),
    ];

    public static TheoryData<string> Bad =>
    [
        $"<a b=\"{Long}\"/>",
        $"<a b='{Long}",
        $"<{Long}",
        $"<a {Long}>",
        $"<![CDATA[x]]><a b=\"{Long}\"/>",
        $"<a b=\">{Long}\"/>",
        $"<!DOCTYPE {Long}",
        $"<!-x {Long}",
        $"<![CDAT {Long}",
        string.Concat("<a ", string.Concat(Enumerable.Repeat("b=\"c\" ", 100))),
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public void Text_may_be_of_any_length(string xml) => Pieces(xml).ShouldAllBe(passed => passed);

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_tag_may_not(string xml) => Pieces(xml).ShouldAllBe(passed => !passed);

    /// <summary>The same in one piece, and in pieces of every small size.</summary>
    private static IEnumerable<bool> Pieces(string xml)
    {
        var bytes = Encoding.UTF8.GetBytes(xml);
        foreach (var size in (int[])[bytes.Length, 1, 2, 3, 5, 7, 16])
        {
            var guard = new TagGuard(Longest);
            yield return bytes.Chunk(size).All(piece => guard.Pass(piece));
        }
    }
}
