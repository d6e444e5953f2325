using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Security;

public sealed class CallerTokensTests
{
    private const string Administrator = "the-administrators-token";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TestClock _clock = new();
    private readonly MemoryTokens _store = new();
    private readonly CallerTokens _tokens;
    private readonly TokenBook _book;

    public CallerTokensTests()
    {
        _tokens = new CallerTokens(new AdminToken(Administrator), _store, _clock, NullLogger<CallerTokens>.Instance);
        _book = new TokenBook(_store, _tokens, _clock, NullLogger<TokenBook>.Instance);
    }

    [Fact]
    public async Task A_token_names_its_caller_and_only_its_digest_is_kept()
    {
        var made = await MakeAsync("anna", Rights.Run | Rights.Files);

        made.Text.ShouldMatch("^gwp_[A-Za-z0-9_-]{43}$");
        (await FindAsync(made.Text)).ShouldBe(new TokenFinding.Holder(new Caller("anna", Rights.Run | Rights.Files)));
        (await FindAsync(Administrator)).ShouldBe(new TokenFinding.Holder(Caller.Administrator));
        (await _store.ListAsync(None)).Single().ToString().ShouldNotContain(made.Text[4..]);
        (await MakeAsync("bob", Rights.Run)).Text.ShouldNotBe(made.Text);
    }

    [Fact]
    public async Task What_is_not_ours_is_not_judged_and_what_looks_like_ours_and_is_not_is_refused()
    {
        await MakeAsync("anna", Rights.Run);

        (await FindAsync("eyJhbGciOi.of.somebody-else")).ShouldBeOfType<TokenFinding.Foreign>();
        (await FindAsync(TokenText.Make())).ShouldBeOfType<TokenFinding.Refused>();
        (await FindAsync("gwp_")).ShouldBeOfType<TokenFinding.Refused>();
    }

    [Fact]
    public async Task It_expires_to_the_moment()
    {
        var made = await MakeAsync("anna", Rights.Run, _clock.GetUtcNow().AddHours(1));

        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        (await FindAsync(made.Text)).ShouldBeOfType<TokenFinding.Holder>();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await FindAsync(made.Text)).ShouldBe(new TokenFinding.Refused("The token has expired."));
    }

    [Fact]
    public async Task A_revoked_one_is_refused_here_at_once_and_elsewhere_when_what_was_read_is_old()
    {
        using var elsewhere = new CallerTokens(new AdminToken(Administrator), _store, _clock, NullLogger<CallerTokens>.Instance);
        var made = await MakeAsync("anna", Rights.Run);
        (await elsewhere.FindAsync(made.Text, None)).ShouldBeOfType<TokenFinding.Holder>();

        (await _book.RevokeAsync("anna", None)).ShouldBeTrue();
        (await _book.RevokeAsync("anna", None)).ShouldBeFalse();

        (await FindAsync(made.Text)).ShouldBeOfType<TokenFinding.Refused>();
        _clock.Advance(CallerTokens.Life);
        (await elsewhere.FindAsync(made.Text, None)).ShouldBeOfType<TokenFinding.Refused>();
        CallerTokens.Life.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task One_that_another_node_has_made_is_found()
    {
        using var elsewhere = new CallerTokens(new AdminToken(Administrator), _store, _clock, NullLogger<CallerTokens>.Instance);
        (await elsewhere.FindAsync(TokenText.Make(), None)).ShouldBeOfType<TokenFinding.Refused>();
        var made = await MakeAsync("anna", Rights.Run);

        _clock.Advance(CallerTokens.Pause);
        (await elsewhere.FindAsync(made.Text, None)).ShouldBeOfType<TokenFinding.Holder>();
    }

    [Fact]
    public async Task Many_wrong_ones_and_many_uses_ask_the_store_once_in_a_while()
    {
        var made = await MakeAsync("anna", Rights.Run);
        var before = _store.Readings;
        for (var i = 0; i < 200; i++)
        {
            await FindAsync(TokenText.Make());
            await FindAsync(made.Text);
        }

        (_store.Readings - before).ShouldBe(1);
        _store.Touches.ShouldBe(1);

        _clock.Advance(CallerTokens.Coarseness);
        await FindAsync(made.Text);
        await FindAsync(made.Text);
        _store.Touches.ShouldBe(2);
        (await _store.ListAsync(None)).Single().LastUsed.ShouldBe(_clock.GetUtcNow());
    }

    [Theory]
    [InlineData("anna", true)]
    [InlineData("0-a.b_c@example.org", true)]
    [InlineData("", false)]
    [InlineData("Anna", false)]
    [InlineData("-a", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("anonymous", false)]
    [InlineData("administrator", false)]
    public void Names_have_a_rule(string name, bool isName) => TokenBook.IsName(name).ShouldBe(isName);

    [Fact]
    public void A_name_has_a_length()
    {
        TokenBook.IsName(new string('a', TokenBook.MaxNameLength)).ShouldBeTrue();
        TokenBook.IsName(new string('a', TokenBook.MaxNameLength + 1)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        await MakeAsync("anna", Rights.Run);
        (await _book.AddAsync(new TokenWish("anna", Rights.Admin, null), None)).ShouldBeOfType<TokenMade.Exists>();
    }

    private async Task<TokenMade.Made> MakeAsync(string name, Rights rights, DateTimeOffset? expires = null) =>
        (await _book.AddAsync(new TokenWish(name, rights, expires), None)).ShouldBeOfType<TokenMade.Made>();

    private async Task<TokenFinding> FindAsync(string text) => await _tokens.FindAsync(text, None);
}
