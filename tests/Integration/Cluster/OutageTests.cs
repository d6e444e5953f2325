using GeoWps.Tests.Integration.Fixtures;
using Xunit.Abstractions;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>Three workers behind two gateways, of which one is lost, hangs, or is stopped; and their registry, which is away.</summary>
[Collection("Clusters")]
public sealed class OutageTests(ConsulCluster cluster, ITestOutputHelper output) : IClassFixture<ConsulCluster>
{
    [PostgresTheory]
    [InlineData("killed")]
    [InlineData("hanging")]
    public async Task While_one_of_three_is_down_what_may_be_asked_again_does_not_fail_and_it_gets_nothing_until_it_is_well(string how)
    {
        const string Name = "worker1";
        await cluster.MendAsync();
        var worker = cluster.Workers[1];
        using var flow = new Flow(cluster.Gateway);
        await flow.PassAsync(100);

        await (how == "killed" ? worker.KillAsync() : Task.Run(worker.Freeze));
        await SplitCluster.UntilAsync(async () => (await SplitCluster.StatesAsync(cluster.Gateway)).GetValueOrDefault(Name) != "in", "it is out");
        await flow.PassAsync(32, calls: false);
        var sent = (await SplitCluster.CallsAsync(cluster.Gateway))[Name];
        await flow.PassAsync(200);
        (await SplitCluster.CallsAsync(cluster.Gateway))[Name].ShouldBe(sent, "it gets no request");

        await (how == "killed" ? worker.StartAgainAsync() : Task.Run(worker.GoOn));
        await SplitCluster.UntilAsync(async () => (await SplitCluster.StatesAsync(cluster.Gateway)).GetValueOrDefault(Name) == "in", "it is in");
        var parts = new List<double>();
        await SplitCluster.UntilAsync(async () => parts.Append(await PartAsync()) is var seen && (parts = [.. seen])[^1] is > 0.3 and < 0.37, () => $"it gets its part: {string.Join(", ", parts)}");
        await flow.StopAsync();

        output.WriteLine($"{how}: {flow.FailedCalls.Count} calls failed that were on their way; its part of the requests afterwards, by hundreds: {string.Join(", ", parts.Select(part => $"{part:P0}"))}");
        flow.FailedQuestions.ShouldBeEmpty();
        flow.FailedCalls.Count.ShouldBeLessThanOrEqualTo(Flow.Callers);
        cluster.Gateway.Errors.ShouldBeEmpty();

        async Task<double> PartAsync()
        {
            var before = await SplitCluster.CallsAsync(cluster.Gateway, "core");
            await flow.PassAsync(100, calls: false);
            var after = await SplitCluster.CallsAsync(cluster.Gateway, "core");
            return (after[Name] - before[Name]) / (double)(after.Values.Sum() - before.Values.Sum());
        }
    }

    [PostgresFact]
    public async Task Without_their_registry_no_request_fails_and_a_gateway_that_is_started_then_serves()
    {
        await cluster.MendAsync();
        var second = cluster.Gateways[1];
        using var flow = new Flow(cluster.Gateway);

        await cluster.Consul.StopAsync(forget: true);
        await flow.PassAsync(50);
        await second.KillAsync();
        await second.StartAgainAsync();
        await SplitCluster.UntilAsync(async () => (await SplitCluster.StatesAsync(second)).Values.Count(state => state == "in") == 3, "the gateway knows the nodes of before");
        using var other = new Flow(second);
        await other.PassAsync(50);
        (await SplitCluster.EndedAsync(second, await SplitCluster.EchoAsync(second, "without", pause: 0.1))).ShouldBe("successful");

        // Back without what it knew, killed again before all have told it, and back once more.
        await cluster.Consul.StartAsync();
        await SplitCluster.UntilAsync(() => Task.FromResult(cluster.Consul.Ids.Count > 0), "a node tells the registry");
        await cluster.Consul.StopAsync(forget: true);
        await Task.WhenAll(flow.PassAsync(50), other.PassAsync(50));
        await cluster.Consul.StartAsync();
        await SplitCluster.UntilAsync(() => Task.FromResult(cluster.Consul.Ids.Count == 3), "the nodes tell the registry again");
        await flow.PassAsync(50);
        await Task.WhenAll(flow.StopAsync(), other.StopAsync());

        foreach (var gateway in cluster.Gateways)
        {
            (await SplitCluster.StatesAsync(gateway)).Values.Count(state => state == "in").ShouldBe(3);
        }

        foreach (var one in (Flow[])[flow, other])
        {
            one.FailedQuestions.ShouldBeEmpty();
            one.FailedCalls.ShouldBeEmpty();
        }
    }

