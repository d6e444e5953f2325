using System.Text;
using GeoWps.Adapters.Shell.Jobs;
using GeoWps.Adapters.Shell.Processes;

namespace GeoWps.Adapters.Shell.Tiles;

/// <summary><c>geowps seed LAYER</c> and <c>geowps truncate LAYER</c>: a job that is followed; Ctrl-C dismisses it.</summary>
internal static class SeedLayer
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, SeedWish wish, CancellationToken cancellationToken)
    {
        var body = (await SeedRequest.ReadAsync(wish, cancellationToken)).ToJsonString();
        var request = new HttpRequestMessage(HttpMethod.Post, $"cache/{Uri.EscapeDataString(wish.Layer)}/seed") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        return await FollowAsync(api, terminal, new JobView(await api.SendForJsonAsync(request, cancellationToken)), $"{wish.Operation} {wish.Layer}", wish.Wait, wish.Json, cancellationToken);
    }

    /// <summary>Ctrl-C dismisses the job.</summary>
    public static async Task<int> FollowAsync(ApiClient api, Terminal terminal, JobView job, string name, bool wait, bool json, CancellationToken cancellationToken)
    {
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
            terminal.Out.WriteLine(wait ? Terminal.Printable(job.Message ?? job.Status) : job.Id);
        }

        return 0;
    }
}
