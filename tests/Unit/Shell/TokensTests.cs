namespace GeoWps.Tests.Unit.Shell;

public sealed class TokensTests
{
    private const string Anna = """{"name":"anna","may":["run","files"],"created":"2030-01-01T00:00:00.000Z","expires":"2030-04-01T00:00:00.000Z","expired":false,"lastUsed":"2030-01-02T00:00:00.000Z"}""";
    private const string Bob = """{"name":"bob","may":["admin"],"created":"2029-01-01T00:00:00.000Z","expires":"2029-04-01T00:00:00.000Z","expired":true}""";

    [Theory]
    [InlineData("tokens")]
    [InlineData("tokens", "list")]
    public async Task They_are_listed_with_what_they_may(params string[] args)
    {
        await using var api = (await FakeApi.StartAsync()).On("GET /admin/tokens", $$"""{"tokens":[{{Anna}},{{Bob}}]}""");

        (await api.RunAsync(args)).ShouldBe(0);

        api.Out.ShouldContain("anna   run,files  2030-01-01T00:00:00.000Z  2030-04-01T00:00:00.000Z  2030-01-02T00:00:00.000Z\n");
        api.Out.ShouldContain("bob    admin      2029-01-01T00:00:00.000Z  expired                   never\n");
    }

    [Fact]
    public async Task One_is_made_and_its_text_alone_goes_to_the_output()
    {
        await using var api = (await FakeApi.StartAsync()).On("POST /admin/tokens", Anna.Replace("""{"name":"anna",""", """{"name":"anna","token":"gwp_x",""", StringComparison.Ordinal), 201);

        (await api.RunAsync("tokens", "add", "anna", "--may", "run,files", "--expires", "90d")).ShouldBe(0);
        api.Requests.Single().Body.ShouldBe("""{"name":"anna","may":["run","files"],"expires":"90d"}""");
        api.Out.ShouldBe("gwp_x\n");

        (await api.RunAsync("tokens", "add", "anna", "--may", "run", "--may", "files")).ShouldBe(0);
        api.Requests.Last().Body.ShouldBe("""{"name":"anna","may":["run","files"]}""");
        (await api.RunAsync("tokens", "add", "anna")).ShouldBe(2, "what it may is not guessed");
    }

    [Fact]
    public async Task One_is_revoked()
    {
        await using var api = (await FakeApi.StartAsync()).On("DELETE /admin/tokens/anna", "", 204);

        (await api.RunAsync("tokens", "revoke", "anna")).ShouldBe(0);
        api.Out.ShouldBe("anna revoked\n");
    }
}
