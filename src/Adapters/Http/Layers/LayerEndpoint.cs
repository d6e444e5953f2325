using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Processes;
using GeoWps.Application.Layers;
using GeoWps.Application.Security;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Layers;

/// <summary>What the endpoints share that take a layer's form or data.</summary>
internal abstract class LayerEndpoint(LayerBody bodies, PublishLayer publish) : AdminEndpoint
{
    /// <summary>Most publications end within this time.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    protected sealed override Rights Needed => Rights.Publish;

    protected async Task<IResult> WithBodyAsync(Func<SentLayer, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        var (sent, problem) = await bodies.ReadAsync(HttpContext, cancellationToken);
        if (sent is null)
        {
            return problem!;
        }

        try
        {
            return await answer(sent);
        }
        catch (BodyTooLargeException tooLarge)
        {
            return Problems.TooLarge(tooLarge.Most);
        }
    }

    protected async Task<IResult> PublishAsync(PublishCall call, CancellationToken cancellationToken) =>
        LayerAnswers.Of(await publish.ExecuteAsync(call, cancellationToken), HttpContext, BaseAddress);

    /// <summary>How long the answer is held back for the publication to end.</summary>
    protected TimeSpan? Wait
    {
        get
        {
            var prefer = Prefer.Read(Request.Headers["Prefer"]);
            return prefer.Wait ?? (prefer.RespondAsync ? null : _patience);
        }
    }

    protected static IResult? Refuse(List<Mistake> mistakes) => mistakes.Count > 0 ? Problems.InvalidLayer(mistakes) : null;
}
