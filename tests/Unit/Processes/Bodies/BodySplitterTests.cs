using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Bodies;

namespace GeoWps.Tests.Unit.Processes.Bodies;

/// <summary>Large parts leave a body while it is read; put back, they give what was sent.</summary>
public sealed class BodySplitterTests
{
    private static readonly string _long = new('é', RequestLimits.AttachmentThreshold);
    private static readonly string _coordinates = "[" + string.Join(',', Enumerable.Range(0, 12_000).Select(number => $"[{number},-{number}.25]")) + "]";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Large_strings_and_arrays_leave_and_small_ones_stay_however_the_body_is_cut(int piece)
    {
        var body = $$$$$"""{"inputs":{"A":"{{{{{_long}}}}}","B":{"value":{"type":"MultiPoint","coordinates": {{{{{_coordinates}}}}} } },"C":[1,2],"D":"short"},"response":"raw"}""";

        var split = Split(body, piece);

        split.Fault.ShouldBeNull();
        split.Reduced.ShouldBe("""{"inputs":{"A":{"$attachment":0},"B":{"value":{"type":"MultiPoint","coordinates":{"$attachment":1}}},"C":[1,2],"D":"short"},"response":"raw"}""");
        split.Attachments.Count.ShouldBe(2);
        split.Attachments[0].ShouldBe((JsonValueKind.String, _long));
        split.Attachments[1].Kind.ShouldBe(JsonValueKind.Array);
        JsonNode.DeepEquals(JsonNode.Parse(split.Attachments[1].Text), JsonNode.Parse(_coordinates)).ShouldBeTrue();
    }

    [Fact]
    public void Features_leave_as_a_whole_with_all_that_is_in_them()
    {
        var feature = """{"type":"Feature","properties":{"name":"a \"b\" [c]","n":[1,{"x":null}]},"geometry":{"type":"Point","coordinates":[1,2]}}""";
        var features = "[" + string.Join(",\n", Enumerable.Repeat(feature, 1000)) + "]";

        var split = Split($$$$$"""{"inputs":{"A":{"value":{"features":{{{{{features}}}}},"type":"FeatureCollection"}}}}""", 1000);

        split.Reduced.ShouldBe("""{"inputs":{"A":{"value":{"features":{"$attachment":0},"type":"FeatureCollection"}}}}""");
        JsonNode.DeepEquals(JsonNode.Parse(split.Attachments.Single().Text), JsonNode.Parse(features)).ShouldBeTrue();
    }

    [Fact]
    public void Escapes_are_undone_in_strings_that_leave()
    {
        var split = Split($$$$$"""{"inputs":{"A":"{{{{{_long}}}}}\n\u00e9\ud83d\ude00\/"}}""", 3);

        split.Attachments.Single().Text.ShouldBe(_long + "\né😀/");
    }

    [Theory]
    [InlineData("[1,2]", "must be a JSON object")]
    [InlineData("""{"inputs":{"A":1,}}""", "is not JSON: a member's name in quotes expected at line 1, column 18 (byte 18)")]
    [InlineData("""{"inputs":{"A":{"$attachment":0}}}""", "must not have a member called $attachment")]
    [InlineData("""{"inputs":{"A":{"\u0024attachment":0}}}""", "must not have a member called $attachment")]
    public void What_can_not_be_a_request_is_refused_with_its_place(string body, string fault) => Split(body, 5).Fault.ShouldBe(fault);

    [Fact]
    public void A_fault_in_a_part_that_has_left_has_its_place_in_the_body()
    {
        var body = $$$$$"""{"inputs":{"A":{"coordinates":{{{{{_coordinates[..^1]}}}}},x]}}}""";

        Split(body, 4096).Fault.ShouldBe($"is not JSON: a value expected at line 1, column {body.Length - 4} (byte {body.Length - 4})");
    }

    [Fact]
    public void What_does_not_leave_is_limited()
    {
        var body = $$$$$"""{"inputs":{"A":[{{{{{string.Join(',', Enumerable.Repeat("\"abcdefgh\"", 2000))}}}}}]}}""";

        Split(body, 100, maxReduced: 10_000).Fault!.ShouldContain("too large");
    }

    [Fact]
    public void A_body_that_ends_too_early_is_no_request() => Split("""{"inputs":{"A":1}""", 100).Fault!.ShouldContain("it ends too early");

    private static Outcome Split(string body, int piece, int maxReduced = 1 << 20)
    {
        using var splitter = new BodySplitter(maxReduced);
        var attachments = new List<(JsonValueKind Kind, MemoryStream Content)>();
        var bytes = Encoding.UTF8.GetBytes(body);
        foreach (var chunk in bytes.Chunk(Math.Min(piece, bytes.Length)))
        {
            ReadOnlySpan<byte> input = chunk;
            var step = SplitStep.AttachmentBegins;
            while (step is not (SplitStep.More or SplitStep.Fault))
            {
                step = splitter.Step(ref input);
                if (step == SplitStep.AttachmentBegins)
                {
                    attachments.Add((splitter.AttachmentKind, new MemoryStream()));
                }

                if (attachments.Count > 0)
                {
                    attachments[^1].Content.Write(splitter.Outgoing.Written);
                }

                splitter.Outgoing.Cut(0);
            }

            if (step == SplitStep.Fault)
            {
                return new Outcome(splitter.Fault, "", []);
            }
        }

        return splitter.TryFinish()
            ? new Outcome(null, Encoding.UTF8.GetString(splitter.Reduced), [.. attachments.Select(each => (each.Kind, Encoding.UTF8.GetString(each.Content.ToArray())))])
            : new Outcome(splitter.Fault, "", []);
    }

    private sealed record Outcome(string? Fault, string Reduced, IReadOnlyList<(JsonValueKind Kind, string Text)> Attachments);
}
