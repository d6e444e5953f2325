using System.Text.Json.Nodes;
using Spectre.Console;

namespace GeoWps.Adapters.Shell.Jobs;

/// <summary>Shows a person how far a job is, and what it says; without decoration it is silent.</summary>
internal static class JobProgress
{
    public static async Task<JobView> FollowAsync(ApiClient api, Terminal terminal, string jobId, string title, CancellationToken cancellationToken)
    {
        var follower = new JobFollower(api);
        if (!terminal.Decorated)
        {
            return await follower.FollowAsync(jobId, _ => { }, cancellationToken);
        }

        var console = terminal.CreateErrorConsole();
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 100);
                bar.IsIndeterminate = true;
                return await follower.FollowAsync(jobId, news => Show(news, bar, title, console), cancellationToken);
            });
    }

    private static void Show(JsonObject news, ProgressTask bar, string title, IAnsiConsole console)
    {
        if (news.Number("progress") is { } percent)
        {
            bar.IsIndeterminate = percent <= 0;
            bar.Value = percent;
        }

        if (news.Text("status") is { } status)
        {
            bar.Description = Markup.Escape($"{title} {status}");
        }
        else if (news.Text("level") == "progress" && news.Text("text") is { } soFar)
        {
            // What is said again and again stands beside the bar.
            bar.Description = Markup.Escape($"{title} {Terminal.Printable(soFar)}");
        }
        else if (news.Text("text") is { } message)
        {
            console.MarkupLine($"[grey]{Markup.Escape(Terminal.Printable(message))}[/]");
        }
    }
}
