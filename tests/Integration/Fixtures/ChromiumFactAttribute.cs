namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A test in a real browser, with OpenLayers, against a server with QGIS; skipped, and counted so, where one of them is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.WhyNot ?? Qgis.WhyNot;
}

/// <summary>A test in a real browser with pages of the server's own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.WhyNoBrowser;
}

/// <summary>The same for a test that compares with PostGIS.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumPostgresFactAttribute : FactAttribute
{
    public ChromiumPostgresFactAttribute() => Skip = Chromium.WhyNot ?? Qgis.WhyNot ?? PostgresServer.WhyNot;
}
