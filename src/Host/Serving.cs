namespace GeoWps;

/// <summary>What an operator looks for first: where it is.</summary>
internal static partial class Serving
{
    public static void Tell(WebApplication app) =>
        LogServing(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Serving).FullName!), string.Join(", ", app.Urls));

    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "GeoWps serves at {Addresses}; Ctrl-C drains and stops it")]
    private static partial void LogServing(ILogger logger, string addresses);
}
