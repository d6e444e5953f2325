namespace GeoWps.Tests.Integration.Workers;

/// <summary>Which implementation a suite runs against.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SuiteOfAttribute(Type implementation) : Attribute
{
    public Type Implementation => implementation;
}
