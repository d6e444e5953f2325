using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Jobs;
using GeoWps.Adapters.Shell.Requests;
using GeoWps.Adapters.Shell.Results;

namespace GeoWps.Adapters.Shell.Processes;

/// <summary><c>geowps run ID</c>: always as a job, so that it can be followed, outlives a lost connection and can be dismissed.</summary>
internal static class RunProcess
{
    private const int Attempts = 3;

    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, RunWish wish, CancellationToken cancellationToken)
    {
        var process = await api.GetJsonAsync($"processes/{Uri.EscapeDataString(wish.ProcessId)}", cancellationToken);
        var plan = OutputPlan.Create(process, wish);
        JobView job;
        using (var temporary = new TemporaryFiles())
        {
            job = await SubmitAsync(api, wish.ProcessId, InputParser.Parse(process, wish.Inputs, temporary), plan.Requested, cancellationToken);
        }

        if (!wish.Wait)
        {
            Write(terminal, wish.Json, job.Json, job.Id);
            return 0;
        }

        try
        {
            job = await JobProgress.FollowAsync(api, terminal, job.Id, wish.ProcessId, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await DismissAsync(api, terminal, job.Id);
            throw;
        }

        if (job.Status != "successful")
        {
            throw new CommandException(await WhyAsync(api, job, cancellationToken));
        }

        Report(terminal, wish.Json, job, await ResultReader.ReadAsync(api, terminal, job.Id, plan, cancellationToken), plan);
        return 0;
    }

    // The key makes it safe to ask again when an answer was lost: the same key with the same body is the same job.
    private static async Task<JobView> SubmitAsync(
        ApiClient api, string processId, IReadOnlyDictionary<string, IReadOnlyList<RequestValue>> inputs, JsonObject outputs, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString("N");
        for (var attempt = 1; ; attempt++)
        {
            var content = new ExecuteContent(inputs, outputs);
            var request = new HttpRequestMessage(HttpMethod.Post, $"processes/{Uri.EscapeDataString(processId)}/execution") { Content = content };
            request.Headers.Add("Prefer", "respond-async");
            request.Headers.Add("Idempotency-Key", key);
            request.Headers.ExpectContinue = content.IsLarge;
            try
            {
                return new JobView(await api.SendForJsonAsync(request, cancellationToken));
            }
            catch (NoAnswerException) when (attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500 * attempt), cancellationToken);
            }
        }
    }

    /// <summary>For a caller who was interrupted: at most five seconds.</summary>
    internal static async Task DismissAsync(ApiClient api, Terminal terminal, string jobId)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await api.DeleteAsync($"jobs/{Uri.EscapeDataString(jobId)}", deadline.Token);
            terminal.Complain([$"job {jobId} dismissed"]);
        }
        catch (Exception failure) when (failure is CommandException or OperationCanceledException)
        {
            terminal.Complain([$"job {jobId} may still run: geowps dismiss {jobId}"]);
        }
    }

    /// <summary>Where a failed job's results would be, the server says why there are none.</summary>
    internal static async Task<IReadOnlyList<string>> WhyAsync(ApiClient api, JobView job, CancellationToken cancellationToken)
    {
        string[] outcome = [$"job {job.Id} {job.Status}{(job.Message is { } message ? $": {message}" : "")}"];
        try
        {
            await api.GetJsonAsync($"jobs/{Uri.EscapeDataString(job.Id)}/results", cancellationToken);
            return outcome;
        }
        catch (ApiException problem)
        {
            return [.. outcome, .. problem.Lines.Where(line => job.Message is null || !job.Message.Contains(line, StringComparison.Ordinal))];
        }
    }

    private static void Report(Terminal terminal, bool json, JobView job, JsonObject results, OutputPlan plan)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject { ["jobID"] = job.Id, ["status"] = job.Status, ["outputs"] = results });
            return;
        }

        foreach (var (name, result) in results.Where(result => plan.Files.GetValueOrDefault(result.Key) != OutputPlan.StandardOutput))
        {
            var line = result is JsonObject content && content.Text("href") is { } address
                ? $"{content.Text("file") ?? address}{(content.Number("length") is { } bytes ? $" ({Size(bytes)})" : "")}"
                : result is JsonValue value ? value.ToString() : result?.ToJsonString() ?? "null";
            terminal.Out.WriteLine($"{name}: {Terminal.Printable(line)}");
        }
    }

    private static void Write(Terminal terminal, bool json, JsonNode document, string line)
    {
        if (json)
        {
            terminal.WriteJson(document);
        }
        else
        {
            terminal.Out.WriteLine(line);
        }
    }

    internal static string Size(double bytes) => bytes switch
    {
        < 1000 => FormattableString.Invariant($"{bytes:0} bytes"),
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1000:0.#} kB"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1_000_000:0.#} MB"),
        _ => FormattableString.Invariant($"{bytes / 1_000_000_000:0.##} GB"),
    };
}
