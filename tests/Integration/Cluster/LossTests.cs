using System.Globalization;
using System.Text.Json.Nodes;
using GeoWps.Tests.Integration.Fixtures;
using Xunit.Abstractions;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>A cluster with QGIS loses one part after the other while it is used; afterwards, all that was said is true.</summary>
[Collection("Clusters")]
public sealed class LossTests(QgisCluster cluster, ITestOutputHelper output) : IClassFixture<QgisCluster>
{
    /// <summary>QGIS is busy with it for some seconds, always with the same result.</summary>
    private static readonly string Long = Buffer(Sample.Read(Sample.Countries), segments: 200, dissolve: true);

    private static readonly string Short = Buffer(Sample.First(Sample.Places, 5), segments: 5, dissolve: false);

    [QgisPostgresTheory]
    [InlineData("a worker")]
    [InlineData("the gateway")]
    [InlineData("PostgreSQL")]
    public async Task Whatever_is_killed_each_accepted_job_ends_once_with_its_result(string what)
    {
        await cluster.MendAsync();
        var works = await WorksAsync();
        var before = await cluster.History.JobsAsync();
        using var traffic = new Traffic(cluster.Gateway, works, works[0]);
        await traffic.PassAsync(4);
        (int Process, string Since)[] left = [];
        switch (what)
        {
            case "a worker":
                var worker = await cluster.HolderAsync(await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", Long));
                left = [.. PoolProcesses.Below(worker.ProcessId).Select(process => (process, SinceOf(process)))];
                await worker.KillAsync();
                await traffic.PassAsync(3);
                await worker.StartAgainAsync();
                break;
            case "the gateway":
                await cluster.Gateway.KillAsync();
                await cluster.Gateway.StartAgainAsync();
                break;
            default:
                await cluster.Database.CrashAsync();
                await Task.Delay(500);
                await cluster.Database.StartAgainAsync();
                break;
        }

        await traffic.PassAsync(5);
        await traffic.StopAsync();
        output.WriteLine($"{what}: {traffic.Accepted.Count} jobs, {traffic.Dismissed.Count} called off, {traffic.Layers.Count} layers, {traffic.Asked} questions, of which {traffic.Failures.Count} failed; {traffic.Repeated.Count} sent again");

        // Only who kills the gateway under a question has it fail.
        traffic.Failures.Where(failure => what != "the gateway" || !(failure.Contains("no answer", StringComparison.Ordinal) || failure.Contains(": 503 ", StringComparison.Ordinal))).ShouldBeEmpty();
        traffic.Broken.ShouldBeEmpty();
        await ShouldHaveEndedOnceAsync(traffic, before, extra: what == "a worker" ? 1 : 0);
        await ShouldHaveResultsAsync(traffic);
        foreach (var (process, since) in left)
        {
            await SplitCluster.UntilAsync(() => Task.FromResult(SinceOf(process) != since), $"process {process} of QGIS ends with its worker");
        }
    }

    [PostgresQgisFact]
    public async Task A_worker_that_was_frozen_past_its_lease_changes_nothing_that_its_successor_wrote()
    {
        await cluster.MendAsync();
        var job = await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", Long);
        var frozen = await cluster.HolderAsync(job);
        var other = cluster.Workers.Single(worker => worker != frozen);
        frozen.Freeze();
        byte[] result;
        List<JobChange> history;
        try
        {
            (await SplitCluster.EndedAsync(other, job)).ShouldBe("successful");
            result = await ResultAsync(other, job, "OUTPUT");
            history = await cluster.History.OfAsync(job);
        }
        finally
        {
            frozen.GoOn();
        }

        // It has let go of the old one when it has done a new one.
        await SplitCluster.UntilAsync(
            async () =>
            {
                string[] next = [await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", Short), await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", Short)];
                await Task.WhenAll(next.Select(one => SplitCluster.EndedAsync(cluster.Gateway, one)));
                return (await cluster.History.ReadAsync()).Exists(change => next.Contains(change.Job) && change.Process == frozen.ProcessId);
            },
            "the frozen worker works again");
        await IdleAsync();
        history[^1].ShouldSatisfyAllConditions(end => end.Status.ShouldBe("successful"), end => end.Attempt.ShouldBe(2));
        history[^2].Process.ShouldBe(other.ProcessId);
        (await cluster.History.OfAsync(job)).ShouldBe(history);
        (await ResultAsync(frozen, job, "OUTPUT")).ShouldBe(result);
        (await cluster.History.BlobsAsync(job)).ShouldAllBe(key => key.StartsWith($"jobs/{job}/2/", StringComparison.Ordinal));
        (await cluster.History.LitterAsync()).ShouldBeEmpty();
    }

