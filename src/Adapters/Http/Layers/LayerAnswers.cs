using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Application.Layers;
using GeoWps.Application.Security;
using GeoWps.Domain.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Layers;

/// <summary>What an administrator is told of a layer, and of what became of a wish.</summary>
internal static class LayerAnswers
{
    public static void Write(Utf8JsonWriter json, Layer layer, string baseAddress)
    {
        json.WriteStartObject();
        LayerDocument.WriteMembers(json, layer);
        json.WriteLinks(
        [
            new Link(Addresses.Layer(baseAddress, layer.Id), "self", Media.Json, "This document"),
            new Link(Addresses.Collection(baseAddress, layer.Id), Links.Collection, Media.Json, layer.Title),
            .. layer.Job is { } job ? new[] { new Link(Addresses.Job(baseAddress, job), Links.Via, Media.Json, "The job that made it") } : [],
        ]);
        json.WriteEndObject();
    }

    public static IResult Of(Layer layer, string baseAddress, int status = StatusCodes.Status200OK) =>
        new JsonAnswer(json => Write(json, layer, baseAddress)) { Status = status };

    public static IResult Of(ChangeOutcome outcome, string baseAddress) => outcome switch
    {
        ChangeOutcome.Changed(var layer) => Of(layer, baseAddress),
        ChangeOutcome.Unknown(var id) => Problems.NoSuchLayer(id),
        ChangeOutcome.Refused(var mistakes) => Problems.InvalidLayer(mistakes),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers"),
    };

    public static IResult Of(PublishOutcome outcome, HttpContext context, string baseAddress)
    {
        switch (outcome)
        {
            case PublishOutcome.Published(var layer, var isNew) published:
                if (published.Job is { } done)
                {
                    context.Response.Headers.Append("Link", Links.Header(Addresses.Job(baseAddress, done.Id.Value), "monitor", Media.Json));
                }

                if (isNew)
                {
                    context.Response.Headers.Location = Addresses.Layer(baseAddress, layer.Id);
                }

                return Of(layer, baseAddress, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            case PublishOutcome.Started(var job):
                context.Response.Headers.Location = Addresses.Job(baseAddress, job.Id.Value);
                return new JsonAnswer(json => StatusInfo.Write(json, job, baseAddress)) { Status = StatusCodes.Status202Accepted };
            case PublishOutcome.NotAllowed:
                return Bearer.Refuse(context, Rights.Admin)!;
            case PublishOutcome.Failed(var failure):
                return Problems.Failed(failure);
            case PublishOutcome.Refused(var mistakes):
                return Problems.InvalidLayer(mistakes);
            case PublishOutcome.Exists(var id):
                return Problems.LayerExists(id);
            case PublishOutcome.Unknown(var id):
                return Problems.NoSuchLayer(id);
            case PublishOutcome.Full(var retryAfter):
                return Problems.Full(retryAfter);
            case PublishOutcome.Unavailable(var message):
                return Problems.SourceUnavailable(message);
            default:
                throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers");
        }
    }
}
