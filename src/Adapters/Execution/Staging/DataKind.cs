namespace GeoWps.Adapters.Execution.Staging;

/// <summary>What staged data is.</summary>
/// <param name="MediaType">In the spelling that the QGIS processes choose GDAL's drivers by.</param>
/// <param name="Extension">In lower case and without the dot: some drivers go by it.</param>
internal sealed record DataKind(string MediaType, string Extension);
