using System.Net.Sockets;
using GeoWps.Adapters.Storage;
using Microsoft.Extensions.Options;

namespace GeoWps.Settings;

/// <summary>What an operator reads when the server does not start: one line for each thing that is wrong, and no trace.</summary>
internal static class StartFailure
{
    /// <returns><see langword="null"/> for what is a bug and deserves its trace.</returns>
    public static IReadOnlyList<string>? Explain(Exception error) => error switch
    {
        StorageUnavailableException => [error.Message],
        OptionsValidationException invalid => [.. invalid.Failures.Distinct()],
        AggregateException { InnerExceptions: var all } when all.Select(Explain).ToArray() is var each && Array.TrueForAll(each, lines => lines is not null) =>
            [.. each.SelectMany(lines => lines!)],
        IOException when InnermostOf(error) is SocketException => [$"urls: {error.Message}"],
        SocketException => [$"urls: {error.Message}"],
        InvalidDataException => [$"appsettings.json: {InnermostOf(error).Message}"],
        _ => null,
    };

    private static Exception InnermostOf(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }
}
