using GeoWps.Application.Ports;
using GeoWps.Application.Security;

namespace GeoWps.Application.Files;

/// <summary>Tells what a file holds: read once, when somebody asks first, and kept for as long as the file is the same.</summary>
public sealed class ReadContents(IFileIndex index, FileInputs inputs, IFileInspector? inspector = null, FileNews? news = null)
{
    /// <summary>Whether it can be told here what files hold.</summary>
    public bool IsPossible => inspector is not null;

    /// <summary>How often the parts of a shapefile may change while it is read.</summary>
    private const int Tries = 3;

    /// <param name="entry">A file that the caller may read.</param>
    public async Task<ContentsOutcome> ExecuteAsync(FileEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Contents is { } known)
        {
            return new ContentsOutcome.Found(known);
        }

        if (inspector is null)
        {
            return new ContentsOutcome.Unavailable("There is no QGIS here that could read the file.");
        }

        try
        {
            // Whoever may read the one part of a shapefile is shown nothing of the others but what they are about.
            var reader = new Caller(entry.Owner, Rights.Files);
            for (var tries = 1; ; tries++)
            {
                var parts = await PartsAsync(entry, reader, cancellationToken);
                var contents = await inspector.InspectAsync(entry.Path.Name, async (stream, token) => await inputs.CopyAsync(entry, reader, stream, token), cancellationToken);
                await index.NoteContentsAsync(entry.Path, entry.ETag, contents, cancellationToken);

                // Who changes a part forgets what is noted here, after that: looked at in this order, none of the two is missed.
                if (await PartsAsync(entry, reader, cancellationToken) is var now && now.SequenceEqual(parts))
                {
                    news?.Changed(entry.Path);
                    return new ContentsOutcome.Found(contents);
                }

                await index.NoteContentsAsync(entry.Path, entry.ETag, null, cancellationToken);
                if (tries == Tries)
                {
                    return new ContentsOutcome.Unavailable("The parts of the file are changing.");
                }
            }
        }
        catch (TileSourceException reason)
        {
            return new ContentsOutcome.Unavailable(reason.Message) { IsOfContent = reason.RetryAfter is null };
        }
    }

    private async Task<List<string>> PartsAsync(FileEntry entry, Caller reader, CancellationToken cancellationToken) =>
        [.. (await inputs.PartsAsync(entry, reader, cancellationToken)).Select(part => $"{part.Path} {part.ETag}")];
}

public abstract record ContentsOutcome
{
    private ContentsOutcome()
    {
    }

    /// <param name="Contents">JSON.</param>
    public sealed record Found(string Contents) : ContentsOutcome;

    /// <param name="Message">Why it can't be told now; safe to show.</param>
    public sealed record Unavailable(string Message) : ContentsOutcome
    {
        /// <summary>The same content will not be read another time either.</summary>
        public bool IsOfContent { get; init; }
    }
}
