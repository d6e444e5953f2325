using System.Text.Json;
using GeoWps.Application.Nodes;
using GeoWps.Application.Records;

namespace GeoWps.Tests.Unit.Records;

public sealed class RecordMergingTests
{
    [Fact]
    public void The_better_hit_comes_first_whichever_node_it_is_of_and_ids_break_ties()
    {
        var merged = Merge(0, 10, ("a", Page(2, Feature("x:1", 0.9), Feature("x:4", 0.2))), ("b", Page(2, Feature("x:2", 0.5), Feature("x:3", 0.2))));

        Ids(merged).ShouldBe(["x:1", "x:2", "x:3", "x:4"]);
        merged.GetProperty("numberMatched").GetInt32().ShouldBe(4);
        merged.GetProperty("features")[1].GetProperty("node").GetString().ShouldBe("b");
    }

    [Fact]
    public void Pages_put_together_are_the_whole_each_once()
    {
        var random = new Random(7);
        var nodes = Enumerable.Range(0, 3).Select(node => Enumerable.Range(0, 9).Select(i => (Id: $"{node}:{i}", Rank: random.Next(1, 5) / 10.0)).OrderByDescending(one => one.Rank).ThenBy(one => one.Id, StringComparer.Ordinal).ToArray()).ToArray();
        var all = new List<string>();
        for (var offset = 0; offset < 27; offset += 4)
        {
            all.AddRange(Ids(Merge(offset, 4, [.. nodes.Select((node, i) => ($"n{i}", (string?)Page(9, [.. node.Take(offset + 4).Select(one => Feature(one.Id, one.Rank))])))])));
        }

        all.ShouldBe(nodes.SelectMany(node => node).OrderByDescending(one => one.Rank).ThenBy(one => one.Id, StringComparer.Ordinal).Select(one => one.Id));
    }

    [Fact]
    public void Doubles_of_other_nodes_go_and_are_taken_off_the_number()
    {
        var merged = Merge(0, 10, ("a", Page(2, Feature("x:1", 0.9, "doi-1"), Feature("x:2", 0.8, "doi-1"))), ("b", Page(50, Feature("y:1", 0.95, "doi-1"), Feature("y:2", 0.1, "doi-2"))));

        Ids(merged).ShouldBe(["y:1", "y:2"], "the first by rank stays");
        merged.GetProperty("numberMatched").GetInt32().ShouldBe(50);
        Ids(Merge(0, 10, ("a", Page(2, Feature("x:1", 0.9, "doi-1"), Feature("x:2", 0.8, "doi-1"))), ("b", Page(0)))).Length.ShouldBe(2, "a node may know one thing twice");
    }

    [Fact]
    public void Without_words_titles_are_in_order_as_on_each_node()
    {
        var merged = Merge(false, 0, 10, ("a", Page(2, Feature("1", 0, title: "Ärger"), Feature("2", 0, title: "zoo"))), ("b", Page(1, Feature("3", 0, title: "Beta"))));

        Ids(merged).ShouldBe(["1", "3", "2"]);
    }

    [Fact]
    public void Who_did_not_answer_is_named_and_facets_are_added()
    {
        var merged = Merge(
            0, 10,
            ("a", """{"features":[],"numberMatched":0,"facets":{"type":{"buckets":[{"value":"map","count":2},{"value":"file","count":1}]}}}"""),
            ("b", null),
            ("c", """{"features":[],"numberMatched":0,"facets":{"type":{"buckets":[{"value":"file","count":4}]}}}"""));

        merged.GetProperty("incomplete")[0].GetString().ShouldBe("b");
        merged.GetProperty("facets").GetProperty("type").GetProperty("buckets").EnumerateArray().Select(one => $"{one.GetProperty("value")} {one.GetProperty("count")}").ShouldBe(["file 5", "map 2"]);
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{"features":{}}""")]
    [InlineData("""{"features":[1,null,{}],"numberMatched":"x"}""")]
    [InlineData("""{"features":[{"id":5,"rank":"high","properties":[]}]}""")]
    [InlineData("""{"features":[],"facets":{"type":[]}}""")]
    public void What_a_node_says_that_is_none_of_this_does_no_harm(string document) =>
        Ids(Merge(0, 10, ("a", document), ("b", Page(1, Feature("x:1", 0.5))))).ShouldContain("x:1");

    private static JsonElement Merge(int offset, int limit, params (string Node, string? Document)[] parts) => Merge(true, offset, limit, parts);

    private static JsonElement Merge(bool byRank, int offset, int limit, params (string Node, string? Document)[] parts) => JsonElement.Parse(RecordMerging.Merge(
        [.. parts.Select(part => new NodePart<JsonDocument>(part.Node, part.Document is null ? null : JsonDocument.Parse(part.Document)))], new MergedSearch(offset, limit, byRank, [], at => $"at {at}", "page", "catalogue", DateTimeOffset.UnixEpoch)));

    private static string[] Ids(JsonElement merged) => [.. merged.GetProperty("features").EnumerateArray().Where(one => one.TryGetProperty("id", out _)).Select(one => one.GetProperty("id").ToString())];

    private static string Page(int matched, params string[] features) => $$"""{"type":"FeatureCollection","numberMatched":{{matched}},"features":[{{string.Join(',', features)}}]}""";

    private static string Feature(string id, double rank, string? externalId = null, string title = "t") => FormattableString.Invariant(
        $$$"""{"type":"Feature","id":"{{{id}}}","rank":{{{rank}}},"properties":{"title":"{{{title}}}"{{{(externalId is null ? "" : $",\"externalIds\":[{{\"value\":\"{externalId}\"}}]")}}}}}""");
}
