using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Deployment;

/// <summary>What an administrator is told when nothing was changed.</summary>
internal static class DeploymentAnswers
{
    public static IResult Of(DeploymentOutcome outcome) => outcome switch
    {
        DeploymentOutcome.Refused(var mistakes) => Problems.NotLoaded(mistakes),
        DeploymentOutcome.Exists(var id) => Problems.Duplicate(id),
        DeploymentOutcome.Immutable(var id) => Problems.Immutable(id),
        DeploymentOutcome.Unknown(var id) => Problems.NoSuchProcess(id),
        DeploymentOutcome.NotReady => Problems.NoQgis(),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is an outcome that nobody answers"),
    };
}
