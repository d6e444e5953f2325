using GeoWps.Domain.Files;

namespace GeoWps.Tests.Unit.Files;

/// <summary>Two spellings that look the same are one name. Vectors of Unicode's normal form C.</summary>
public sealed class NormalFormTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u1e0b\u0323", "\u1e0d\u0307")]
    [InlineData("a\u0300\u0301", "\u00e0\u0301")]
    [InlineData("\u0915\u093c", "\u0915\u093c")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u1112\u1161\u11ab\u1100\u1173\u11af", "\ud55c\uae00")]
    [InlineData("\u304b\u3099", "\u304c")]
    [InlineData("\u0627\u0653", "\u0622")]
    [InlineData("\uf900", "\u8c48")]
    [InlineData("江河🌊", "江河🌊")]
    public void A_name_is_kept_in_its_normal_form(string text, string normal)
    {
        FilePath.TryParse($"a/{text}", out var path, out _).ShouldBeTrue();

        path.ShouldNotBeNull().Text.ShouldBe($"a/{normal}");
        FilePath.TryParse($"a/{normal}", out var again, out _).ShouldBeTrue();
        again.ShouldBe(path);
    }
}
