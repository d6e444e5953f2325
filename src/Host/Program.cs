using GeoWps;
using GeoWps.Adapters.Shell;

// `geowps <verb> …` is the client of a running server; everything else is the server and its settings.
return args is [var verb, ..] && !verb.StartsWith('-') && !verb.StartsWith('/') && !verb.Contains('=', StringComparison.Ordinal)
    ? await ShellModule.RunAsync(args)
    : await Server.RunAsync(args);
