using System.Text;

namespace GeoWps.Tests.Unit.Processes.Bodies;

public sealed class JsonScannerTests
{
    [Fact]
    public void A_document_cut_at_any_place_is_read_as_it_is_whole()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var json = new RandomJson(seed);
            var document = seed % 3 == 0 ? json.Damaged(json.Object()) : json.Object();
            var whole = Scan.Read([document]);
            for (var cut = 0; cut <= document.Length; cut++)
            {
                Scan.Read([document[..cut], document[cut..]]).ShouldBe(whole, Encoding.UTF8.GetString(document));
            }

            Scan.Read(document.Select(letter => new[] { letter })).ShouldBe(whole, Encoding.UTF8.GetString(document));
        }
    }

    [Fact]
    public void It_accepts_what_the_framework_accepts_and_nothing_else()
    {
        var (accepted, refused) = (0, 0);
        for (var seed = 0; seed < 10_000; seed++)
        {
            var json = new RandomJson(seed);
            var document = seed % 5 == 0 ? json.Object() : json.Damaged(json.Object());
            var expected = Scan.FrameworkAccepts(document);

            (Scan.Verdict([document]) == Scan.Whole).ShouldBe(expected, $"seed {seed}: {Encoding.UTF8.GetString(document)}");
            _ = expected ? accepted++ : refused++;
        }

        accepted.ShouldBeGreaterThan(2000);
        refused.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void Numbers_that_are_passed_over_are_judged_like_those_that_are_looked_at()
    {
        var (accepted, refused) = (0, 0);
        for (var seed = 0; seed < 10_000; seed++)
        {
            var json = new RandomJson(seed);
            var document = (seed % 3) switch
            {
                0 => json.Coordinates(),
                1 => json.Damaged(json.Coordinates()),
                _ => json.Damaged([.. "{\"a\":"u8, .. json.Coordinates(), .. ",\"b\":[{\"c\":[1]}]}"u8]),
            };
            var plain = Scan.Verdict([document]);
            var because = $"seed {seed}: {Encoding.UTF8.GetString(document)}";

            Scan.Verdict([document], passNumbers: true).ShouldBe(plain, because);
            Scan.Verdict([document], passNumbers: true, passDepth: seed % 6).ShouldBe(plain, because);
            Scan.Verdict(json.Pieces(document, 5), passNumbers: true).ShouldBe(plain, because);
            (plain == Scan.Whole).ShouldBe(Scan.FrameworkAccepts(document), because);
            _ = plain == Scan.Whole ? accepted++ : refused++;
        }

        accepted.ShouldBeGreaterThan(2000);
        refused.ShouldBeGreaterThan(2000);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0", true)]
    [InlineData("1E+5", true)]
    [InlineData("1e-05", true)]
    [InlineData("-1.50", true)]
    [InlineData("10", true)]
    [InlineData("01", false)]
    [InlineData("-01", false)]
    [InlineData("00", false)]
    [InlineData("-", false)]
    [InlineData("--1", false)]
    [InlineData("+1", false)]
    [InlineData("1.", false)]
    [InlineData("1e", false)]
    [InlineData("1e+", false)]
    [InlineData(".5", false)]
    [InlineData("1.e5", false)]
    [InlineData("1.5.2", false)]
    [InlineData("1e5.5", false)]
    [InlineData("1 2", false)]
    [InlineData("1-2", false)]
    [InlineData("0x1", false)]
    [InlineData("NaN", false)]
    [InlineData("-Infinity", false)]
    public void A_number_has_the_form_of_RFC_8259(string number, bool isOne)
    {
        foreach (var text in new[] { $"[{number}]", $"[{number} ]", $"[[2,{number},3]]", $"{{\"a\":{number}}}", $"[1,[{number}]]" })
        {
            var document = Encoding.UTF8.GetBytes(text);
            Scan.FrameworkAccepts(document).ShouldBe(isOne, text);
            (Scan.Verdict([document]) == Scan.Whole).ShouldBe(isOne, text);
            (Scan.Verdict([document], passNumbers: true) == Scan.Whole).ShouldBe(isOne, text);
            for (var cut = 0; cut <= document.Length; cut++)
            {
                (Scan.Verdict([document[..cut], document[cut..]], passNumbers: true) == Scan.Whole).ShouldBe(isOne, $"{text} cut at {cut}");
            }
        }
    }

    [Theory]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1,,2]")]
    [InlineData("[[1][2]]")]
    [InlineData("[[1],]")]
    [InlineData("[1}")]
    [InlineData("{\"a\":1]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":}")]
    [InlineData("{a:1}")]
    [InlineData("{1:1}")]
    [InlineData("[{\"a\":[1,2}]")]
    [InlineData("[1]]")]
    [InlineData("{}{}")]
    [InlineData("[tru]")]
    [InlineData("[truee]")]
    [InlineData("[nul")]
    [InlineData("[1")]
    [InlineData("[\"a")]
    [InlineData("")]
    [InlineData("[1] // a")]
    public void What_is_no_JSON_is_refused_however_it_is_read(string text)
    {
        var document = Encoding.UTF8.GetBytes(text);

        Scan.FrameworkAccepts(document).ShouldBeFalse();
        var plain = Scan.Verdict([document]);
        plain.ShouldNotBe(Scan.Whole);
        Scan.Verdict([document], passNumbers: true).ShouldBe(plain);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nesting_ends_at_the_limit(bool passNumbers)
    {
        byte[] most = [.. Enumerable.Repeat((byte)'[', 5), (byte)'1', .. Enumerable.Repeat((byte)']', 5)];
        byte[] more = [(byte)'[', .. most, (byte)']'];

        Scan.Verdict([most], maxDepth: 5, passNumbers).ShouldBe(Scan.Whole);
        Scan.Verdict([more], maxDepth: 5, passNumbers).ShouldBe("nested more than 5 deep at line 1, column 6 (byte 6)");
        Scan.Verdict("[[[[[{}]]]]]", maxDepth: 5).ShouldBe("nested more than 5 deep at line 1, column 6 (byte 6)");
    }
}
