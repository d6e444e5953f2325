using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>Finds the one unit of a package that is meant, by loading units on the side.</summary>
public sealed class PackageTrial(PackageReader reader)
{
    /// <summary>Without a wish the first unit is the one (<c>/req/ogcapppkg/deploy/w-param</c>).</summary>
    /// <returns>The process's id and its unit, or what is wrong.</returns>
    public async Task<(string Id, ExecutionUnit? Unit, IReadOnlyList<Mistake> Mistakes)> FindAsync(
        IProcessDeployments deployments, PackageContent package, string? wanted, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        foreach (var packed in wanted is null ? package.Units.Take(1) : package.Units)
        {
            var (unit, mistake) = await reader.OpenAsync(package, packed, cancellationToken);
            if (unit is null)
            {
                mistakes.Add(mistake!);
                continue;
            }

            switch (await deployments.TryAsync(unit, cancellationToken))
            {
                case UnitTrial.Loaded(var id) when wanted is null || IsMeant(id, wanted):
                    return package.Id is null || package.Id == id
                        ? (id, unit, [])
                        : (id, null, [new Mistake("processDescription.id", $"the id is given by the unit's own name: {id}, not {package.Id}")]);
                case UnitTrial.Refused(var reason):
                    mistakes.Add(new Mistake(packed.Place, reason));
                    break;
            }
        }

        if (wanted is not null)
        {
            mistakes.Insert(0, new Mistake("w", $"the package has no process {wanted} that can be loaded"));
        }

        return ("", null, mistakes);
    }

    private static bool IsMeant(string id, string wanted) => id == wanted || id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..] == wanted;
}
