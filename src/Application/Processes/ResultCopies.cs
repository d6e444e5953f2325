using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes;

/// <summary>Gives a job another's results as its own: each of the two can be removed without the other.</summary>
/// <param name="from">Whose results they are.</param>
/// <param name="to">The prefix of the keys of the copies.</param>
internal sealed class ResultCopies(IBlobStore blobs, Job from, string to)
{
    private readonly string _prefix = JobKeys.Output(from.Id, from.Attempt, "");

    /// <returns><see langword="null"/> when some of it is gone.</returns>
    public async Task<IReadOnlyList<OutputValue>?> MakeAsync(CancellationToken cancellationToken)
    {
        var outputs = new List<OutputValue>(from.Outputs.Count);
        foreach (var output in from.Outputs)
        {
            if (await CopyAsync(output, cancellationToken) is not { } copy)
            {
                return null;
            }

            outputs.Add(copy);
        }

        return outputs;
    }

    private async Task<OutputValue?> CopyAsync(OutputValue output, CancellationToken cancellationToken)
    {
        switch (output)
        {
            case OutputValue.Content content:
                var sidecars = new List<Sidecar>(content.Sidecars.Count);
                foreach (var sidecar in content.Sidecars)
                {
                    if (await CopyAsync(sidecar.Key, cancellationToken) is not { } sidecarKey)
                    {
                        return null;
                    }

                    sidecars.Add(sidecar with { Key = sidecarKey });
                }

                return await CopyAsync(content.Key, cancellationToken) is { } key ? content with { Key = key, Sidecars = sidecars } : null;
            case OutputValue.Many many:
                var values = new List<OutputValue>(many.Values.Count);
                foreach (var value in many.Values)
                {
                    if (await CopyAsync(value, cancellationToken) is not { } copy)
                    {
                        return null;
                    }

                    values.Add(copy);
                }

                return many with { Values = values };
            default:
                return output;
        }
    }

    /// <returns>The key of the copy.</returns>
    private async Task<string?> CopyAsync(string key, CancellationToken cancellationToken)
    {
        if (!key.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var copy = to + key[_prefix.Length..];
        return await blobs.CopyAsync(key, copy, cancellationToken) ? copy : null;
    }
}
