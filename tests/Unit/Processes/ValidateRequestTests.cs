using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Processes;

public sealed class ValidateRequestTests
{
    private readonly FakeProvider _provider = new(Bound.Process(
        Bound.Input("A", """{"type": "number"}"""), Bound.Input("B", """{"type": "string"}"""), Bound.Input("C", """{"type": "string"}""", maxOccurs: 3)));

    [Fact]
    public async Task A_good_request_comes_with_who_runs_it()
    {
        var validated = await ValidateAsync("""{"inputs": {"A": 1}}""");

        validated.Failure.ShouldBeNull();
        validated.Provider.ShouldBe(_provider);
        validated.Process.ShouldNotBeNull().Id.ShouldBe("p");
        validated.Request.ShouldNotBeNull().Inputs.Keys.ShouldBe(["A"]);
    }

    [Fact]
    public async Task A_process_is_found_by_its_alias_too() => (await ValidateAsync("{}", "alias")).Process.ShouldNotBeNull().Id.ShouldBe("p");

    [Fact]
    public async Task What_is_not_offered_is_no_process() => (await ValidateAsync("{}", "q")).Failure.ShouldBe(new ExecuteOutcome.NoSuchProcess("q"));

    [Fact]
    public async Task What_only_the_provider_finds_is_told_beside_the_rest()
    {
        _provider.OnCheck = request => [.. request.Inputs.Keys.Select(id => new Mistake(id, "not here"))];

        (await MistakesAsync("""{"inputs": {"A": "x", "B": "b", "D": 1}}""")).ShouldBe(["A: must be a number (got a string)", "D: there is no such input", "B: not here"]);
    }

    [Fact]
    public async Task One_place_is_not_named_twice()
    {
        _provider.OnCheck = _ => [new Mistake("A", "not here"), new Mistake("C", "is missing"), new Mistake("B", "not here")];

        (await MistakesAsync("""{"inputs": {"A": "x", "B": "b", "C": ["a", 5]}}""")).ShouldBe(["A: must be a number (got a string)", "C[1]: must be a string (got 5)", "B: not here"]);
    }

    [Fact]
    public async Task The_provider_never_sees_values_under_other_indices_than_they_were_sent_with()
    {
        _provider.OnCheck = request => request.Inputs.TryGetValue("C", out var values) ? [new Mistake($"C[{values.Count - 1}]", "not here")] : [];

        (await MistakesAsync("""{"inputs": {"C": [5, "a", "b"]}}""")).ShouldBe(["C[0]: must be a string (got 5)"]);
        (await MistakesAsync("""{"inputs": {"C": ["a", "b"]}}""")).ShouldBe(["C[1]: not here"]);
    }

    [Fact]
    public async Task The_provider_is_not_asked_about_what_is_no_request()
    {
        _provider.OnCheck = _ => throw new InvalidOperationException("asked");

        (await MistakesAsync("[]")).ShouldBe(["the request must be a JSON object"]);
    }

    [Fact]
    public void The_first_provider_keeps_an_id_and_a_change_is_seen_at_once()
    {
        var second = new FakeProvider(Bound.Process());
        var catalogues = new ProcessCatalogues([_provider, second]);

        catalogues.Find("p").ShouldNotBeNull().Provider.ShouldBe(_provider);
        catalogues.Current.ShouldBeSameAs(catalogues.Current);
        second.Catalogue = FakeProvider.Make("2", Bound.Process() with { Id = "q" });
        catalogues.Find("q").ShouldNotBeNull().Provider.ShouldBe(second);
        catalogues.Find("p").ShouldNotBeNull().Provider.ShouldBe(_provider);
        catalogues.Current.Version.ShouldBe("1-2");
    }

    private async Task<string[]> MistakesAsync(string json) =>
        [.. (await ValidateAsync(json)).Failure.ShouldBeOfType<ExecuteOutcome.Refused>().Mistakes.Select(mistake => mistake.ToString())];

    private Task<ValidatedRequest> ValidateAsync(string json, string process = "p") =>
        Validate(new ProcessCatalogues([_provider])).ExecuteAsync(
            new ExecuteCall(
                process, new RequestBody(JobId.New(DateTimeOffset.UnixEpoch), JsonElement.Parse(json), [], ""), ExecuteMode.Sync, null, null, Bound.Base, null),
            CancellationToken.None);

    private static ValidateRequest Validate(ProcessCatalogues catalogues) => new(
        catalogues, new RequestBinder(new FakeWeb()), new ChainReader(catalogues, Options.Create(new RequestLimits()), TimeProvider.System), new FakeJobs(), Options.Create(new GeoWps.Application.Layers.LayersOptions()));
}
