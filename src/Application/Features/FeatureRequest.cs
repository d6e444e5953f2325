using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;

namespace GeoWps.Application.Features;

/// <param name="Crs">In which the features are to be given.</param>
public sealed record FeatureRequest(FeatureQuery Query, Crs Crs);
