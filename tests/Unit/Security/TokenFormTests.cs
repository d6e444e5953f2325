using System.Text.Json;
using GeoWps.Application.Security;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Security;

public sealed class TokenFormTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"name":"anna","may":["run"]}""", Rights.Run, null)]
    [InlineData("""{"name":"anna","may":"run,files","expires":null}""", Rights.Run | Rights.Files, null)]
    [InlineData("""{"name":"anna","may":["Publish","ADMIN"],"expires":"90d"}""", Rights.Publish | Rights.Admin, 90 * 24 * 60)]
    [InlineData("""{"name":"anna","may":["files"],"expires":"12h"}""", Rights.Files, 12 * 60)]
    [InlineData("""{"name":"anna","may":["files"],"expires":"1m"}""", Rights.Files, 1)]
    [InlineData("""{"name":"anna","may":["files"],"expires":"2030-01-02T04:04:05Z"}""", Rights.Files, 60)]
    [InlineData("""{"name":"anna","may":["files"],"expires":"2030-01-02T05:04:05+01:00"}""", Rights.Files, 60)]
    public void A_form_is_read(string form, Rights rights, int? minutes) =>
        Read(form).Wish.ShouldBe(new TokenWish("anna", rights, minutes is { } life ? Now.AddMinutes(life) : null));

    [Theory]
    [InlineData("""{}""", "name", "may")]
    [InlineData("""{"name":"A b","may":[]}""", "name", "may")]
    [InlineData("""{"name":7,"may":["read"]}""", "name", "may")]
    [InlineData("""{"name":"anna","may":[["run"]]}""", "may")]
    [InlineData("""{"name":"anna","may":5,"until":"x"}""", "until", "may")]
    [InlineData("""{"name":"anna","may":["run"],"expires":"0d"}""", "expires")]
    [InlineData("""{"name":"anna","may":["run"],"expires":"3661d"}""", "expires")]
    [InlineData("""{"name":"anna","may":["run"],"expires":"999999d"}""", "expires")]
    [InlineData("""{"name":"anna","may":["run"],"expires":"d"}""", "expires")]
    [InlineData("""{"name":"anna","may":["run"],"expires":"-1d"}""", "expires")]
    [InlineData("""{"name":"anna","may":["run"],"expires":"90"}""", "expires")]
    [InlineData("""{"name":"anna","may":["run"],"expires":90}""", "expires")]
    [InlineData("""{"name":"anna","may":["run"],"expires":"2029-01-01T00:00:00Z"}""", "expires")]
    public void What_is_wrong_is_told_by_its_place(string form, params string[] places)
    {
        var (wish, mistakes) = Read(form);
        wish.ShouldBeNull();
        mistakes.Select(mistake => mistake.Place).ShouldBe(places);
    }

    private static (TokenWish? Wish, List<Mistake> Mistakes) Read(string form)
    {
        var mistakes = new List<Mistake>();
        return (TokenForm.Read(JsonElement.Parse(form), Now, mistakes), mistakes);
    }
}
