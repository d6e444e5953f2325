using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Processes;

namespace GeoWps.Tests.Unit.Processes.Bodies;

public sealed class RequestBodyReaderTests
{
    private const int Threshold = RequestLimits.AttachmentThreshold;

    private readonly BodyBench _bench = new();

    [Fact]
    public async Task A_small_body_is_read_as_it_is_cut_at_any_place()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var document = new RandomJson(seed).Object();
            var whole = await OutcomeAsync(document);
            for (var cut = 0; cut <= document.Length; cut++)
            {
                (await OutcomeAsync(document[..cut], document[cut..])).ShouldBe(whole, Encoding.UTF8.GetString(document));
            }

            whole.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(document)));
        }
    }

    [Fact]
    public async Task What_a_body_says_stays_the_same()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var document = new RandomJson(seed).Object();

            var body = await _bench.GoodAsync([document]);

            JsonElement.DeepEquals(body.Json, JsonElement.Parse(document)).ShouldBeTrue(Encoding.UTF8.GetString(document));
            body.Id.ShouldBe(BodyBench.Id);
            body.Attachments.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("", "the request must be a JSON object, but is empty")]
    [InlineData("  \n", "the request must be a JSON object, but is empty")]
    [InlineData("[]", "the request must be a JSON object")]
    [InlineData("\"a\"", "the request must be a JSON object")]
    [InlineData("12", "the request must be a JSON object")]
    [InlineData("null", "the request must be a JSON object")]
    [InlineData("<a/>", "the request is not JSON: a value expected at line 1, column 1 (byte 1)")]
    [InlineData("{\"inputs\":{}", "the request is not JSON: it ends too early at line 1, column 13 (byte 13)")]
    [InlineData("{\"inputs\":\n{\"a\":01}}", "the request is not JSON: ',' or '}' expected at line 2, column 7 (byte 18)")]
    [InlineData("{} {}", "the request is not JSON: the end of the document expected at line 1, column 4 (byte 4)")]
    public async Task What_is_no_object_of_JSON_is_refused_and_says_where(string text, string fault) =>
        (await _bench.FaultAsync(text)).ShouldBe(fault);

    [Theory]
    [InlineData("""{"$attachment":0}""")]
    [InlineData("""{"inputs":{"a":{"$attachment":0}}}""")]
    [InlineData("""{"inputs":{"a":{"\u0024attachment":0}}}""")]
    [InlineData("""{"inputs":{"a":[{"b":{"\u0024\u0061ttachment":"x"}}]}}""")]
    public async Task The_marker_s_name_is_not_for_callers(string text) =>
        (await _bench.FaultAsync(text)).ShouldBe("the request must not have a member called $attachment");

    [Fact]
    public async Task The_marker_s_name_may_be_a_value() => await _bench.GoodAsync(Encoding.UTF8.GetBytes("""{"inputs":{"a":"$attachment"}}"""));

    [Theory]
    [InlineData("""{"inputs":{},"response":"raw","inputs":{}}""", "inputs: is given twice")]
    [InlineData("""{"inputs":{"a":1,"b":2,"\u0061":1}}""", "a: is given twice")]
    [InlineData("""{"outputs":{"a":{},"a":{}}}""", "outputs.a: is given twice")]
    [InlineData("""{"inputs":{"a":{"value":1,"value":2}}}""", "a.value: is given twice")]
    [InlineData("""{"outputs":{"a":{"format":{},"format":{}}}}""", "outputs.a.format: is given twice")]
    public async Task A_name_that_stands_twice_is_refused(string text, string fault) => (await _bench.FaultAsync(text)).ShouldBe(fault);

    [Fact]
    public async Task A_byte_order_mark_is_passed_over()
    {
        byte[] document = [0xEF, 0xBB, 0xBF, .. "{\"inputs\":{}}"u8];

        (await _bench.GoodAsync([document])).Json.GetRawText().ShouldBe("{\"inputs\":{}}");
    }

    [Fact]
    public async Task Nesting_has_a_limit_and_all_of_it_can_be_used()
    {
        var most = Nested(RequestLimits.MaxDepth - 1, """{"features":""" + LargeArray() + "}");

        (await _bench.GoodAsync(Encoding.UTF8.GetBytes(Nested(RequestLimits.MaxDepth, "1")))).Attachments.ShouldBeEmpty();
        (await _bench.FaultAsync(Nested(RequestLimits.MaxDepth + 1, "1"))).ShouldContain("nested more than 64 deep");
        (await _bench.FaultAsync(most)).ShouldContain("nested more than 64 deep");
        (await _bench.GoodAsync(Encoding.UTF8.GetBytes(Nested(RequestLimits.MaxDepth - 1, "{\"a\":1}")))).ShouldNotBeNull();
        (await new BodyBench().GoodAsync(Encoding.UTF8.GetBytes(Nested(RequestLimits.MaxDepth - 1, "[]").Replace("[]", $"\"{new string('x', Threshold)}\"", StringComparison.Ordinal))))
            .Attachments.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_body_larger_than_the_limit_is_refused_as_too_large_and_leaves_nothing()
    {
        var bench = new BodyBench(new RequestLimits { MaxBodyBytes = 100_000 });
        var most = $$$$"""{"inputs":{"a":"{{{{new string('x', 100_000 - 19)}}}}"}} """;

        most.Length.ShouldBe(100_000 + 1);
        (await bench.ReadAsync(most)).ShouldBe(new BodyOutcome.TooLarge(100_000));
        (await bench.ReadAsync(new RandomJson(1).Pieces(Encoding.UTF8.GetBytes(most), 9000))).ShouldBe(new BodyOutcome.TooLarge(100_000));
        (await bench.KeysAsync()).ShouldBeEmpty();
        (await bench.ReadAsync(most[..^1])).ShouldBeOfType<BodyOutcome.Read>();
    }

    [Fact]
    public async Task What_is_left_of_a_body_has_a_limit_of_its_own()
    {
        var bench = new BodyBench(new RequestLimits { MaxReducedBytes = 70_000 });
        var small = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"a{i}\":\"{new string('x', 1000)}\""));

        (await bench.FaultAsync($$$$"""{"inputs":{{{{{small}}}}}}""")).ShouldBe(
            "the request is too large: without its long strings and arrays of features and coordinates it may have 70000 bytes");
        (await bench.ReadAsync($$$$"""{"inputs":{"a":"{{{{new string('x', 500_000)}}}}"}}""")).ShouldBeOfType<BodyOutcome.Read>();
    }

    [Theory]
    [InlineData("1 2]}}}")]
    [InlineData("1]}}")]
    [InlineData("1")]
    [InlineData("1]},\"c\":{\"$attachment\":1}}}")]
    [InlineData("1]}},\"inputs\":{}}")]
    public async Task A_body_that_is_refused_leaves_nothing_behind(string end)
    {
        var start = $$$$"""{"inputs":{"a":"{{{{new string('x', Threshold)}}}}","b":{"features":{{{{LargeArray()[..^1]}}}},""";

        (await _bench.ReadAsync(start + end)).ShouldBeOfType<BodyOutcome.Refused>();

        (await _bench.KeysAsync()).ShouldBeEmpty();
        (await _bench.ReadAsync(start + "1]}}}")).ShouldBeOfType<BodyOutcome.Read>();
        (await _bench.KeysAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Text_that_is_moved_out_must_be_UTF_8_too()
    {
        byte[] document = [.. Encoding.UTF8.GetBytes("{\"inputs\":{\"a\":\"" + new string('x', Threshold + 100)), 0xC3, 0x28, .. "\"}}"u8];

        (await _bench.ReadAsync([document])).ShouldBeOfType<BodyOutcome.Refused>().Mistake.Message.ShouldContain($"UTF-8 expected at line 1, column {Threshold + 118}");
        (await _bench.KeysAsync()).ShouldBeEmpty();
    }

    private static string LargeArray() => "[" + string.Concat(Enumerable.Repeat("1,", Threshold)) + "1]";

    private static string Nested(int depth, string inside) =>
        string.Concat(Enumerable.Repeat("{\"inputs\":", depth)) + inside + new string('}', depth);

    private static async Task<string> OutcomeAsync(params byte[][] pieces)
    {
        var body = await new BodyBench().GoodAsync(pieces);
        return body.Digest + body.Json.GetRawText();
    }
}
