using GeoWps.Application;
using GeoWps.Roles;
using GeoWps.Settings;

namespace GeoWps;

/// <summary>The server's life: settings, role, run, and one line where it can't start.</summary>
internal static class Server
{
    private const int CannotStart = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [], ApplicationName = "GeoWps" });
            SettingsSources.Add(builder.Configuration, args);
            await using var app = await BuildAsync(builder);
            await app.StartAsync();
            Serving.Tell(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception error) when (StartFailure.Explain(error) is { } lines)
        {
            foreach (var line in lines)
            {
                await Console.Error.WriteLineAsync($"geowps: {line}");
            }

            return CannotStart;
        }
    }

    private static async Task<WebApplication> BuildAsync(WebApplicationBuilder builder)
    {
        // The role decides what is composed, so it is read before there is anything to inject it.
        switch (Enum.TryParse<NodeRole>(builder.Configuration["Node:Role"] ?? nameof(NodeRole.Monolith), ignoreCase: true, out var role) ? role : NodeRole.Monolith)
        {
            case NodeRole.Gateway:
                GatewayRole.Add(builder);
                var gateway = builder.Build();
                await GatewayRole.StartAsync(gateway);
                return gateway;
            case NodeRole.Monolith or NodeRole.Worker:
                MonolithRole.Add(builder);
                var app = builder.Build();
                await MonolithRole.StartAsync(app);
                return app;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
