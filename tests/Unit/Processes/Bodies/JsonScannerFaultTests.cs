using System.Text;

namespace GeoWps.Tests.Unit.Processes.Bodies;

public sealed class JsonScannerFaultTests
{
    [Theory]
    [InlineData("[1 2]", "',' or ']' expected at line 1, column 4 (byte 4)")]
    [InlineData("{\"a\":1 2}", "',' or '}' expected at line 1, column 8 (byte 8)")]
    [InlineData("{\"a\" 1}", "':' expected at line 1, column 6 (byte 6)")]
    [InlineData("{\n  \"a\": ?}", "a value expected at line 2, column 8 (byte 10)")]
    [InlineData("[\r\n\r\n?", "a value or ']' expected at line 3, column 1 (byte 6)")]
    [InlineData("{1}", "a member's name in quotes or '}' expected at line 1, column 2 (byte 2)")]
    [InlineData("{\"a\":1,}", "a member's name in quotes expected at line 1, column 8 (byte 8)")]
    [InlineData("{}\n x", "the end of the document expected at line 2, column 2 (byte 5)")]
    [InlineData("[-]", "a number or true, false or null expected at line 1, column 3 (byte 3)")]
    [InlineData("[fals]", "a number or true, false or null expected at line 1, column 6 (byte 6)")]
    [InlineData("[\"a\\x\"]", "a valid escape expected at line 1, column 5 (byte 5)")]
    [InlineData("[\"\\u00g0\"]", "four hexadecimal digits expected at line 1, column 7 (byte 7)")]
    [InlineData("[\"a\nb\"]", "an escaped control character expected at line 1, column 4 (byte 4)")]
    [InlineData("[\"\\ud834\"]", "the second half of a surrogate pair expected at line 1, column 9 (byte 9)")]
    [InlineData("[\"\\ud834\\n\"]", "the second half of a surrogate pair expected at line 1, column 10 (byte 10)")]
    [InlineData("[\"\\ud834\\u0041\"]", "the second half of a surrogate pair expected at line 1, column 14 (byte 14)")]
    [InlineData("[\"\\udd1e\"]", "the first half of a surrogate pair expected at line 1, column 8 (byte 8)")]
    public void A_fault_says_what_is_expected_and_where(string text, string fault)
    {
        var document = Encoding.UTF8.GetBytes(text);

        Scan.Verdict([document]).ShouldBe(fault);
        Scan.Verdict([document], passNumbers: true).ShouldBe(fault);
        Scan.Verdict(document.Select(letter => new[] { letter })).ShouldBe(fault);
    }

    [Theory]
    [InlineData("[1,2,,3]", 6)]
    [InlineData("[[1,2],[3 4]]", 11)]
    [InlineData("[[1,2],[3,01]]", 12)]
    [InlineData("[1.5,2.]", 8)]
    [InlineData("[1,\n2,\n\n 3,,4]", 12)]
    public void Places_stay_right_behind_numbers_that_were_passed_over(string text, int place)
    {
        var document = Encoding.UTF8.GetBytes(text);

        Scan.Verdict([document], passNumbers: true).ShouldEndWith($"(byte {place})");
        Scan.Verdict([document], passNumbers: true).ShouldBe(Scan.Verdict([document]));
    }

    [Theory]
    [InlineData(new byte[] { 0x80 }, "a byte that continues nothing")]
    [InlineData(new byte[] { 0xC0, 0x80 }, "two bytes for what needs one")]
    [InlineData(new byte[] { 0xE0, 0x80, 0x80 }, "three bytes for what needs one")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "half of a surrogate pair")]
    [InlineData(new byte[] { 0xF0, 0x80, 0x80, 0x80 }, "four bytes for what needs one")]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, "beyond the last character")]
    [InlineData(new byte[] { 0xF5, 0x80, 0x80, 0x80 }, "no first byte")]
    [InlineData(new byte[] { 0xC3, 0x28 }, "a second byte that is none")]
    [InlineData(new byte[] { 0xE2, 0x82 }, "cut off")]
    public void Text_must_be_UTF_8(byte[] text, string what)
    {
        foreach (var document in new byte[][] { [.. "[\""u8, .. text, .. "\"]"u8], [.. "{\""u8, .. text, .. "\":1}"u8] })
        {
            Scan.FrameworkAccepts(document).ShouldBeFalse(what);
            Scan.Verdict([document]).ShouldStartWith("UTF-8 expected at line 1", Case.Sensitive, what);
            Scan.Verdict(document.Select(letter => new[] { letter })).ShouldBe(Scan.Verdict([document]), what);
        }
    }

    [Theory]
    [InlineData("[\"\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff\"]")]
    [InlineData("{\"ключ\":\"\\uD834\\uDD1E\"}")]
    public void Every_character_is_accepted(string text) => Scan.Verdict(text).ShouldBe(Scan.Whole);
}
