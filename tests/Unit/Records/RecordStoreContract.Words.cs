using GeoWps.Application.Ports;
using GeoWps.Domain.Records;

namespace GeoWps.Tests.Unit.Records;

public abstract partial class RecordStoreContract
{
    [Theory]
    [InlineData("武汉长江大桥")]
    [InlineData("武汉")]
    [InlineData("长江")]
    [InlineData("江大")]
    [InlineData("桥")]
    [InlineData("武")]
    [InlineData("大桥 武汉")]
    public async Task Chinese_is_found_by_any_part(string words)
    {
        await Store.PutAsync([Record("bridge", "武汉长江大桥规划图"), Record("lake", "东湖 水质")], None);

        (await FindAsync(words)).ShouldBe(["bridge"]);
    }

    [Theory]
    [InlineData("长大")]
    [InlineData("桥大江长")]
    [InlineData("湖水")]
    public async Task Characters_that_do_not_follow_each_other_are_no_word(string words)
    {
        await Store.PutAsync([Record("bridge", "武汉长江大桥规划图"), Record("lake", "东湖 水质")], None);

        (await FindAsync(words)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("東京", "tokyo")]
    [InlineData("ひらが", "tokyo")]
    [InlineData("がな", "tokyo")]
    [InlineData("ｶﾀｶﾅ", "tokyo")]
    [InlineData("지도", "seoul")]
    [InlineData("서울특", "seoul")]
    [InlineData("แผนที่", "bangkok")]
    [InlineData("خريطه", null)]
    [InlineData("خَرِيطَة", "cairo")]
    [InlineData("МОСКВА", "moscow")]
    [InlineData("naive", "paris")]
    [InlineData("NAÏVE cafe\u0301", "paris")]
    [InlineData("strasse", "berlin")]
    [InlineData("STRAẞE", "berlin")]
    [InlineData("ＡＢＣ１２３", "abc")]
    [InlineData("Ångström", "uppsala")]
    [InlineData("angstro", "uppsala")]
    [InlineData("zażółć gęślą", "krakow")]
    [InlineData("हिन्दी", "delhi")]
    public async Task Words_of_any_language_are_found_however_they_are_written(string words, string? found)
    {
        await Store.PutAsync(
            [
                Record("tokyo", "東京都のひらがなとカタカナ"), Record("seoul", "서울특별시 지도"), Record("bangkok", "แผนที่กรุงเทพ"), Record("cairo", "خريطة القاهرة"), Record("moscow", "Карта города Москва"),
                Record("paris", "Café naïf, naïve"), Record("berlin", "Hauptstraße 5"), Record("abc", "ABC123"), Record("uppsala", "ÅNGSTRÖM"), Record("krakow", "Zażółć gęślą jaźń"), Record("delhi", "हिन्दी मानचित्र"),
            ],
            None);

        var expected = words == "strasse" || words == "STRAẞE" ? [] : found is null ? Array.Empty<string>() : [found];
        (await FindAsync(words)).ShouldBe(expected);
        if (words == "strasse")
        {
            (await FindAsync("HAUPTSTRASSE")).ShouldBe(["berlin"]);
        }
    }

    [Fact]
    public async Task All_words_have_to_be_there_in_any_order_and_the_last_may_be_a_begin()
    {
        await Store.PutAsync([Record("a", "Flood map of the river"), Record("b", "Flood report"), Record("c", "Mapping of floods")], None);

        (await FindAsync("river flood")).ShouldBe(["a"]);
        (await FindAsync("FLOOD")).ShouldBe(["b", "a", "c"]);
        (await FindAsync("flood map")).ShouldBe(["a"]);
        (await FindAsync("floo rep")).ShouldBeEmpty("only the last word may be a begin");
        (await FindAsync("flood rep")).ShouldBe(["b"]);
        (await FindAsync("map ")).ShouldBe(["a", "c"]);
        (await FindAsync("m")).ShouldBeEmpty("one letter is nothing to go by");
    }

    [Fact]
    public async Task What_is_quoted_stands_as_it_is_quoted()
    {
        await Store.PutAsync([Record("a", "Land use map") with { Keywords = ["soil", "water"] }, Record("b", "Use of land, map"), Record("c", "农业 土地 利用图")], None);

        (await FindAsync("\"land use\"")).ShouldBe(["a"]);
        (await FindAsync("“land use” map")).ShouldBe(["a"]);
        (await FindAsync("\"land map\"")).ShouldBe(["b"]);
        (await FindAsync("\"lan\"")).ShouldBeEmpty("what is quoted is whole");
        (await FindAsync("\"soil water\"")).ShouldBeEmpty("two keywords are no phrase");
        (await FindAsync("\"map soil\"")).ShouldBeEmpty("title and keywords are no phrase");
        (await FindAsync("\"土地 利用\"")).ShouldBe(["c"]);
        (await FindAsync("土地利用")).ShouldBeEmpty("there is a space");
        (await FindAsync("\"land use")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_comma_is_between_alternatives()
    {
        await Store.PutAsync([Record("a", "Rivers"), Record("b", "Lakes of Asia"), Record("c", "Roads")], None);

        (await FindAsync("rivers,lakes asia")).ShouldBe(["a", "b"], ignoreOrder: true);
        (await FindAsync("rivers,lakes europe")).ShouldBe(["a"]);
        (await FindAsync(",, ,rivers")).ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"\"\"")]
    [InlineData("AND OR NOT NEAR")]
    [InlineData("title:rivers")]
    [InlineData("(rivers")]
    [InlineData("rivers*")]
    [InlineData("^rivers -lakes")]
    [InlineData("' OR 1=1 --")]
    [InlineData("{title} : x")]
    [InlineData("a & b | !c <-> d:*")]
    [InlineData("\\")]
    [InlineData("%_%")]
    [InlineData("\0")]
    [InlineData("\ud800")]
    [InlineData("§")]
    [InlineData("😀")]
    public async Task Nothing_that_can_be_typed_is_a_mistake(string words)
    {
        await Store.PutAsync([Record("a", "Rivers")], None);

        await Should.NotThrowAsync(() => Store.SearchAsync(new RecordQuery { Text = words }, None));
        (await FindAsync("rivers*")).ShouldBe(["a"], "a star is nothing");
    }

    [Fact]
    public async Task Where_a_word_stands_says_how_well_it_fits()
    {
        await Store.PutAsync(
            [
                Record("text", "One", text: "The glacier is far back in the text of this document."),
                Record("description", "Two", "A glacier is described."),
                Record("keyword", "Three") with { Keywords = ["glacier", "ice"] },
                Record("title", "Glacier of the north"),
                Record("exact", "Glacier"),
                Record("long", "Inventory of every lake, glacier, river, road and house of the whole country as of last year"),
                Record("more", "Four", text: "Glacier, glacier, glacier: the glacier."),
            ],
            None);

        (await FindAsync("glacier")).ShouldBe(["exact", "title", "long", "keyword", "description", "more", "text"]);
        var found = await Store.SearchAsync(new RecordQuery { Text = "glacier" }, None);
        found.Records.ShouldAllBe(one => one.Rank > 0 && one.Rank <= 1);
        found.Records.Select(one => one.Rank).ShouldBe(found.Records.Select(one => one.Rank).OrderDescending());
        (await Store.SearchAsync(new RecordQuery(), None)).Records.ShouldAllBe(one => one.Rank == 0 && one.Hit == null);
    }

    [Fact]
    public async Task A_rank_is_the_records_own_whatever_else_is_there()
    {
        await Store.PutAsync([Record("a", "Glacier of the north", "Ice.")], None);
        var alone = (await Store.SearchAsync(new RecordQuery { Text = "glacier" }, None)).Records[0].Rank;

        await Store.PutAsync([.. Enumerable.Range(0, 300).Select(i => Record($"b{i}", $"Glacier number {i} and a longer title"))], None);

        var among = (await Store.SearchAsync(new RecordQuery { Text = "glacier", Limit = 500 }, None)).Records.First(one => one.Record.LocalId == "a");
        among.Rank.ShouldBe(alone);
    }

    [Fact]
    public async Task The_hit_is_shown_in_its_sentence()
    {
        await Store.PutAsync(
            [
                Full with { Owner = null, Description = null },
                Record("b", "<b>Plan</b>", "Nothing here. The <i>Café</i> is open & \"cosy\"! Nothing there."),
            ],
            None);

        (await HitAsync("长江")).ShouldBe("Die 武汉\u0002长江\u0003大桥 stand unter Wasser.");
        (await HitAsync("cafe cosy")).ShouldBe("The <i>\u0002Café\u0003</i> is open & \"\u0002cosy\u0003\"!");
        (await HitAsync("plan")).ShouldBe("<b>\u0002Plan\u0003</b>");
        (await HitAsync("武汉长江大")).ShouldBe("Die \u0002武汉长江大\u0003桥 stand unter Wasser.");
        (await HitAsync("江")).ShouldBe("Die 武汉长\u0002江\u0003大桥 stand unter Wasser.");
    }

    private async Task<string?> HitAsync(string words) => (await Store.SearchAsync(new RecordQuery { Text = words }, None)).Records.ShouldHaveSingleItem().Hit;
}
