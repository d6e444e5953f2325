namespace GeoWps.Adapters.Execution.Workers;

/// <summary>QGIS for maps: what is drawn does not wait behind jobs, where QGIS has processes of its own.</summary>
internal interface IDrawers
{
    /// <summary>Below it the tiles are handed over.</summary>
    string WorkFolder { get; }

    /// <summary>Asks one that draws: <c>render</c>, <c>compose</c> or <c>describe</c>.</summary>
    /// <param name="of">What is drawn: who drew it last has it open.</param>
    /// <param name="patience">For waiting and drawing together.</param>
    /// <returns>The answer; <see langword="null"/> when its process ended.</returns>
    /// <exception cref="TimeoutException">Patience is over; a process that still draws is ended where that is possible.</exception>
    Task<ReceivedFrame?> DrawAsync(string of, Func<FrameConnection, long, ValueTask> send, TimeSpan patience, CancellationToken cancellationToken);
}
