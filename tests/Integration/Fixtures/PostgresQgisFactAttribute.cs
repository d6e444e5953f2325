namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A test that needs both real PostgreSQL and real QGIS.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresQgisFactAttribute : FactAttribute
{
    public PostgresQgisFactAttribute() => Skip = PostgresServer.WhyNot ?? new QgisFactAttribute().Skip;
}
