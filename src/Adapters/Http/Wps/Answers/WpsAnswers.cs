using System.Text;
using System.Text.Json;
using System.Xml;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Results;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary>Answers about jobs, in the words of WPS, whichever protocol a job came by.</summary>
internal sealed class WpsAnswers(ProcessCatalogues catalogues, IBlobStore blobs, RequestBinder binder, InputReader inputs, IOptions<JobsOptions> options)
{
    public static string StatusLocation(string baseAddress, JobId id) => $"{baseAddress}wps/status/{id}";

    public static DataForm? FormOf(OutputDescription? output) => output is null ? null : DataForms.Of(output.Schema, output.MediaTypes);

    /// <summary>Each value on its own, with its address where it is wanted by reference.</summary>
    public static IEnumerable<(OutputValue Value, string? Href)> Each(IEnumerable<ResultItem> items, OutputAddresses addresses) => items.SelectMany(item =>
        item.ByReference ? addresses.All(item.Value).Select(each => (each.Value, (string?)each.Href))
        : item.Value is OutputValue.Many many ? many.Values.Select(value => (value, (string?)null))
        : [(item.Value, null)]);

    public ProcessDescription? ProcessOf(Job job) => catalogues.Find(job.ProcessId)?.Process;

    public WpsMarks MarksOf(Job job)
    {
        using var request = JsonDocument.Parse(job.Request.Json, RequestLimits.Reading);
        return WpsMarks.Read(request.RootElement);
    }

    public ValueWriter Values(XmlWriter xml, WpsVersion version) => new(xml, version, blobs);

    public Task LineageAsync(XmlWriter xml, Job job, ProcessDescription process, CancellationToken cancellationToken) =>
        new LineageWriter(binder, inputs, blobs).WriteAsync(xml, job, process, cancellationToken);

    /// <summary>When a job and its results are removed; known when it has ended.</summary>
    public DateTimeOffset? ExpirationOf(Job job) => job.Finished?.AddHours(options.Value.RetentionHours);

    /// <summary>1.0.0 knows documents and single values.</summary>
    public IResult Results100(Job job, string baseAddress) =>
        (job.State.Status == JobStatus.Successful ? Raw(job, WpsVersion.V100) : null) ?? new ExecuteResponse(this, job, baseAddress);

    public IResult Results200(Job job, string baseAddress) => job.State.Status switch
    {
        JobStatus.Accepted or JobStatus.Running => Report(WpsVersion.V200, new OwsFault("ResultNotReady", job.Id.Value, $"The job {job.Id} has not ended yet.")),
        JobStatus.Dismissed => Report(WpsVersion.V200, WpsFault.NoSuchJob(job.Id.Value) with { Text = $"The job {job.Id} was dismissed and has no results." }),
        JobStatus.Failed => new ExceptionReport(OwsNames.Ows2, FaultsOf(job, WpsVersion.V200)),
        JobStatus.Successful => Raw(job, WpsVersion.V200) ?? new ResultDocument(this, job, baseAddress),
    };

    public IReadOnlyList<OwsFault> FaultsOf(Job job, WpsVersion version) => job.State switch
    {
        JobState.Failed failed => WpsFaults.Of(failed.Failure, version, job),
        _ => [new OwsFault("NoApplicableCode", null, $"The job {job.Id} was dismissed and has no results.")],
    };

    public static ExceptionReport Report(WpsVersion version, OwsFault fault) => new(version.Ows(), [fault]);

    /// <summary>The one value, bare; <see langword="null"/> when that is not what was asked for.</summary>
    private IResult? Raw(Job job, WpsVersion version) =>
        WantedResults.Read(job.Request.Json) is { Form: ResponseForm.Raw } wanted && ResultsAnswers.Select(job, wanted) is [var only] ? Raw(job, only.Value, version) : null;

    private IResult Raw(Job job, OutputValue value, WpsVersion version) => value switch
    {
        OutputValue.Literal { Json: var json } when ValueWriter.BoxOf(json) is { } box => new XmlAnswer(xml => ValueWriter.Box(xml, version, box)),
        OutputValue.Literal { MediaType: null, Json: { ValueKind: not (JsonValueKind.Object or JsonValueKind.Array) } json } => version == WpsVersion.V100
            ? new StoredAnswer(Encoding.UTF8.GetBytes(ValueWriter.TextOf(json)), Media.Utf8Text)
            : new XmlAnswer(xml => ValueWriter.Literal(xml, version, json, (FormOf(ProcessOf(job)?.FindOutput(value.Id)) as DataForm.Literal)?.DataType)),
        _ => new OutputAnswer(value, blobs),
    };
}
