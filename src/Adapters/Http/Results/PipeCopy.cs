using System.IO.Pipelines;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Moves a stream into a pipe without a buffer of its own.</summary>
internal static class PipeCopy
{
    private const int Piece = 64 * 1024;

    public static async Task CopyAsync(Stream from, PipeWriter to, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await from.ReadAsync(to.GetMemory(Piece), cancellationToken);
            if (read == 0)
            {
                return;
            }

            to.Advance(read);
            await to.FlushAsync(cancellationToken);
        }
    }
}
