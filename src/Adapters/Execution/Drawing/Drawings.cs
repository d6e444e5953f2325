using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Jobs;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Execution.Drawing;

/// <summary>Asks QGIS for pictures, and says what went wrong in words that may be shown.</summary>
internal sealed class Drawings(IDrawers drawers, PythonOptions options, JobLimits limits)
{
    /// <summary>When a process that was lost has long been replaced.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    public string WorkFolder => drawers.WorkFolder;

    /// <param name="of">What is drawn.</param>
    /// <exception cref="TileSourceException">It gave no answer, or a bad one.</exception>
    public Task<ReceivedFrame> RenderAsync(string of, RenderFrame frame, CancellationToken cancellationToken) => AskAsync(
        of, (to, id) => to.SendAsync(frame with { Id = id, MemoryMb = limits.MaxMemoryMb }, FrameJson.Default.RenderFrame, CancellationToken.None), cancellationToken);

    /// <exception cref="TileSourceException">It gave no answer, or a bad one.</exception>
    public Task<ReceivedFrame> ComposeAsync(ComposeFrame frame, CancellationToken cancellationToken) => AskAsync(
        "", (to, id) => to.SendAsync(frame with { Id = id, MemoryMb = limits.MaxMemoryMb }, FrameJson.Default.ComposeFrame, CancellationToken.None), cancellationToken);

    /// <exception cref="TileSourceException">It gave no answer, or a bad one.</exception>
    public Task<ReceivedFrame> DescribeAsync(DrawnSource source, CancellationToken cancellationToken) => AskAsync(
        source.Path, (to, id) => to.SendAsync(new DescribeFrame(id, source, limits.MaxMemoryMb), FrameJson.Default.DescribeFrame, CancellationToken.None), cancellationToken);

    private async Task<ReceivedFrame> AskAsync(string of, Func<FrameConnection, long, ValueTask> send, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(options.DrawSeconds);
        try
        {
            return await drawers.DrawAsync(of, send, patience, cancellationToken) switch
            {
                { Op: "rendered" or "described" } answer => answer,
                { Op: "refused" } refused => throw new TileSourceException(refused.Mistakes is [var first, ..] ? first.Message ?? "can't be drawn" : "can't be drawn"),
                { Op: "failed", Kind: "memory" } => throw new TileSourceException($"Drawing it needs more than {limits.MaxMemoryMb} MiB of memory."),
                { } failed => throw new TileSourceException(failed.Message is { } message ? $"It could not be drawn: {message}" : "It could not be drawn."),
                null => throw new TileSourceException("The process that drew it ended unexpectedly.", retryAfter: Soon),
            };
        }
        catch (TimeoutException error)
        {
            throw new TileSourceException($"It was not drawn within {options.DrawSeconds} seconds.", error, patience);
        }
        catch (InvalidOperationException error)
        {
            throw new TileSourceException("QGIS is not available at present.", error, patience);
        }
    }
}
