using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Cluster;

/// <summary>The events of a job, as they come.</summary>
internal sealed class JobStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StreamReader _reader;

    private JobStream(Stream stream) => _reader = new StreamReader(stream);

    public static async Task<JobStream> OpenAsync(RunningServer server, string job) => new(await server.Client.GetStreamAsync(new Uri($"jobs/{job}/events", UriKind.Relative)));

    /// <summary>Reads on until a line holds a text.</summary>
    /// <exception cref="EndOfStreamException">The stream ended without.</exception>
    public async Task UntilAsync(string text)
    {
        while (!(await _reader.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException($"the events ended without {text}")).Contains(text, StringComparison.Ordinal))
        {
        }
    }

    /// <summary>What comes until the end.</summary>
    public Task<string> RestAsync() => _reader.ReadToEndAsync().WaitAsync(Patience);

    public void Dispose() => _reader.Dispose();
}
