using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes.Chains;

/// <summary>Takes a request apart into its steps. Every input value may be an execution: <c>{"process": …, "inputs": …, "outputs": …}</c>.</summary>
public sealed class ChainReader(ProcessCatalogues catalogues, IOptions<RequestLimits> limits, TimeProvider clock)
{
    /// <param name="process">The outermost.</param>
    /// <param name="baseAddress">Under which the caller reached the server, ending in a slash.</param>
    /// <returns>A chain of at least one step, whose jobs have fresh ids; <see langword="null"/> for what is no request at all.</returns>
    public Chain? Read(IProcessProvider provider, ProcessDescription process, JsonElement json, string baseAddress)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var reading = new ChainReading(catalogues, limits.Value, baseAddress, () => JobId.New(clock.GetUtcNow()));
        return reading.Read(provider, process, json);
    }

    /// <summary>The same for a request that was accepted before.</summary>
    /// <returns><see langword="null"/> when its process is not offered any more.</returns>
    public Chain? Read(Job job) => catalogues.Find(job.ProcessId) is not { } found ? null
        : Read(found.Provider, found.Process, JsonElement.Parse(job.Request.Json, RequestLimits.Reading), job.Request.BaseAddress);

    /// <summary>Whether a request may hold steps, or results of jobs: a quick look for who has neither.</summary>
    public static bool MayHaveSteps(JsonElement json) => ChainReading.MayHold(json, "\"process\""u8) || ChainReading.MayHold(json, "results"u8)
        || ChainReading.MayHold(json, "\"publish\""u8);
}
