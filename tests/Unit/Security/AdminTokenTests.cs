using GeoWps.Adapters.Storage;
using GeoWps.Application;
using GeoWps.Application.Security;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Unit.Security;

public sealed class AdminTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AdminTokenTests() => Directory.CreateDirectory(_folder["data"]);

    private string Kept => _folder["data/admin-token"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_is_only_itself()
    {
        var token = new AdminToken("0123456789abcdef");

        token.Is("0123456789abcdef").ShouldBeTrue();
        token.Is("0123456789abcdeF").ShouldBeFalse();
        token.Is("0123456789abcdef0").ShouldBeFalse();
        token.Is("").ShouldBeFalse();
    }

    [Fact]
    public void A_token_that_is_made_has_32_bytes_and_is_another_each_time()
    {
        var (one, other) = (AdminToken.Make(), AdminToken.Make());

        one.ShouldMatch("^[A-Za-z0-9_-]{43}$");
        AdminToken.IsPossible(one).ShouldBeTrue();
        one.ShouldNotBe(other);
    }

    [Fact]
    public void The_first_start_makes_a_token_and_gives_it_away_once()
    {
        var first = new AdminTokenFile(null, _folder["data"]);
        var text = first.TakeNew().ShouldNotBeNull();

        first.TakeNew().ShouldBeNull();
        first.Token.Is(text).ShouldBeTrue();
        File.ReadAllText(Kept).Trim().ShouldBe(text);
        var second = new AdminTokenFile(null, _folder["data"]);
        second.TakeNew().ShouldBeNull();
        second.Token.Is(text).ShouldBeTrue();
    }

    [Fact]
    public void The_file_is_for_its_owner_alone_also_when_somebody_opened_it()
    {
        _ = new AdminTokenFile(null, _folder["data"]);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.GetUnixFileMode(Kept).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(Kept, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        _ = new AdminTokenFile(null, _folder["data"]);
        File.GetUnixFileMode(Kept).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_token_of_the_settings_goes_before_the_file_and_is_not_kept()
    {
        var configured = new AdminTokenFile("of-the-settings-0", _folder["data"]);

        configured.Token.Is("of-the-settings-0").ShouldBeTrue();
        configured.TakeNew().ShouldBeNull();
        File.Exists(Kept).ShouldBeFalse();
    }

    [Fact]
    public void A_file_without_a_token_stops_the_start()
    {
        File.WriteAllText(Kept, "\n");

        Should.Throw<StorageUnavailableException>(() => new AdminTokenFile(null, _folder["data"])).Message.ShouldStartWith("Security:AdminToken: ");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("sixteen letters and spaces")]
    [InlineData("")]
    public void A_token_that_is_none_is_refused_without_being_repeated(string token)
    {
        var result = new SecurityOptionsValidator().Validate(null, new SecurityOptions { AdminToken = token });

        result.Failed.ShouldBeTrue();
        if (token.Length > 0)
        {
            result.FailureMessage.ShouldNotContain(token);
        }
    }
}
