using GeoWps.Adapters.Storage;

namespace GeoWps;

/// <summary>What an operator looks for first: where it is.</summary>
internal static partial class Serving
{
    public static void Tell(WebApplication app)
    {
        // Not by the log: that may be sent on and kept.
        if (StorageModule.TakeNewAdminToken(app.Services) is { } token)
        {
            Console.Out.WriteLine($"The administrator's token, shown this once and kept in {StorageModule.PlaceOfAdminToken(app.Services)}: {token}");
        }

        LogServing(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Serving).FullName!), string.Join(", ", app.Urls));
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "GeoWps serves at {Addresses}; Ctrl-C drains and stops it")]
    private static partial void LogServing(ILogger logger, string addresses);
}
