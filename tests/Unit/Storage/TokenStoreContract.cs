using GeoWps.Application.Ports;
using GeoWps.Application.Security;

namespace GeoWps.Tests.Unit.Storage;

/// <summary>What every <see cref="ITokenStore"/> does. An adapter derives from it and gives the two methods.</summary>
public abstract class TokenStoreContract : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Time = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private ITokenStore? _store;

    private ITokenStore Store => _store ??= Open();

    protected abstract ITokenStore Open();

    protected abstract void Close();

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Tokens_are_added_once_listed_by_name_outlive_the_program_and_are_removed()
    {
        var forever = Of("b") with { Expires = null, Rights = Rights.All };
        (await Store.TryAddAsync(forever, None)).ShouldBeTrue();
        (await Store.TryAddAsync(Of("b") with { Digest = "other" }, None)).ShouldBeFalse("the name is taken");
        (await Store.TryAddAsync(Of("a"), None)).ShouldBeTrue();
        (await Store.TryAddAsync(Of("a.b@c-d_1"), None)).ShouldBeTrue();

        Close();
        _store = null;

        (await Store.ListAsync(None)).ShouldBe([Of("a"), Of("a.b@c-d_1"), forever]);
        (await Store.RemoveAsync("a", None)).ShouldBeTrue();
        (await Store.RemoveAsync("a", None)).ShouldBeFalse();
        (await Store.ListAsync(None)).Select(token => token.Name).ShouldBe(["a.b@c-d_1", "b"]);
        (await Store.TryAddAsync(Of("a"), None)).ShouldBeTrue("the name is free again");
    }

    [Fact]
    public async Task A_name_is_taken_by_one_of_many()
    {
        _ = Store;
        var takers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(() => Store.TryAddAsync(Of("a") with { Digest = $"digest {number}" }, None))));

        takers.Count(took => took).ShouldBe(1);
        (await Store.ListAsync(None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_last_use_is_noted_and_never_goes_back()
    {
        await Store.TryAddAsync(Of("a"), None);
        await Store.TryAddAsync(Of("b"), None);
        await Store.TouchAsync("a", Time.AddHours(2), None);
        await Store.TouchAsync("a", Time.AddHours(1), None);
        await Store.TouchAsync("nobody", Time, None);

        (await Store.ListAsync(None)).ShouldBe([Of("a") with { LastUsed = Time.AddHours(2) }, Of("b")]);
    }

    private static StoredToken Of(string name) => new(name, $"digest of {name}", Rights.Run | Rights.Publish, Time, Time.AddDays(90), LastUsed: null);
}