    [PostgresFact]
    public async Task Jobs_of_a_worker_that_was_lost_run_elsewhere_when_its_lease_has_ended()
    {
        await cluster.MendAsync();
        var worker = cluster.Workers[2];
        var process = worker.ProcessId;
        string[] jobs = [.. await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SplitCluster.EchoAsync(worker, $"job {i}", pause: 2)))];

        await worker.KillAsync();

        // One that was so slow to be told of all others that it had ended says nothing.
        var waits = new List<long>();
        for (var i = 0; i < jobs.Length; i++)
        {
            (await SplitCluster.EndedAsync(cluster.Gateway, jobs[i])).ShouldBe("successful");
            (await SplitCluster.SendAsync(cluster.Gateway, HttpMethod.Get, $"jobs/{jobs[i]}/results/literalOutput")).Text.ShouldBe($"job {i}");
            var history = await cluster.History.OfAsync(jobs[i]);
            history[0].Process.ShouldBe(process);
            var lost = history.FindIndex(change => change.Status == "accepted" && change.LeaseEnd is not null);
            if (lost < 0)
            {
                history.ShouldAllBe(change => change.Process == null || change.Process == process);
                continue;
            }

            history[lost + 1].ShouldSatisfyAllConditions(next => next.Status.ShouldBe("running"), next => next.Attempt.ShouldBe(2), next => next.Process.ShouldNotBe(process));
            waits.Add(history[lost + 1].At - history[lost].LeaseEnd!.Value);
        }

        output.WriteLine($"from the lease's end until the job runs elsewhere: {string.Join(", ", waits)} ms");
        waits.ShouldNotBeEmpty();
        waits.ShouldAllBe(wait => wait >= 0 && wait < 30_000);
    }

    [PostgresFact]
    public async Task A_worker_that_is_stopped_ends_what_is_short_hands_back_what_is_long_and_nobody_notices()
    {
        await cluster.MendAsync();
        var worker = cluster.Workers[0];
        using var flow = new Flow(cluster.Gateway);
        var process = worker.ProcessId;
        await flow.PassAsync(50);
        string[] shorts = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SplitCluster.EchoAsync(worker, "short", pause: 0.5)))];
        string[] longs = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SplitCluster.EchoAsync(worker, "long", pause: 5)))];

        (await worker.StopAsync()).ShouldBe(0, string.Join('\n', worker.Log.TakeLast(20)));

        foreach (var (job, text) in shorts.Select(job => (job, "short")).Concat(longs.Select(job => (job, "long"))))
        {
            (await SplitCluster.EndedAsync(cluster.Gateway, job)).ShouldBe("successful");
            (await SplitCluster.SendAsync(cluster.Gateway, HttpMethod.Get, $"jobs/{job}/results/literalOutput")).Text.ShouldBe(text);
            var ran = (await cluster.History.OfAsync(job)).Where(change => change.Status == "running").ToList();
            ran.ShouldAllBe(run => run.Attempt == 1);
            ran[0].Process.ShouldBe(process);
            ran.Count.ShouldBe(text == "short" ? 1 : 2);
        }

        await flow.StopAsync();
        flow.FailedQuestions.ShouldBeEmpty();
        flow.FailedCalls.ShouldBeEmpty();
        worker.Errors.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_job_is_watched_through_any_gateway()
    {
        await cluster.MendAsync();
        var job = await SplitCluster.EchoAsync(cluster.Gateway, "seen", pause: 60);
        var events = await Task.WhenAll(cluster.Gateways.Select(gateway => JobStream.OpenAsync(gateway, job)));
        await Task.WhenAll(events.Select(one => one.UntilAsync("\"status\":\"running\"")));

        await SplitCluster.DismissAsync(cluster.Gateway, job);

        // The streams end with it.
        var ends = await Task.WhenAll(events.Select(one => one.RestAsync()));
        ends.ShouldAllBe(end => end.Contains("\"status\":\"dismissed\"", StringComparison.Ordinal));
        Array.ForEach(events, one => one.Dispose());
    }
}
