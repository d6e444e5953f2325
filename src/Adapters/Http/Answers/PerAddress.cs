using System.Collections.Concurrent;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>What is made once for each catalogue and each address under which callers reach the server.</summary>
/// <param name="make">From the catalogue and the address.</param>
internal sealed class PerAddress<T>(ProcessCatalogues catalogues, Func<ProcessCatalogue, string, T> make)
{
    // Callers choose the address, so their number is bounded: one more starts over.
    private const int MaxAddresses = 8;

    private ConcurrentDictionary<string, (ProcessCatalogue Catalogue, T Made)> _made = new(StringComparer.Ordinal);

    public T At(string baseAddress)
    {
        var (catalogue, all) = (catalogues.Current, _made);
        if (all.TryGetValue(baseAddress, out var known) && ReferenceEquals(known.Catalogue, catalogue))
        {
            return known.Made;
        }

        if (all.Count >= MaxAddresses)
        {
            _made = all = new ConcurrentDictionary<string, (ProcessCatalogue, T)>(StringComparer.Ordinal);
        }

        // Two callers may both make it: the same thing twice, and either may stay.
        var made = make(catalogue, baseAddress);
        all[baseAddress] = (catalogue, made);
        return made;
    }
}
