using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace GeoWps.Adapters.TileSources;

/// <summary>Section <c>Sources</c>: where layers have their tiles from. A wrong or unknown key stops the start.</summary>
public sealed class SourcesOptions
{
    public const string Section = "Sources";

    /// <summary>Connection strings of PostgreSQL by the names that layers use; never shown. Default: none.</summary>
    public Dictionary<string, string> Connections { get; set; } = [];

    /// <summary>What one statement may take, seconds. Default: 30.</summary>
    [Range(1, 3600)]
    public int QuerySeconds { get; set; } = 30;

    /// <summary>What one request to another tile server may take, seconds. Default: 20.</summary>
    [Range(1, 600)]
    public int UpstreamSeconds { get; set; } = 20;

    /// <summary>How often another server is asked for a tile before it has failed. Default: 3.</summary>
    [Range(1, 10)]
    public int UpstreamAttempts { get; set; } = 3;

    /// <summary>Requests at once to one other server. Default: 8.</summary>
    [Range(1, 256)]
    public int UpstreamConnections { get; set; } = 8;

    /// <summary>Of one tile of another server. Default: 8 MiB.</summary>
    [Range(1024, 268_435_456)]
    public int UpstreamMaxBytes { get; set; } = 8 * 1024 * 1024;
}

internal sealed class SourcesOptionsValidator : IValidateOptions<SourcesOptions>
{
    public ValidateOptionsResult Validate(string? name, SourcesOptions options)
    {
        // The text of a connection is a secret, so what is wrong with it is not said.
        string[] wrong = [.. options.Connections.Where(pair => !IsName(pair.Key) || !CanBeRead(pair.Value)).Select(pair =>
            $"{SourcesOptions.Section}:{nameof(SourcesOptions.Connections)}:{pair.Key} is not allowed; a name of letters, digits, '-' and '_', and a connection string of Npgsql such as 'Host=…;Database=…;Username=…;Password=…'")];
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 100 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static bool CanBeRead(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection) is { Host.Length: > 0 };
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            return false;
        }
    }
}
