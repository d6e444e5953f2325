using System.Text.Json;
using GeoWps.Application.Nodes;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class MergingTests
{
    [Fact]
    public void Features_are_put_one_after_the_other_and_counts_are_added()
    {
        var merged = Merge(MergeKind.Features, 0, 10, ("a", Features(2, "a1", "a2")), ("b", Features(1, "b1")));

        Ids(merged, "features").ShouldBe(["a1", "a2", "b1"]);
        merged.GetProperty("numberMatched").GetInt32().ShouldBe(3);
        merged.GetProperty("numberReturned").GetInt32().ShouldBe(3);
        merged.TryGetProperty("incomplete", out _).ShouldBeFalse();
        Next(merged).ShouldBeNull();
    }

    [Fact]
    public void Pages_put_together_are_the_whole_in_order_each_once()
    {
        var (a, b) = (Enumerable.Range(0, 7).Select(i => $"a{i}").ToArray(), Enumerable.Range(0, 5).Select(i => $"b{i}").ToArray());
        var all = new List<string>();
        for (int? offset = 0; offset is { } from;)
        {
            // Each node sends what it was asked for: everything up to the page's end.
            var page = Merge(MergeKind.Features, from, 4, ("a", Features(7, [.. a.Take(from + 4)])), ("b", Features(5, [.. b.Take(from + 4)])));
            page.GetProperty("numberMatched").GetInt32().ShouldBe(12);
            all.AddRange(Ids(page, "features"));
            offset = Next(page);
        }

        all.ShouldBe([.. a, .. b]);
    }

    [Fact]
    public void What_has_the_same_id_is_there_once_as_the_first_says()
    {
        var merged = Merge(MergeKind.UnionById, 0, 10, ("a", """{"records":[{"id":"x","of":"a"},{"id":"y"}]}"""), ("b", """{"records":[{"id":"x","of":"b"},{"id":"z"}]}"""));

        Ids(merged, "records").ShouldBe(["x", "y", "z"]);
        merged.GetProperty("records")[0].GetProperty("of").GetString().ShouldBe("a");
        merged.GetProperty("numberMatched").GetInt32().ShouldBe(3);
    }

    [Fact]
    public void How_many_there_are_of_a_union_is_not_said_when_a_node_has_more()
    {
        var merged = Merge(MergeKind.UnionById, 0, 1, ("a", Features(9, "x")), ("b", Features(1, "y")));

        merged.TryGetProperty("numberMatched", out _).ShouldBeFalse();
        Next(merged).ShouldBe(1);
    }

    [Fact]
    public void Who_did_not_answer_is_named()
    {
        var merged = Merge(MergeKind.Features, 0, 10, ("a", Features(1, "a1")), ("b", null));

        merged.GetProperty("incomplete").EnumerateArray().Select(name => name.GetString()).ShouldBe(["b"]);
    }

    [Fact]
    public void A_process_that_differs_between_nodes_shows_its_versions()
    {
        var merged = JsonElement.Parse(Merging.Processes(
            [Part("a", """{"processes":[{"id":"p","version":"1"},{"id":"q","version":"1"}]}"""), Part("b", """{"processes":[{"id":"p","version":"2"},{"id":"o","version":"1"}]}""")],
            10, "self", after => $"after={after}"));

        Ids(merged, "processes").ShouldBe(["o", "p", "q"]);
        var process = merged.GetProperty("processes")[1];
        process.GetProperty("version").GetString().ShouldBe("2");
        process.GetProperty("versions").EnumerateArray().Select(version => $"{version.GetProperty("version")} {version.GetProperty("nodes")[0]}").ShouldBe(["2 b", "1 a"]);
        merged.GetProperty("processes")[0].TryGetProperty("versions", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_list_that_a_node_has_cut_hides_nothing_and_what_comes_last_comes_once()
    {
        var form = new ListForm("layers", Last: "catalogue");
        const string Cut = """{"layers":[{"id":"a"},{"id":"d"}],"links":[{"rel":"next"}]}""";
        const string Whole = """{"layers":[{"id":"b"},{"id":"e"},{"id":"catalogue"}]}""";

        // Between d and e there may be more of the first.
        var first = JsonElement.Parse(Merging.Lists([Part("a", Cut), Part("b", Whole)], form, 10, "self", after => $"after={after}"));
        Ids(first, "layers").ShouldBe(["a", "b", "d"]);
        first.GetProperty("links")[1].GetProperty("href").GetString().ShouldBe("after=d");

        var last = JsonElement.Parse(Merging.Lists(
            [Part("a", """{"layers":[{"id":"da"},{"id":"catalogue"}]}"""), Part("b", """{"layers":[{"id":"e"},{"id":"catalogue"}]}""")], form, 10, "self", after => $"after={after}"));
        Ids(last, "layers").ShouldBe(["da", "e", "catalogue"]);
        last.GetProperty("links").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Who_is_late_or_fails_costs_its_own_part_only()
    {
        var parts = await FanOut.AskAllAsync<string, string>(
            ["fine", "late", "broken"],
            node => node,
            async (node, cancellationToken) =>
            {
                if (node == "late")
                {
                    await Task.Delay(Timeout.Infinite, CancellationToken.None);
                }

                return node == "broken" ? throw new InvalidOperationException() : node;
            },
            TimeSpan.FromMilliseconds(50),
            TimeProvider.System,
            CancellationToken.None);

        parts.Select(part => part.Answer).ShouldBe(["fine", null, null]);
    }

    [Fact]
    public async Task The_first_answer_stops_the_others()
    {
        var stopped = new TaskCompletionSource();
        var first = await FanOut.AskFirstAsync<string, string>(
            ["slow", "quick"],
            node => node,
            async (node, cancellationToken) =>
            {
                if (node == "slow")
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    stopped.SetResult();
                }

                return node;
            },
            TimeSpan.FromMinutes(1),
            TimeProvider.System,
            CancellationToken.None);

        first!.Node.ShouldBe("quick");
        await stopped.Task;
    }

    private static JsonElement Merge(MergeKind kind, int offset, int limit, params (string Node, string? Json)[] parts) =>
        JsonElement.Parse(Merging.Merge(kind, [.. parts.Select(part => Part(part.Node, part.Json))], new MergedPage(offset, limit, "self", next => $"next={next}")).ShouldNotBeNull());

    private static NodePart<JsonDocument> Part(string node, string? json) => new(node, json is null ? null : JsonDocument.Parse(json));

    private static string Features(int matched, params string[] ids) =>
        $$"""{"type":"FeatureCollection","features":[{{string.Join(',', ids.Select(id => $$"""{"type":"Feature","id":"{{id}}"}"""))}}],"numberMatched":{{matched}}}""";

    private static string[] Ids(JsonElement document, string member) => [.. document.GetProperty(member).EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];

    private static int? Next(JsonElement document) =>
        document.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == "next").Select(link => (int?)int.Parse(link.GetProperty("href").GetString()![5..])).SingleOrDefault();
}
