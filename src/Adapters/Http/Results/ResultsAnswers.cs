using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Results;

/// <summary>The answer that holds a job's results, in the form that its request asked for: clauses 7.11.4 and 7.13. The same at once and later.</summary>
internal sealed class ResultsAnswers(ProcessCatalogues catalogues, IBlobStore blobs)
{
    /// <param name="only">The ids of the outputs wanted of those that the request asked for; <see langword="null"/>: all (draft of version 2.0).</param>
    public IResult Of(Job job, string baseAddress, IReadOnlyList<string>? only = null) => job.State.Status switch
    {
        JobStatus.Accepted or JobStatus.Running => Problems.NotReady(job),
        JobStatus.Failed => Problems.Failed(((JobState.Failed)job.State).Failure),
        JobStatus.Dismissed => Problems.Dismissed(job),
        JobStatus.Successful => OfSuccess(job, baseAddress, only),
    };

    /// <summary>All results as a page, whatever form the request asked for.</summary>
    public IResult PageOf(Job job, string baseAddress) => job.State.Status == JobStatus.Successful
        ? new ResultsPage(job, catalogues.Find(job.ProcessId)?.Process, baseAddress, blobs)
        : Of(job, baseAddress);

    /// <summary>One output's value, content or file by the last segment of its address.</summary>
    public IResult OfOutput(Job job, string name, string baseAddress)
    {
        if (job.State.Status != JobStatus.Successful)
        {
            return Of(job, baseAddress);
        }

        return OutputNames.Find(job.Outputs, name) is { } value ? Single(value) : Problems.NoSuchOutput(job, name);
    }

    /// <summary>What was asked for and has a value: an output without one is left out, which is no error.</summary>
    public static List<ResultItem> Select(Job job, WantedResults wanted)
    {
        if (wanted.Outputs is null)
        {
            return [.. job.Outputs.Select(value => new ResultItem(value, ByReference: false))];
        }

        var values = job.Outputs.ToDictionary(value => value.Id, StringComparer.Ordinal);
        return [.. wanted.Outputs.Where(output => values.ContainsKey(output.Id)).Select(output => new ResultItem(values[output.Id], output.ByReference))];
    }

    private IResult OfSuccess(Job job, string baseAddress, IReadOnlyList<string>? only)
    {
        var wanted = WantedResults.Read(job.Request.Json);
        var addresses = new OutputAddresses(baseAddress, job.Id);
        var items = Select(job, wanted);
        if (only?.FirstOrDefault(id => !items.Exists(item => item.Value.Id == id)) is { } missing)
        {
            return Problems.NoSuchOutput(job, missing);
        }

        items = only is null ? items : [.. items.Where(item => only.Contains(item.Value.Id))];
        if (wanted.Form == ResponseForm.Document)
        {
            return new DocumentAnswer(items, addresses, blobs);
        }

        // "Raw, one output asked for" is about the request: the answer stays multipart when only one of several has a value.
        var asked = only?.Distinct().Count() ?? wanted.Outputs?.Count ?? catalogues.Find(job.ProcessId)?.Process.Outputs.Count(output => !output.Optional) ?? job.Outputs.Count;
        return items.All(item => item.ByReference) ? new ReferencesAnswer(items, addresses)
            : asked == 1 ? Single(items[0].Value)
            : new MultipartAnswer(items, addresses, blobs, boundary: $"geowps-{job.Id}");
    }

    private IResult Single(OutputValue value) => new OutputAnswer(value, blobs);
}

internal sealed record ResultItem(OutputValue Value, bool ByReference);
