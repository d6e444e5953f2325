using System.Globalization;
using System.Text.RegularExpressions;
using GeoWps.Adapters.Storage.Records;
using GeoWps.Application.Ports;
using GeoWps.Domain.Records;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Records;

/// <summary>Two records as an older version left them, and what has to hold of them after the scripts that came since.</summary>
internal static partial class OldRecords
{
    private const string Triangle = """{"type":"Polygon","coordinates":[[[0,0],[10,0],[0,10],[0,0]]]}""";

    /// <summary>Where the triangle's box is, and the triangle is not.</summary>
    private static readonly Extent _beside = new(8, 8, 9, 9);

    /// <summary>In literals: today's code may write another form.</summary>
    public static (int Id, string LocalId, string Type, string Title, string Document)[] Rows { get; } =
    [
        (1, "a", "map", "Bridges", $$"""{"Source":"old","LocalId":"a","Type":"map","Title":"Bridges","Keywords":["water"],"Extents":[0,0,10,10],"GeometryJson":"{{Triangle.Replace("\"", "\\\"", StringComparison.Ordinal)}}","Classifications":[{"Scheme":"plan","Code":"C"}]}"""),
        (2, "b", "book", "Towers", """{"Source":"old","LocalId":"b","Type":"book","Title":"Towers","Keywords":["water","stone"],"Extents":[8,8,9,9]}"""),
    ];

    public static (int Id, string Name, string Value)[] Values { get; } =
    [
        (1, "type", "map"), (1, "source", "old"), (1, "keywords", "water"), (1, "classification", "C"), (1, "scheme:plan", "C"),
        (2, "type", "book"), (2, "source", "old"), (2, "keywords", "water"), (2, "keywords", "stone"),
    ];

    /// <summary>What the row of weights has, in hexadecimal digits.</summary>
    public static string WeightsOf(string title, params string[] keywords) => Convert.ToHexString(new RecordRow(new CatalogueRecord("old", "x", "map", title) { Keywords = keywords }, 1_000).Words.Weights);

    /// <summary>The scripts of a database, in their order.</summary>
    /// <param name="ending">Of their names among the resources.</param>
    public static IReadOnlyList<(int Version, string Name, string Sql)> Scripts(string ending)
    {
        var assembly = typeof(RecordRow).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => ScriptName().IsMatch(name) && name.EndsWith(ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
            }),
        ];
    }

    public static async Task ShouldBeWholeAsync(IRecordStore store)
    {
        var none = CancellationToken.None;
        async Task<string> FindAsync(RecordQuery query) => string.Join(',', (await store.SearchAsync(query, none)).Records.Select(one => one.Record.LocalId));

        (await FindAsync(new RecordQuery { Text = "bridges" })).ShouldBe("a");
        (await FindAsync(new RecordQuery { Text = "water", SortBy = [(RecordProperties.Id, false)] })).ShouldBe("a,b");
        (await FindAsync(new RecordQuery { Areas = [new Extent(1, 1, 2, 2)] })).ShouldBe("a");
        (await FindAsync(new RecordQuery { Areas = [_beside] })).ShouldBe("b", "shapes are compared exactly");
        (await store.FindAsync("old:a", none)).ShouldNotBeNull().GeometryJson.ShouldBe(Triangle);

        var facets = (await store.SearchAsync(new RecordQuery { Facets = ["type", "keywords", "scheme:plan"] }, none)).Facets;
        facets["keywords"].ShouldBe([("water", 2), ("stone", 1)]);
        facets["type"].ShouldBe([("book", 1), ("map", 1)]);
        facets["scheme:plan"].ShouldBe([("C", 1)]);

        // They go on as if they had always been of this version.
        await store.PutAsync([new CatalogueRecord("old", "a", "map", "Ferries") { Keywords = ["stone"] }], none);
        (await FindAsync(new RecordQuery { Text = "bridges" })).ShouldBe("");
        (await FindAsync(new RecordQuery { Text = "ferries" })).ShouldBe("a");
        (await FindAsync(new RecordQuery { Areas = [new Extent(1, 1, 2, 2)] })).ShouldBe("");
        (await store.SearchAsync(new RecordQuery { Facets = ["keywords"] }, none)).Facets["keywords"].ShouldBe([("stone", 2), ("water", 1)]);
        await store.PutAsync([new CatalogueRecord("old", "c", "map", "Third")], none);
        (await store.RemoveAsync("old", ["b"], none)).ShouldBe(1);
        (await FindAsync(new RecordQuery())).ShouldBe("a,c");
    }

    [GeneratedRegex(@"^\d{3}-")]
    private static partial Regex ScriptName();
}
