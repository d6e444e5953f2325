using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Ports;

/// <summary>Lays pictures over each other.</summary>
public interface IPictureComposer
{
    /// <param name="pictures">PNG, JPEG or WebP, the lowest first. Each fills the result, whatever its size.</param>
    /// <param name="width">Pixels of the result.</param>
    /// <param name="height">Pixels of the result.</param>
    /// <param name="format">Of the result. What nothing covers is transparent; white in JPEG.</param>
    /// <exception cref="TileSourceException">It can't be done now, or a picture can't be read.</exception>
    Task<ReadOnlyMemory<byte>> ComposeAsync(IReadOnlyList<ReadOnlyMemory<byte>> pictures, int width, int height, TileFormat format, CancellationToken cancellationToken);
}
