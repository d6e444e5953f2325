using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Layers;

namespace GeoWps.Adapters.Http.Styles;

/// <summary>As what a layer's style can be had: <c>f</c>, or <c>Accept</c>.</summary>
/// <param name="Name">Of <c>f</c>.</param>
internal sealed record StyleForm(string Name, string MediaType, string Title)
{
    public static StyleForm MapLibre { get; } = new("mapbox", "application/vnd.mapbox.style+json", "MapLibre style");

    /// <summary>The same document for who takes JSON under no other name.</summary>
    public static StyleForm Json { get; } = new("json", Media.Json, "MapLibre style");

    public static StyleForm Qml { get; } = new("qml", "application/vnd.qgis.qml", "QGIS style");

    /// <param name="layer"><see langword="null"/>: of all layers.</param>
    public static IReadOnlyList<StyleForm> Of(Layer? layer) => layer?.Style?.Kind == StyleKind.Qml ? [MapLibre, Json, Qml] : [MapLibre, Json];
}
