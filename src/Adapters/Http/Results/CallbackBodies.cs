using System.IO.Pipelines;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Http.Results;

/// <summary>What subscribers are told, in the words of the API; addresses are those under which the job was asked for.</summary>
internal sealed class CallbackBodies(IBlobStore blobs) : ICallbackBodies
{
    public async Task WriteResultsAsync(Job job, Stream body, CancellationToken cancellationToken)
    {
        var pipe = PipeWriter.Create(body, new StreamPipeWriterOptions(leaveOpen: true));
        var items = ResultsAnswers.Select(job, WantedResults.Read(job.Request.Json));
        await new DocumentAnswer(items, new OutputAddresses(job.Request.BaseAddress, job.Id), blobs).WriteAsync(pipe, cancellationToken);
        await pipe.CompleteAsync();
    }

    public async Task WriteStatusAsync(Job job, Stream body, CancellationToken cancellationToken) =>
        await body.WriteAsync(JsonAnswer.Bytes(json => StatusInfo.Write(json, job, job.Request.BaseAddress)), cancellationToken);
}
