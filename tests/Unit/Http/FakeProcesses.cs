using System.Collections.Frozen;
using System.Text.Json.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Three processes; <c>say</c> gives its text back, the rest do nothing.</summary>
internal sealed class FakeProcesses : IProcessProvider
{
    public string Lane => "builtin";

    public int Concurrency => 4;

    public ProcessCatalogue Catalogue { get; private set; } = Make("1", "native:buffer", "native:centroids", "say");

    public void Replace(string version, params string[] ids) => Catalogue = Make(version, ids);

    public ValueTask<IReadOnlyList<Mistake>> CheckAsync(ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken) => new([]);

    public async Task<RunOutcome> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var text = ((InputValue.Inline)run.Request.Inputs["text"][0]).Json;
        if (text.GetString() == "wait")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return new RunOutcome.Succeeded([new OutputValue.Literal("text", text)]);
    }

    private static ProcessCatalogue Make(string version, params string[] ids) => new(
        version,
        ids.ToFrozenDictionary(id => id, id => new ProcessDescription
        {
            Id = id,
            Title = $"Process {id}",
            Version = "1.0.0",
            Keywords = ["vector", "geometry"],
            Facts = new Dictionary<string, string> { ["group"] = "Tests" },
            Inputs = [new InputDescription("text", "Text", new JsonObject { ["type"] = "string" }) { Description = "What to say" }],
            Outputs = [new OutputDescription("text", "Text", new JsonObject { ["type"] = "string" })],
        }),
        new Dictionary<string, string> { ["alias"] = "say" }.ToFrozenDictionary());
}
