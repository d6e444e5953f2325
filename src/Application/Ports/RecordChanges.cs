using GeoWps.Domain.Records;

namespace GeoWps.Application.Ports;

/// <summary>What became of the records that somebody sees since a state of the store, all of one moment.</summary>
/// <param name="State">Of that moment: what to ask with next time. It is the store's own word and no time of any clock.</param>
/// <param name="Total">How many records there are.</param>
/// <param name="Changed">Those that came or were stored again, without their texts.</param>
/// <param name="Removed">Ids of those that were there, or were seen by the same caller, and are not any more.</param>
public sealed record RecordChanges(string State, long Total, IReadOnlyList<CatalogueRecord> Changed, IReadOnlyList<string> Removed);
