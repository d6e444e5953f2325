using System.Collections.Frozen;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Chains;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes;

/// <summary>The union of what all providers of this node offer. A change of one of them is seen by the next call.</summary>
public sealed class ProcessCatalogues(IEnumerable<IProcessProvider> providers)
{
    private readonly IProcessProvider[] _providers = [.. providers];
    private Merged _merged = new([], ProcessCatalogue.Empty, FrozenDictionary<string, IProcessProvider>.Empty);

    /// <summary>A snapshot; the same object as long as nothing changed, so that answers made of it can be kept by it.</summary>
    public ProcessCatalogue Current => Fresh().Catalogue;

    public IReadOnlyList<IProcessProvider> Providers => _providers;

    /// <summary>The process of an id or alias, and who runs it.</summary>
    public (IProcessProvider Provider, ProcessDescription Process)? Find(string idOrAlias)
    {
        var merged = Fresh();
        return merged.Catalogue.Find(idOrAlias) is { } process ? (merged.Owners[process.Id], process) : null;
    }

    /// <exception cref="InvalidOperationException">This node has no such lane.</exception>
    public IProcessProvider OfLane(string lane) => _providers.First(provider => provider.Lane == lane);

    /// <summary>Who runs a job: the one of its process, but for a chain.</summary>
    public IProcessProvider RunnerOf(Job job, IProcessProvider owner) =>
        job.Lane == owner.Lane || (owner.IsElsewhere && job.Lane != ChainProvider.LaneName) ? owner : _providers.FirstOrDefault(provider => provider.Lane == job.Lane) ?? owner;

    private Merged Fresh()
    {
        var merged = _merged;
        for (var i = 0; i < _providers.Length; i++)
        {
            if (merged.Parts.Length != _providers.Length || !ReferenceEquals(merged.Parts[i], _providers[i].Catalogue))
            {
                // Two threads may both merge: the same result twice, and either may stay.
                return _merged = Merge();
            }
        }

        return merged;
    }

    private Merged Merge()
    {
        var parts = Array.ConvertAll(_providers, provider => provider.Catalogue);
        var processes = new Dictionary<string, ProcessDescription>(StringComparer.Ordinal);
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        var owners = new Dictionary<string, IProcessProvider>(StringComparer.Ordinal);
        for (var i = 0; i < parts.Length; i++)
        {
            foreach (var (id, process) in parts[i].Processes)
            {
                // The first provider keeps an id: the built-in ones come first and can't be replaced by a script of the same name.
                if (processes.TryAdd(id, process))
                {
                    owners.Add(id, _providers[i]);
                }
            }

            foreach (var (alias, id) in parts[i].Aliases)
            {
                aliases.TryAdd(alias, id);
            }
        }

        var version = string.Join('-', parts.Select(part => part.Version));
        return new Merged(parts, new ProcessCatalogue(version, processes.ToFrozenDictionary(), aliases.ToFrozenDictionary()), owners.ToFrozenDictionary());
    }

    private sealed record Merged(ProcessCatalogue[] Parts, ProcessCatalogue Catalogue, FrozenDictionary<string, IProcessProvider> Owners);
}