    [PostgresQgisFact]
    public async Task What_is_called_off_on_one_node_stops_on_another_and_its_place_is_free_for_the_next()
    {
        await cluster.MendAsync();
        string[] jobs = [await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", Long), await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", Long)];
        var holder = await cluster.HolderAsync(jobs[0]);
        var other = await cluster.HolderAsync(jobs[1]);
        holder.ShouldNotBe(other);
        var next = await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", Long);

        await SplitCluster.DismissAsync(other, jobs[0]);

        (await cluster.HolderAsync(next)).ShouldBe(holder);
        var free = (await cluster.History.OfAsync(next)).First(change => change.Status == "running").At - (await cluster.History.OfAsync(jobs[0])).Single(change => change.IsEnd).At;
        output.WriteLine($"from the dismissal on one node until the next job runs in its place on the other: {free} ms");
        free.ShouldBeInRange(0, 30_000);
        await SplitCluster.DismissAsync(cluster.Gateway, jobs[1]);
        await SplitCluster.DismissAsync(cluster.Gateway, next);
        await IdleAsync();
        (await cluster.History.LitterAsync()).ShouldBeEmpty();
    }

    [PostgresQgisFact]
    public async Task Without_its_registry_a_gateway_goes_on_with_who_was_there_even_when_it_is_started_then()
    {
        await cluster.MendAsync();
        var job = await SplitCluster.EchoAsync(cluster.Gateway, "kept", pause: 0);
        (await SplitCluster.EndedAsync(cluster.Gateway, job)).ShouldBe("successful");

        await cluster.Database.StopAsync();
        (await SplitCluster.SendAsync(cluster.Gateway, HttpMethod.Get, "conformance")).ShouldBe(200);
        await cluster.Gateway.KillAsync();
        await cluster.Gateway.StartAgainAsync();
        await SplitCluster.UntilAsync(async () => (await SplitCluster.SendAsync(cluster.Gateway, HttpMethod.Get, "conformance")).Status == 200, "the gateway serves");
        (await SplitCluster.SendAsync(cluster.Gateway, HttpMethod.Get, "processes/echo")).ShouldBe(200);

        await cluster.Database.StartAgainAsync();
        await SplitCluster.UntilAsync(async () => (await SplitCluster.SendAsync(cluster.Gateway, HttpMethod.Get, $"jobs/{job}")).Status == 200, "the database is back");
        (await ResultAsync(cluster.Gateway, job, "literalOutput")).ShouldBe("kept"u8.ToArray());
        (await SplitCluster.EndedAsync(cluster.Gateway, await SplitCluster.EchoAsync(cluster.Gateway, "after", pause: 0))).ShouldBe("successful");
    }

    /// <summary>By value, by reference to the result of an earlier job, a layer, and a process without QGIS; each with what it gives when nothing is lost.</summary>
    private async Task<Work[]> WorksAsync()
    {
        var first = Buffer(Sample.Read(Sample.Countries), segments: 40, dissolve: true);
        var made = await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", first);
        (await SplitCluster.EndedAsync(cluster.Gateway, made)).ShouldBe("successful");
        var second = Buffer(new JsonObject { ["href"] = $"/jobs/{made}/results/OUTPUT", ["type"] = "application/geo+json" }, segments: 5, dissolve: false);
        var (byValue, byReference) = (await ResultAsync(cluster.Gateway, made, "OUTPUT"), await RunAsync(second));
        byValue.Length.ShouldBeGreaterThan(10_000);
        var layer = new JsonObject
        {
            ["inputs"] = new JsonObject { ["INPUT"] = Sample.First(Sample.Countries, 20), ["DISTANCE"] = 0.1 },
            ["outputs"] = new JsonObject { ["OUTPUT"] = new JsonObject { ["publish"] = true } },
        };
        return
        [
            new Work("native:buffer", first, "OUTPUT", byValue),
            new Work("native:buffer", second, "OUTPUT", byReference),
            new Work("native:buffer", layer.ToJsonString(), null, []),
            new Work("echo", """{"inputs": {"literalInput": "said", "pause": 0.5} }""", "literalOutput", "said"u8.ToArray()),
        ];
    }

    private async Task<byte[]> RunAsync(string body)
    {
        var job = await SplitCluster.SubmitAsync(cluster.Gateway, "native:buffer", body);
        (await SplitCluster.EndedAsync(cluster.Gateway, job)).ShouldBe("successful");
        return await ResultAsync(cluster.Gateway, job, "OUTPUT");
    }

    /// <summary>Nothing was done twice, nothing was forgotten, and nothing changed after its end.</summary>
    private async Task ShouldHaveEndedOnceAsync(Traffic traffic, List<string> before, int extra)
    {
        await IdleAsync();
        var history = (await cluster.History.ReadAsync()).ToLookup(change => change.Job);
        foreach (var job in traffic.Accepted.Keys.Concat(traffic.Dismissed))
        {
            var changes = history[job].ToList();
            changes.Count(change => change.IsEnd).ShouldBe(1, $"{job}: {string.Join(", ", changes)}");
            changes[^1].IsEnd.ShouldBeTrue($"{job}: {string.Join(", ", changes)}");
        }

        var known = (await cluster.History.JobsAsync()).Except(before).ToHashSet();
        known.IsSupersetOf(traffic.Accepted.Keys).ShouldBeTrue("what was accepted is there");
        known.Except(traffic.Accepted.Keys).Except(traffic.Dismissed).Count().ShouldBe(extra, "nothing was accepted twice");
        (await cluster.History.LitterAsync()).ShouldBeEmpty();
    }

    private async Task ShouldHaveResultsAsync(Traffic traffic)
    {
        foreach (var (job, work) in traffic.Accepted.Where(one => one.Value.Output is not null))
        {
            (await ResultAsync(cluster.Gateway, job, work.Output!)).AsSpan().SequenceEqual(work.Expected).ShouldBeTrue($"the result of {work.Process} {job} is another one");
        }

        foreach (var worker in cluster.Workers)
        {
            foreach (var layer in traffic.Layers)
            {
                (await SplitCluster.SendAsync(worker, HttpMethod.Get, $"collections/{layer}/items?limit=1")).ShouldBe(200).Json.GetProperty("numberMatched").GetInt32().ShouldBe(20);
            }
        }

        foreach (var job in traffic.Dismissed)
        {
            var answer = await SplitCluster.SendAsync(cluster.Gateway, HttpMethod.Get, $"jobs/{job}");
            (answer.Status == 404 || answer.Json.GetProperty("status").GetString() == "dismissed").ShouldBeTrue($"{job} was called off: {answer.Text}");
        }
    }

    /// <summary>No job waits or runs any more, and what workers tidy away after an end is away.</summary>
    private async Task IdleAsync()
    {
        var left = "";
        await SplitCluster.UntilAsync(
            async () => (left = string.Join("; ", (await cluster.History.ReadAsync()).GroupBy(change => change.Job).Select(job => job.Last()).Where(last => !last.IsEnd).Concat<object>(await cluster.History.LitterAsync()))).Length == 0,
            () => $"all jobs end and nothing is left: {left}");
    }

    private static async Task<byte[]> ResultAsync(RunningServer server, string job, string output) => (await SplitCluster.SendAsync(server, HttpMethod.Get, $"jobs/{job}/results/{output}")).ShouldBe(200).Body;

    private static string Buffer(JsonNode input, int segments, bool dissolve) => new JsonObject
    {
        ["inputs"] = new JsonObject { ["INPUT"] = input, ["DISTANCE"] = 1, ["SEGMENTS"] = segments, ["DISSOLVE"] = dissolve },
        ["outputs"] = new JsonObject { ["OUTPUT"] = new JsonObject { ["format"] = new JsonObject { ["mediaType"] = "application/geo+json" } } },
    }.ToJsonString();

    /// <summary>When a process began, which tells it from another of the same number; nothing when it has ended.</summary>
    private static string SinceOf(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? "" : fields[19];
        }
        catch (IOException)
        {
            return "";
        }
    }
}
