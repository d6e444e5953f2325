namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>May fetch from this machine; two QGIS processes.</summary>
public sealed class OpenServer : QgisServer
{
    protected override string[] Settings() => ["--Python:Workers", "2"];
}

[CollectionDefinition(Name)]
public sealed class OpenServerTests : ICollectionFixture<OpenServer>
{
    public const string Name = "processes";
}

/// <summary>One QGIS process: what keeps it busy keeps everybody waiting.</summary>
public sealed class SingleServer : QgisServer
{
    protected override string[] Settings() => ["--Python:Workers", "1"];
}

[CollectionDefinition(Name)]
public sealed class SingleServerTests : ICollectionFixture<SingleServer>
{
    public const string Name = "one worker";
}
