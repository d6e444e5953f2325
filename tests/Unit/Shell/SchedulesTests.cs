namespace GeoWps.Tests.Unit.Shell;

public sealed class SchedulesTests
{
    private const string Schedule = """{"id":"nightly","when":"0 3 * * *","request":{"operation":"seed","layer":"roads"},"readOnly":false,"next":"2030-01-02T03:00:00Z","last":{"time":"2030-01-01T03:00:00Z","outcome":"successful"}}""";

    [Theory]
    [InlineData("schedules")]
    [InlineData("schedules", "list")]
    public async Task They_are_listed_with_their_times(params string[] args)
    {
        await using var api = (await FakeApi.StartAsync()).On("GET /admin/schedules", $$"""{"schedules":[{{Schedule}}]}""");

        (await api.RunAsync(args)).ShouldBe(0);

        api.Out.ShouldContain("nightly");
        api.Out.ShouldContain("2030-01-02T03:00:00Z");
        api.Out.ShouldContain("successful");
    }

    [Fact]
    public async Task One_is_added_with_the_options_of_a_seeding_and_replaced_when_asked()
    {
        await using var api = (await FakeApi.StartAsync()).On("POST /admin/schedules", Schedule, 201).On("PUT /admin/schedules/nightly", Schedule);

        (await api.RunAsync("schedules", "add", "nightly", "0 3 * * *", "roads", "--operation", "reseed", "--zoom", "0-8", "--rate", "5")).ShouldBe(0);
        api.Requests.Single().Body.ShouldBe("""{"when":"0 3 * * *","request":{"operation":"reseed","minZoom":0,"maxZoom":8,"rate":5,"layer":"roads"},"id":"nightly"}""");
        api.Out.ShouldBe("nightly: next at 2030-01-02T03:00:00Z\n");

        (await api.RunAsync("schedules", "add", "nightly", "0 3 * * *", "roads", "--replace")).ShouldBe(0);
        api.Requests.Last().What.ShouldBe("PUT /admin/schedules/nightly");
        api.Requests.Last().Body.ShouldBe("""{"when":"0 3 * * *","request":{"operation":"seed","layer":"roads"}}""");
    }

    [Fact]
    public async Task One_is_run_and_removed()
    {
        await using var api = (await FakeApi.StartAsync())
            .On("POST /admin/schedules/nightly/run", """{"jobID":"j1","status":"accepted"}""", 201)
            .On("DELETE /admin/schedules/nightly", "", 204);

        (await api.RunAsync("schedules", "run", "nightly", "--detach")).ShouldBe(0);
        api.Out.ShouldBe("j1\n");
        (await api.RunAsync("schedules", "rm", "nightly")).ShouldBe(0);
        api.Out.ShouldBe("nightly removed\n");
    }
}
