using GeoWps.Application.Ports;
using GeoWps.Application.Security;

namespace GeoWps.Application.Files;

/// <summary>Tells what a file holds: read once, when somebody asks first, and kept for as long as the file is the same.</summary>
public sealed class ReadContents(IFileIndex index, FileInputs inputs, IFileInspector? inspector = null, FileNews? news = null)
{
    /// <summary>Whether it can be told here what files hold.</summary>
    public bool IsPossible => inspector is not null;

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
            var contents = await inspector.InspectAsync(
                entry.Path.Name, async (stream, token) => await inputs.CopyAsync(entry, new Caller(entry.Owner, Rights.Files), stream, token), cancellationToken);
            await index.NoteContentsAsync(entry.Path, entry.ETag, contents, cancellationToken);
            news?.Changed(entry.Path);
            return new ContentsOutcome.Found(contents);
        }
        catch (TileSourceException reason)
        {
            return new ContentsOutcome.Unavailable(reason.Message);
        }
    }
}

public abstract record ContentsOutcome
{
    private ContentsOutcome()
    {
    }

    /// <param name="Contents">JSON.</param>
    public sealed record Found(string Contents) : ContentsOutcome;

    /// <param name="Message">Why it can't be told now; safe to show.</param>
    public sealed record Unavailable(string Message) : ContentsOutcome;
}
