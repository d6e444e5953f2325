using System.Text.Json;
using GeoWps.Application.Records.Schemes;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Schemes;
using GeoWps.Tests.Unit.Http;

namespace GeoWps.Tests.Unit.Records;

/// <summary>Schemes as they are read, codes with what is below them, and codes that an operator gave.</summary>
public sealed class SchemeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void A_scheme_is_read_from_csv_with_quotes_languages_and_any_line_ends()
    {
        var scheme = SchemeReader.FromCsv("plan", "\ufeffcode,label@en,label@zh,broader\r\nA,\"Plans, \"\"old\"\" and new\",规划,\n\nA.1 , Cities ,,A\r\nB,\"two\nlines\",,");

        scheme.Concepts.Select(concept => (concept.Code, concept.Broader)).ShouldBe([("A", null), ("A.1", "A"), ("B", null)]);
        scheme.Concepts[0].Labels.ShouldBe(new Dictionary<string, string> { ["en"] = "Plans, \"old\" and new", ["zh"] = "规划" });
        scheme.Concepts[1].Labels["en"].ShouldBe("Cities");
        scheme.Concepts[2].Labels["en"].ShouldBe("two\nlines");
    }

    [Theory]
    [InlineData("name\nA", "line 1: a column code")]
    [InlineData("code,colour\nA,red", "no column colour")]
    [InlineData("code\nA\nA", "line 3: the code A is there twice")]
    [InlineData("code,label\n,x", "line 2: a code has 1 to 200 characters")]
    [InlineData("code\na:b", "line 2: a code has")]
    [InlineData("code,broader\nA,Z", "line 2: there is no code Z")]
    [InlineData("code,broader\nA,C\nB,A\nC,B", "below itself")]
    [InlineData("code\nA,b", "2 fields, and only 1 columns")]
    [InlineData("code\n\"A", "line 2: a quotation mark is not closed")]
    [InlineData("code", "1 to 10000 concepts")]
    public void A_mistake_in_csv_is_told_with_its_line(string text, string why) =>
        Should.Throw<SchemeException>(() => SchemeReader.FromCsv("plan", text)).Message.ShouldContain(why);

    [Fact]
    public void A_scheme_is_read_from_plain_json_and_from_json_ld()
    {
        var plain = SchemeReader.FromJson("plan", JsonElement.Parse(
            """{"id": "x", "prefLabel": {"en": "Plan"}, "concepts": [{"id": "1", "notation": "A", "prefLabel": "Plans"}, {"id": "2", "notation": "A.1", "prefLabel": {"de": "Städte"}, "broader": "1"}, {"id": "B", "broader": ["A"]}]}"""));
        plain.Labels["en"].ShouldBe("Plan");
        plain.Concepts.Select(concept => (concept.Code, concept.Broader)).ShouldBe([("A", null), ("A.1", "A"), ("B", "A")]);
        plain.Concepts[0].Labels[ClassificationScheme.Und].ShouldBe("Plans");

        var linked = SchemeReader.FromJson("plan", JsonElement.Parse(
            """
            {"@context": {}, "@graph": [
              {"@id": "http://x/plan", "@type": "skos:ConceptScheme", "skos:prefLabel": [{"@value": "Plan", "@language": "en"}, {"@value": "规划", "@language": "zh"}]},
              {"@id": "http://x/a", "@type": ["skos:Concept"], "skos:notation": "A", "http://www.w3.org/2004/02/skos/core#prefLabel": {"@value": "Plans", "@language": "en"}},
              {"@id": "http://x/b", "@type": "http://www.w3.org/2004/02/skos/core#Concept", "skos:notation": [{"@value": "B"}], "skos:broader": {"@id": "http://x/a"}}]}
            """));
        linked.Labels.ShouldBe(new Dictionary<string, string> { ["en"] = "Plan", ["zh"] = "规划" });
        linked.Concepts.Select(concept => (concept.Code, concept.Broader)).ShouldBe([("A", null), ("B", "A")]);
        linked.Concepts[0].Labels["en"].ShouldBe("Plans");
    }

    /// <summary>The same scheme as different programs write it: a plan with A, A.1 below it and A.1.x below that.</summary>
    [Theory]
    [InlineData("""{"concepts": [{"id": "A", "prefLabel": {"en": "Plans"}, "narrower": ["A.1"]}, {"id": "A.1", "narrower": "A.1.x"}, {"id": "A.1.x"}]}""")]
    [InlineData("""{"@context": {"s": "http://www.w3.org/2004/02/skos/core#", "ex": "http://x/"}, "@graph": [{"@id": "ex:p", "@type": "s:ConceptScheme", "s:hasTopConcept": {"@id": "ex:a"}}, {"@id": "http://x/a", "@type": "s:Concept", "s:notation": "A", "s:prefLabel": {"@value": "Plans", "@language": "en"}, "s:narrower": [{"@id": "ex:b"}]}, {"@id": "ex:b", "@type": ["s:Concept"], "s:notation": ["A.1"]}, {"@id": "ex:c", "@type": "s:Concept", "s:notation": "A.1.x", "s:broader": {"@id": "http://x/b"}}]}""")]
    [InlineData("""{"@context": {"@vocab": "http://www.w3.org/2004/02/skos/core#", "uri": "@id", "kind": "@type"}, "@graph": {"@set": [{"uri": "http://x/a", "kind": "Concept", "notation": "A", "prefLabel": {"en": ["Plans"]}}, {"uri": "http://x/b", "kind": "Concept", "notation": "A.1", "broader": [{"uri": "http://x/a"}]}, {"uri": "http://x/c", "kind": "Concept", "notation": "A.1.x", "broader": "http://x/b"}]}}""")]
    [InlineData("""{"@context": ["http://x/context.jsonld", {"name": {"@id": "skos:prefLabel", "@container": "@language"}, "parent": {"@id": "skos:broader", "@type": "@id"}, "code": "skos:notation"}], "@graph": [{"id": "http://x/a", "type": "Concept", "code": "A", "name": {"en": "Plans"}}, {"id": "http://x/b", "type": "Concept", "code": "A.1", "parent": "http://x/a"}, {"id": "http://x/c", "type": "Concept", "code": "A.1.x", "parent": "http://x/b"}]}""")]
    [InlineData("""{"@type": "skos:ConceptScheme", "hasTopConcept": [{"id": "http://x/a", "notation": "A", "prefLabel": {"en": "Plans"}, "narrower": {"id": "http://x/b", "notation": "A.1", "narrower": [{"id": "http://x/c", "notation": "A.1.x"}]}}]}""")]
    [InlineData("""[{"@id": "http://x/a", "@type": ["http://www.w3.org/2004/02/skos/core#Concept"], "http://www.w3.org/2004/02/skos/core#notation": [{"@value": "A"}], "http://www.w3.org/2004/02/skos/core#prefLabel": [{"@value": "Plans", "@language": "en"}]}, {"@id": "http://x/b", "@type": ["http://www.w3.org/2004/02/skos/core#Concept"], "http://www.w3.org/2004/02/skos/core#notation": [{"@value": "A.1"}], "http://www.w3.org/2004/02/skos/core#broader": [{"@id": "http://x/a"}]}, {"@id": "http://x/c", "http://www.w3.org/2004/02/skos/core#notation": [{"@value": "A.1.x"}], "http://www.w3.org/2004/02/skos/core#broader": [{"@id": "http://x/b"}]}]""")]
    public void A_scheme_is_the_same_however_it_is_written(string text)
    {
        var scheme = SchemeReader.FromJson("plan", JsonElement.Parse(text));

        scheme.Concepts.Select(concept => (concept.Code, concept.Broader)).ShouldBe([("A", null), ("A.1", "A"), ("A.1.x", "A.1")]);
        scheme.Concepts[0].Labels.ShouldBe(new Dictionary<string, string> { ["en"] = "Plans" });
    }

    [Theory]
    [InlineData("{}", "concepts or @graph")]
    [InlineData("""{"concepts": [{"id": "http://x/a"}]}""", "needs a notation")]
    [InlineData("""{"concepts": [{"id": "A", "prefLabel": {"en": 1}}, {"id": "B", "prefLabel": 7}]}""", "concept 2: a label")]
    [InlineData("""{"concepts": [{"id": "A", "broader": "A"}]}""", "concept 1: A is below itself")]
    [InlineData("""{"concepts": [{"id": "A", "narrower": "Z"}]}""", "concept 1: there is no code Z")]
    [InlineData("""{"concepts": [{"id": "A", "narrower": "B"}, {"id": "B", "narrower": "A"}]}""", "is below itself")]
    public void A_mistake_in_json_is_told_with_its_concept(string text, string why) =>
        Should.Throw<SchemeException>(() => SchemeReader.FromJson("plan", JsonElement.Parse(text))).Message.ShouldContain(why);

    [Fact]
    public void A_code_finds_what_is_below_it_in_its_scheme_or_in_any()
    {
        var schemes = new SchemeSet([SchemeReader.FromCsv("one", "code,broader\nA,\nA.1,A\nA.1.a,A.1\nB,"), SchemeReader.FromCsv("two", "code,broader\nA,\nX,A\nA.1,\nY,A.1")]);

        schemes.WithNarrower("one", ["A"]).ShouldBe(["A", "A.1", "A.1.a"], ignoreOrder: true);
        schemes.WithNarrower("two", ["A"]).ShouldBe(["A", "X"], ignoreOrder: true);

        // What is below A of one scheme is no reason to find what is below A.1 of the other.
        schemes.WithNarrower(null, ["A"]).ShouldBe(["A", "A.1", "A.1.a", "X"], ignoreOrder: true);
        schemes.WithNarrower(null, ["A.1", "Q"]).ShouldBe(["A.1", "Q", "A.1.a", "Y"], ignoreOrder: true);
    }

    [Fact]
    public void A_label_is_in_the_language_that_is_wanted_else_in_english_else_in_any()
    {
        var schemes = new SchemeSet([SchemeReader.FromCsv("one", "code,label@de,label@en,label@zh-Hans\nA,Pläne,Plans,规划\nB,Boden,,\nC,,,")]);

        schemes.Label("one", "A", ["zh"]).ShouldBe("规划");
        schemes.Label(null, "A", ["fr", "de-AT"]).ShouldBe("Pläne");
        schemes.Label("one", "A", []).ShouldBe("Plans");
        schemes.Label("one", "B", ["zh"]).ShouldBe("Boden");
        schemes.Label("one", "C", ["zh"]).ShouldBeNull();
        schemes.Label("two", "A", []).ShouldBeNull();
    }

    [Fact]
    public async Task Codes_that_an_operator_gave_stay_when_the_source_stores_the_record_anew()
    {
        var (inner, schemes) = (new NoRecords(), new MemorySchemes());
        var records = new ClassifiedRecords(inner, schemes);
        using var book = new SchemeBook(schemes, records, TimeProvider.System);
        var record = new CatalogueRecord("files", "a", "file", "A") { Classifications = [new Classification("plan", "S")] };
        await records.PutAsync([record], None);

        var now = await book.ClassifyAsync("files:a", [new Classification("plan", "O"), new Classification("plan", "S")], None);
        Codes(now!).ShouldBe(["S", "O+"]);

        await records.PutAsync([record with { Title = "New", Classifications = [new Classification("plan", "T")] }], None);
        Codes((await records.FindAsync("files:a", None))!).ShouldBe(["T", "O+", "S+"]);

        Codes((await book.ClassifyAsync("files:a", [], None))!).ShouldBe(["T"]);
        (await book.ClassifyAsync("files:none", [], None)).ShouldBeNull();
    }

    private static IEnumerable<string> Codes(CatalogueRecord record) => record.Classifications.Select(code => code.Code + (code.IsAssigned ? "+" : ""));
}
