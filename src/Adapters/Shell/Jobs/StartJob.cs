using GeoWps.Adapters.Shell.Processes;

namespace GeoWps.Adapters.Shell.Jobs;

/// <summary>Sends what starts a job, once however often it is sent, and follows the job: Ctrl-C dismisses it.</summary>
internal static class StartJob
{
    /// <param name="told">The line about one that went well; else it is its message.</param>
    public static async Task<int> ExecuteAsync(
        ApiClient api, Terminal terminal, HttpRequestMessage request, string name, bool wait, bool json, CancellationToken cancellationToken, Func<JobView, Task<string>>? told = null)
    {
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        var job = new JobView(await api.SendForJsonAsync(request, cancellationToken));
        if (wait)
        {
            try
            {
                job = await JobProgress.FollowAsync(api, terminal, job.Id, name, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await RunProcess.DismissAsync(api, terminal, job.Id);
                throw;
            }

            if (job.Status != "successful")
            {
                throw new CommandException(await RunProcess.WhyAsync(api, job, cancellationToken));
            }
        }

        if (json)
        {
            terminal.WriteJson(job.Json);
        }
        else
        {
            terminal.Out.WriteLine(wait ? Terminal.Printable(told is null ? job.Message ?? job.Status : await told(job)) : job.Id);
        }

        return 0;
    }
}
