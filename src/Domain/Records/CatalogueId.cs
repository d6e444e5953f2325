namespace GeoWps.Domain.Records;

/// <summary>The id that the catalogue has among the collections of a server; no layer can have it.</summary>
public static class CatalogueId
{
    public const string Value = "records";
}
