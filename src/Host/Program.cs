using GeoWps;
using GeoWps.Adapters.Shell;

// `geowps <verb> …` is the client of a running server, but for what needs its data while it does not run; everything else is the server and its settings.
return BlobMigration.IsAskedFor(args) ? await BlobMigration.RunAsync(args) : args is [var verb, ..] && !verb.StartsWith('-') && !verb.StartsWith('/') && !verb.Contains('=', StringComparison.Ordinal)
    ? await ShellModule.RunAsync(args)
    : await Server.RunAsync(args);
