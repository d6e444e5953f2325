using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace GeoWps.Settings;

/// <summary>
/// Where settings come from, the later over the earlier: <c>appsettings.json</c> in the working folder, the environment (<c>GEOWPS__Node__Role</c>),
/// the command line (<c>--Node:Role worker</c>). Unknown names stop the start.
/// </summary>
internal static class SettingsSources
{
    private const string EnvironmentPrefix = "GEOWPS__";

    /// <summary>Sections that some part of the server reads; each part refuses unknown keys in its own.</summary>
    private static readonly string[] Known =
    [
        "urls",
        "Node",
        "Data",
        "Storage",
        "Blobs",
        "Jobs",
        "Callbacks",
        "Python",
        "Processes",
        "Security",
        "Inputs",
        "Limits",
        "Results",
        "Http",
        "Tiles",
        "VectorTiles",
        "Sources",
        "Features",
        "Layers",
        "Files",
        "Uploads",
        "Cache",
        "Records",
        "Harvesting",
        "Seeding",
        "Discovery",
        "Consul",
        "Gateway",
        "Logging",
    ];

    public static void Add(IConfigurationManager configuration, string[] args)
    {
        var given = new ConfigurationBuilder()
            .AddJsonFile(SettingsFile)
            .AddEnvironmentVariables(EnvironmentPrefix)
            .AddCommandLine(Pair(args))
            .Build();
        RefuseUnknown(given);
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:8080",
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft"] = "Warning",

            // Wherever this may log anything at all, each request gets an Activity and a scope; a tile that is kept feels that.
            ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
            ["Logging:LogLevel:System"] = "Warning",
            ["Logging:LogLevel:FastEndpoints"] = "Warning",

            // A message that failed is an error; where nodes stand is nobody's concern. Its two warnings at each start are of its search for handlers: that none were generated
            // ("no pre-generated HandlerRegistry"), and that none were found. The search is off, since the one handler is written out and given to it, but it complains all the same.
            ["Logging:LogLevel:Wolverine"] = "Warning",
            ["Logging:LogLevel:Wolverine.Configuration"] = "Error",

            // Each request that a node fails is counted; what becomes of the node, the gateway says itself.
            ["Logging:LogLevel:Yarp"] = "Error",
        });
        configuration.AddConfiguration(given);
    }

    /// <summary>What is watched takes effect while the server runs: who is in <c>Discovery:Nodes</c>, and what is logged. All else is read once.</summary>
    private static void SettingsFile(JsonConfigurationSource file)
    {
        // By looking every few seconds: the framework's other way watches every folder below this one, and the data may be there.
        file.FileProvider = new PhysicalFileProvider(Path.GetFullPath(".")) { UsePollingFileWatcher = true, UseActivePolling = true };
        file.Path = "appsettings.json";
        file.Optional = true;
        file.ReloadOnChange = true;
    }

    /// <summary>The framework ignores a word that belongs to nothing; here it is a mistake of the caller's.</summary>
    private static string[] Pair(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-') && !args[i].StartsWith('/') && !args[i].Contains('=', StringComparison.Ordinal))
            {
                throw Refused($"'{args[i]}' is no setting; settings are given as --Section:Name value");
            }

            if (!args[i].Contains('=', StringComparison.Ordinal) && ++i == args.Length)
            {
                throw Refused($"{args[i - 1].TrimStart('-', '/')}: a value is missing");
            }
        }

        return args;
    }

    private static void RefuseUnknown(IConfiguration configuration)
    {
        var unknown = configuration.GetChildren()
            .Where(section => !Known.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            .Select(section => $"{section.Key}: there is no such setting; there are: {string.Join(", ", Known)}")
            .ToArray();
        if (unknown.Length > 0)
        {
            throw new OptionsValidationException("settings", typeof(object), unknown);
        }
    }

    private static OptionsValidationException Refused(string why) => new("settings", typeof(object), [why]);
}
