using System.Text.Json;
using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Execution.Deployment;

/// <summary>Models and scripts that come through the API. Every worker looks at their folders before it runs one, so all see a change at once.</summary>
/// <param name="shared">Where nodes share what is deployed: that decides, and the files are copies.</param>
internal sealed partial class QgisDeployments(
    DeployedFiles files, QgisCatalogue catalogue, CatalogueReading reading, IWorkers workers, ILogger<QgisDeployments> logger, IDeployedUnits? shared = null) : IProcessDeployments, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public bool IsReady => workers.Ready.IsCompletedSuccessfully;

    public bool Has(string id) => files.Has(id);

    public async Task<UnitTrial> TryAsync(ExecutionUnit unit, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(workers.WorkFolder, $"try-{Guid.NewGuid():N}");
        PrivateFolder.Make(folder);
        try
        {
            var (kind, name) = unit.Kind switch
            {
                UnitKind.Model => ("model", "unit.model3"),
                UnitKind.Script => ("script", "unit.py"),
            };
            var file = Path.Combine(folder, name);
            await File.WriteAllBytesAsync(file, unit.Content, cancellationToken);
            var answer = await workers.TryAsync(kind, file, cancellationToken);
            return answer.Algorithm is { } told ? Judge(told.Deserialize(CatalogueJson.Default.AlgorithmDescriptor)!) : new UnitTrial.Refused(answer.Reason);
        }
        finally
        {
            PrivateFolder.Remove(folder);
        }
    }

    public async Task<DeploymentOutcome> PutAsync(string id, ExecutionUnit unit, ApplicationPackage package, bool replace, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await CopyAsync(id, cancellationToken);
            var before = await files.ReadAsync(id, cancellationToken);
            if (before is null == replace)
            {
                return replace ? new DeploymentOutcome.Unknown(id) : new DeploymentOutcome.Exists(id);
            }

            if (before is null && catalogue.Knows(id))
            {
                return new DeploymentOutcome.Immutable(id);
            }

            return await ChangeAsync(id, unit, package, before);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // First where all nodes look: a node that dies in between follows at its next start.
            var isGone = shared is not null && await shared.RemoveAsync(id, cancellationToken);
            if (!files.Has(id))
            {
                return isGone;
            }

            files.Remove(id);
            await reading.ReadAsync(CancellationToken.None);
            files.Tidy();
            return shared is null || isGone;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes the files like those that all nodes share, and has QGIS read what has changed.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (shared is null)
        {
            return;
        }

        var hasChanged = false;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!files.AreCopies)
            {
                await GiveAsync(shared, cancellationToken);
                files.MarkAsCopies();
            }

            var all = await shared.ListAsync(cancellationToken);
            foreach (var id in all.Select(mark => mark.Id).Union(files.Ids(), StringComparer.Ordinal).ToArray())
            {
                var wanted = all.FirstOrDefault(mark => mark.Id == id)?.Digest;
                if (await files.ReadAsync(id, cancellationToken) is var here && (here is null ? null : DeployedFiles.DigestOf(here)) != wanted)
                {
                    await CopyAsync(id, cancellationToken);
                    hasChanged = true;
                }
            }

            if (hasChanged)
            {
                files.Tidy();
            }
        }
        finally
        {
            _turn.Release();
        }

        if (hasChanged && IsReady)
        {
            await reading.ReadAsync(cancellationToken);
        }
    }

    public async Task<ApplicationPackage?> FindPackageAsync(string id, CancellationToken cancellationToken) =>
        await files.ReadAsync(id, cancellationToken) is { } unit ? await files.PackageAsync(id, unit, cancellationToken) : null;

    public void Dispose() => _turn.Dispose();

    private UnitTrial Judge(AlgorithmDescriptor algorithm) =>
        files.PathOf(algorithm.Id) is null ? new UnitTrial.Refused("its name is too long")
        : catalogue.Map(algorithm) is (null, { } reason) ? new UnitTrial.Refused(reason)
        : new UnitTrial.Loaded(algorithm.Id);

    /// <summary>Not cancelled: it is done as a whole, or not at all.</summary>
    private async Task<DeploymentOutcome> ChangeAsync(string id, ExecutionUnit unit, ApplicationPackage package, byte[]? before)
    {
        string reason;
        var packageBefore = before is null ? null : await files.PackageAsync(id, before, CancellationToken.None);
        try
        {
            await files.WriteAsync(id, unit.Content, package);
            await reading.ReadAsync(CancellationToken.None);
            var digest = DeployedFiles.DigestOf(unit.Content.Span);
            if (catalogue.Find(id) is { } now && now.Algorithm.Digest == digest)
            {
                if (shared is not null && !await shared.TryPutAsync(
                    new DeployedUnit(id, digest, unit.Content, package), before is null ? null : DeployedFiles.DigestOf(before), CancellationToken.None))
                {
                    await PutBackAsync(id, before, packageBefore);
                    await CopyAsync(id, CancellationToken.None);
                    await reading.ReadAsync(CancellationToken.None);
                    return before is null ? new DeploymentOutcome.Exists(id) : new DeploymentOutcome.Unknown(id);
                }

                files.Tidy();
                return new DeploymentOutcome.Done(now.Description);
            }

            reason = catalogue.LeftOut.GetValueOrDefault(id) ?? "QGIS does not take it in among its other processes";
        }
        catch (Exception error)
        {
            LogPutBack(error, id);
            await PutBackAsync(id, before, packageBefore);
            throw;
        }

        await PutBackAsync(id, before, packageBefore);
        await reading.ReadAsync(CancellationToken.None);
        return new DeploymentOutcome.Refused([new Mistake("", reason)]);
    }

    // What was deployed before there was a cluster.
    private async Task GiveAsync(IDeployedUnits to, CancellationToken cancellationToken)
    {
        foreach (var id in files.Ids())
        {
            if (await files.ReadAsync(id, cancellationToken) is { } unit)
            {
                await to.TryPutAsync(new DeployedUnit(id, DeployedFiles.DigestOf(unit), unit, await files.PackageAsync(id, unit, cancellationToken)), before: null, cancellationToken);
            }
        }
    }

    /// <summary>The file as all nodes have it, which may be none.</summary>
    private async Task CopyAsync(string id, CancellationToken cancellationToken)
    {
        if (shared is null || files.PathOf(id) is null || !files.AreCopies)
        {
            return;
        }

        var (unit, here) = (await shared.FindAsync(id, cancellationToken), await files.ReadAsync(id, cancellationToken));
        if (unit is null)
        {
            if (here is not null)
            {
                files.Remove(id);
            }
        }
        else if (here is null || DeployedFiles.DigestOf(here) != unit.Digest)
        {
            await files.WriteAsync(id, unit.Content, unit.Package);
        }
    }

    private async Task PutBackAsync(string id, byte[]? unit, ApplicationPackage? package)
    {
        if (unit is null)
        {
            files.Remove(id);
        }
        else
        {
            await files.WriteAsync(id, unit, package!);
        }

        files.Tidy();
    }

    [LoggerMessage(EventId = 3400, Level = LogLevel.Error, Message = "{Id} could not be put in place; what was there before is there again")]
    private partial void LogPutBack(Exception error, string id);
}
