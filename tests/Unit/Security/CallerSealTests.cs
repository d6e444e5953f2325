using System.Net;
using GeoWps.Application.Security;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Unit.Security;

public sealed class CallerSealTests
{
    private const string Target = "/processes/native:buffer/execution?f=json";

    private static readonly PassedCaller Here = new(IPAddress.Parse("127.0.0.1"), IsLocal: true);
    private static readonly PassedCaller There = new(IPAddress.Parse("2001:db8::7"), IsLocal: false);

    private readonly TestClock _clock = new();
    private readonly CallerSeal _seal;

    public CallerSealTests() => _seal = Of("the-administrators-token");

    [Fact]
    public void What_was_sealed_is_read_by_who_has_the_same_token()
    {
        foreach (var caller in new[] { Here, There })
        {
            Of("the-administrators-token").Read(_seal.Write(caller, "POST", Target), "POST", Target).ShouldBe(caller);
        }
    }

    [Theory]
    [InlineData("GET", Target)]
    [InlineData("POST", "/processes/native:buffer/execution")]
    [InlineData("POST", "/processes/native:buffer/execution?f=json&x")]
    [InlineData("POST", "/processes/native:centroids/execution?f=json")]
    public void It_is_of_no_use_for_another_request(string method, string target) => _seal.Read(_seal.Write(Here, "POST", Target), method, target).ShouldBeNull();

    [Fact]
    public void It_is_of_no_use_later_nor_much_earlier()
    {
        var sealedNow = _seal.Write(Here, "POST", Target);
        _clock.Advance(CallerSeal.Tolerance);
        _seal.Read(sealedNow, "POST", Target).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _seal.Read(sealedNow, "POST", Target).ShouldBeNull();

        var ahead = _seal.Write(Here, "POST", Target);
        _clock.Advance(-CallerSeal.Tolerance - TimeSpan.FromSeconds(2));
        _seal.Read(ahead, "POST", Target).ShouldBeNull();
    }

    [Fact]
    public void Every_letter_of_it_counts()
    {
        var good = _seal.Write(There, "POST", Target);
        for (var i = 0; i < good.Length; i++)
        {
            // The last letter of base64 holds two bits that mean nothing; a strict reader refuses them.
            var other = good[i] == 'A' ? 'Q' : 'A';
            _seal.Read(good[..i] + other + good[(i + 1)..], "POST", Target).ShouldBeNull($"letter {i}");
        }

        _seal.Read(good.Replace("elsewhere", "local", StringComparison.Ordinal), "POST", Target).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData(";;;;")]
    [InlineData("1;0;127.0.0.1;local;")]
    [InlineData("1;0;127.0.0.1;local;AAAA")]
    [InlineData("2;0;127.0.0.1;local;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_none_is_refused(string text) => _seal.Read(text, "POST", Target).ShouldBeNull();

    [Fact]
    public void Another_token_makes_another_seal() => Of("another-administrators-token").Read(_seal.Write(Here, "POST", Target), "POST", Target).ShouldBeNull();

    private CallerSeal Of(string token) => new(new AdminToken(token), _clock);
}
