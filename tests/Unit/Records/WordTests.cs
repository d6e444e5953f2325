using System.Text;
using FsCheck;
using FsCheck.Fluent;
using GeoWps.Domain.Records;
using GeoWps.Domain.Records.Words;

namespace GeoWps.Tests.Unit.Records;

public sealed class WordTests
{
    [Theory]
    [InlineData("Flood_map-2020.tif", "flood map 2020 tif")]
    [InlineData("GIS地图2020", "gis 地图 图 2020")]
    [InlineData("L'été à l’école", "l ete a l ecole")]
    [InlineData("e\u0301a\u0308", "ea")]
    [InlineData("か\u3099き", "がき き")]
    [InlineData("ｶﾞｷﾞ", "ガギ ギ")]
    [InlineData("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글 글")]
    [InlineData("①ﬁ㎞²", "1fikm2")]
    [InlineData("٣٤", "34")]
    [InlineData("𠮷野", "𠮷野 野")]
    [InlineData("\ud800x\udc00", "x")]
    [InlineData(" .,;😀\u0301 ", "")]
    public void Text_is_broken_into_words(string text, string words) => string.Join(' ', WordBreaker.Break(text).Select(word => word.Text)).ShouldBe(words);

    [Fact]
    public void A_word_stands_where_it_is_said_to() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(),
        text =>
        {
            foreach (var word in WordBreaker.Break(text.Get))
            {
                word.Start.ShouldBeInRange(0, text.Get.Length - 1);
                word.End.ShouldBeInRange(word.Start + 1, text.Get.Length);
                word.Text.EnumerateRunes().ShouldAllBe(rune => rune.Value >= 0x80 || Rune.IsLetterOrDigit(rune), "stores divide them by spaces");
                word.Text.ShouldNotContain(IndexedRecord.Gap);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Folding_twice_is_folding_once() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(),
        text => WordBreaker.Fold(WordBreaker.Fold(text.Get)).ShouldBe(WordBreaker.Fold(text.Get))).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_typed_is_understood_and_bounded() => Prop.ForAll(
        Gen.Elements("\"", "a", "武汉", ",", " ", "“", "x y", "\0", "*", "\ud83d", "長").ListOf().ToArbitrary(),
        pieces =>
        {
            var search = SearchText.Parse(string.Concat(pieces));
            (search?.Alternatives.SelectMany(units => units).Count() ?? 0).ShouldBeLessThanOrEqualTo(SearchText.MaxUnits);
            (search?.Alternatives ?? []).ShouldAllBe(units => units.Count > 0 && units.All(unit => unit.Words.Count > 0));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_long_sentence_is_cut_around_its_first_hit()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 200)) + " needle " + string.Join(' ', Enumerable.Repeat("more", 200));

        var hit = HitSentence.In(text, SearchText.Parse("needle")!).ShouldNotBeNull();

        hit.Length.ShouldBeLessThan(260);
        hit.ShouldStartWith("…word");
        hit.ShouldContain("\u0002needle\u0003 more");
        hit.ShouldEndWith("more…");
    }

    [Fact]
    public void Every_hit_is_marked_once_and_nothing_else_is_changed() => Prop.ForAll(
        Gen.Elements("武", "汉", "长江", "a", "b ", ". ", "\n", "😀", "é", "x").NonEmptyListOf().ToArbitrary(),
        pieces =>
        {
            var text = string.Concat(pieces);
            if (HitSentence.In(text, SearchText.Parse("武汉长 a")!) is { } hit)
            {
                text.ShouldContain(hit.Replace("\u0002", "", StringComparison.Ordinal).Replace("\u0003", "", StringComparison.Ordinal).Trim('…').Trim());
                hit.Count(letter => letter == HitSentence.Open).ShouldBe(hit.Count(letter => letter == HitSentence.Close));
                hit.ShouldContain(HitSentence.Open);
            }
        }).QuickCheckThrowOnFailure();
}
