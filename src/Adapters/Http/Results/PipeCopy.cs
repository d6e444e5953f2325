using System.IO.Pipelines;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Moves a stream into a pipe without a buffer of its own.</summary>
internal static class PipeCopy
{
    private const int Piece = 64 * 1024;

    /// <param name="mostBytes">That are copied.</param>
    public static async Task CopyAsync(Stream from, PipeWriter to, CancellationToken cancellationToken, long mostBytes = long.MaxValue)
    {
        for (long left = mostBytes; left > 0;)
        {
            // What is small goes out with the head of the answer.
            var memory = to.GetMemory((int)Math.Min(Piece, left));
            var read = await from.ReadAsync(memory.Length > left ? memory[..(int)left] : memory, cancellationToken);
            left -= read;
            if (read == 0)
            {
                return;
            }

            to.Advance(read);
            await to.FlushAsync(cancellationToken);
        }
    }
}
