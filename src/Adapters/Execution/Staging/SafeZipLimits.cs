namespace GeoWps.Adapters.Execution.Staging;

/// <summary>How much may come out of a zip file.</summary>
/// <param name="UnpackedBytes">Of all its files together.</param>
/// <param name="Entries">Files and folders.</param>
/// <param name="Ratio">Unpacked bytes for each byte of the zip file; real data stays far below, deflate ends at 1032.</param>
/// <param name="RatioFromBytes">Unpacked bytes up to which the ratio is not looked at: an empty raster packs as well as a bomb.</param>
internal sealed record SafeZipLimits(long UnpackedBytes, int Entries = 10_000, int Ratio = 1000, long RatioFromBytes = 16 * 1024 * 1024);
