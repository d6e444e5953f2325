using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using GeoWps.Application.Nodes;

namespace GeoWps.Tests.Unit.Gateway;

/// <summary>Whatever lists nodes have: who goes from page to page sees each item once, in the same order, whatever the size of the pages.</summary>
public sealed class MergedPagesTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(400);

    /// <summary>Up to five nodes with up to 30 items each; ids may be the same on several.</summary>
    private static readonly Gen<World> Worlds =
        from nodes in Gen.Choose(1, 5)
        from lists in Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(0, 40)).Select(ids => ids.Distinct().Take(30).Select(id => $"i{id:00}").ToArray()), nodes)
        from counts in Gen.ArrayOf(Gen.Elements(true, false), nodes)
        from limit in Gen.Choose(1, 12)
        select new World(lists, counts, limit);

    [Fact]
    public void Features_come_one_node_after_the_other_each_once() => Prop.ForAll(Worlds.ToArbitrary(), world =>
    {
        var expected = world.Lists.SelectMany((list, node) => list.Select(id => $"{node}/{id}")).ToArray();

        return Same(expected, Walk(MergeKind.Features, world with { Lists = [.. world.Lists.Select((list, node) => list.Select(id => $"{node}/{id}").ToArray())] }));
    }).Check(Thorough);

    [Fact]
    public void A_union_has_each_id_once_where_the_first_node_has_it() => Prop.ForAll(Worlds.ToArbitrary(), world =>
        Same([.. world.Lists.SelectMany(list => list).Distinct()], Walk(MergeKind.UnionById, world))).Check(Thorough);

    [Fact]
    public void Processes_come_by_id_each_once_with_all_their_versions() => Prop.ForAll(Worlds.ToArbitrary(), world =>
    {
        var lists = world.Lists.Select(list => list.Order(StringComparer.Ordinal).ToArray()).ToArray();
        var expected = lists.SelectMany((list, node) => list.Select(id => (Id: id, Version: $"{node % 2}"))).Distinct().GroupBy(one => one.Id, StringComparer.Ordinal)
            .OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Count()}").ToArray();
        var seen = new List<string>();
        for (var after = ""; after is not null;)
        {
            // A node gives what comes after, and says that there is more.
            var begin = after;
            var parts = lists.Select((list, node) =>
            {
                var rest = list.Where(id => string.CompareOrdinal(id, begin) > 0).ToArray();
                return Part(node, $$"""{"processes":[{{string.Join(',', rest.Take(world.Limit).Select(id => $$"""{"id":"{{id}}","version":"{{node % 2}}"}"""))}}],"links":[{{(rest.Length > world.Limit ? """{"rel":"next","href":"x"}""" : "")}}]}""");
            }).ToArray();
            var page = JsonElement.Parse(Merging.Processes(parts, world.Limit, "self", id => id));
            foreach (var process in page.GetProperty("processes").EnumerateArray())
            {
                seen.Add($"{process.GetProperty("id")} {(process.TryGetProperty("versions", out var versions) ? versions.GetArrayLength() : 1)}");
            }

            after = NextOf(page);
        }

        return Same(expected, seen);
    }).Check(Thorough);

    /// <summary>Also where nodes give less at once than they are asked for; what comes at the end of all comes once.</summary>
    [Fact]
    public void Lists_newest_first_come_each_once_and_their_last_at_the_end() => Prop.ForAll(Worlds.ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), (world, most) =>
    {
        var expected = world.Lists.SelectMany(list => list).Distinct().OrderDescending(StringComparer.Ordinal).Append("~last").ToArray();
        var seen = new List<string>();
        for (var after = "z"; after is not null;)
        {
            var begin = after;
            var parts = world.Lists.Select((list, node) =>
            {
                var rest = list.OrderDescending(StringComparer.Ordinal).Where(id => string.CompareOrdinal(id, begin) < 0).Append("~last").ToArray();
                var given = Math.Min(world.Limit, most);
                return Part(node, $$"""{"jobs":[{{string.Join(',', rest.Take(given).Select(id => $$"""{"id":"{{id}}"}"""))}}],"links":[{{(rest.Length > given ? """{"rel":"next","href":"x"}""" : "")}}]}""");
            }).ToArray();
            var page = JsonElement.Parse(Merging.Lists(parts, new ListForm("jobs", NewestFirst: true, Last: "~last"), world.Limit, "self", id => id));
            seen.AddRange(page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!));
            after = NextOf(page);
            (seen.Count <= expected.Length).ShouldBeTrue($"it goes on and on: {string.Join(' ', seen)}");
        }

        return Same(expected, seen);
    }).Check(Thorough);

    /// <summary>Each node gives only so many at once, however many are wanted: then pages end there with a word, and what was seen is the beginning of the whole.</summary>
    [Fact]
    public void Where_a_node_gives_less_than_is_wanted_nothing_is_left_out_silently() => Prop.ForAll(Worlds.ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), (world, most) =>
    {
        var whole = world.Lists.SelectMany(list => list).Distinct().ToArray();
        var (seen, isRefused) = WalkTo(MergeKind.UnionById, world, most);

        return Same(whole[..seen.Count], seen) && (isRefused || seen.Count == whole.Length);
    }).Check(Thorough);

    private static bool Same(IEnumerable<string> expected, IEnumerable<string> seen) => expected.SequenceEqual(seen) ? true : throw new InvalidOperationException($"not {string.Join(' ', expected)}, but {string.Join(' ', seen)}");

    private static List<string> Walk(MergeKind kind, World world)
    {
        var (seen, isRefused) = WalkTo(kind, world, int.MaxValue);
        isRefused.ShouldBeFalse();
        return seen;
    }

    private static (List<string> Seen, bool IsRefused) WalkTo(MergeKind kind, World world, int most)
    {
        var seen = new List<string>();
        for (string? next = "0"; next is not null;)
        {
            var page = new MergedPage(int.Parse(next, CultureInfo.InvariantCulture), world.Limit, "self", offset => $"{offset}");
            var wanted = Math.Min(Merging.Wanted(page), most);
            var parts = world.Lists.Select((list, node) => Part(node, Features(list, wanted, world.Counts[node]))).ToArray();
            if (Merging.Merge(kind, parts, page) is not { } merged)
            {
                return (seen, true);
            }

            var read = JsonElement.Parse(merged);
            var ids = read.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetString()!).ToArray();
            ids.Length.ShouldBe(read.GetProperty("numberReturned").GetInt32());
            ids.Length.ShouldBeLessThanOrEqualTo(world.Limit);
            seen.AddRange(ids);
            next = NextOf(read);
            if (next is null && read.TryGetProperty("numberMatched", out var matched))
            {
                matched.GetInt32().ShouldBe(seen.Count);
            }
        }

        return (seen, false);
    }

    /// <param name="counts">Whether the node says how many there are; else it links to more, if there is.</param>
    private static string Features(string[] list, int wanted, bool counts)
    {
        var features = string.Join(',', list.Take(wanted).Select(id => $$"""{"type":"Feature","id":"{{id}}"}"""));
        var more = counts ? $"\"numberMatched\":{list.Length}" : $"\"links\":[{(list.Length > wanted ? """{"rel":"next","href":"x"}""" : "")}]";
        return $$"""{"type":"FeatureCollection","features":[{{features}}],{{more}}}""";
    }

    private static NodePart<JsonDocument> Part(int node, string json) => new($"node{node}", JsonDocument.Parse(json));

    private static string? NextOf(JsonElement page) =>
        page.GetProperty("links").EnumerateArray().Where(link => link.GetProperty("rel").GetString() == "next").Select(link => link.GetProperty("href").GetString()).SingleOrDefault();

    /// <param name="Counts">By node.</param>
    private sealed record World(string[][] Lists, bool[] Counts, int Limit)
    {
        public override string ToString() => $"{string.Join(" | ", Lists.Select((list, node) => $"{(Counts[node] ? "" : "~")}{string.Join(' ', list)}"))}, {Limit} a page";
    }
}
