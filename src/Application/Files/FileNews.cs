using GeoWps.Domain.Files;

namespace GeoWps.Application.Files;

/// <summary>What has changed of this node's files since somebody last asked, for who keeps something in step with them.</summary>
public sealed class FileNews
{
    /// <summary>More than these are as good as everything.</summary>
    private const int Most = 1_000;

    private readonly Lock _gate = new();
    private HashSet<FilePath> _files = [];
    private bool _everything;
    private TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A file has come, changed or gone.</summary>
    public void Changed(FilePath file) => Tell(file);

    /// <summary>A folder has, with all that is in it.</summary>
    public void ChangedBelow() => Tell(null);

    /// <summary>Ends when there is something; what is told afterwards is for the next time.</summary>
    /// <returns>Files; <see langword="null"/>: whatever there is may have changed.</returns>
    public async Task<IReadOnlyCollection<FilePath>?> NextAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await Volatile.Read(ref _told).Task.WaitAsync(patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }

        lock (_gate)
        {
            var (files, everything) = (_files, _everything);
            (_files, _everything, _told) = ([], false, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return everything ? null : files;
        }
    }

    private void Tell(FilePath? file)
    {
        lock (_gate)
        {
            _everything |= file is null || _files.Count >= Most;
            if (!_everything)
            {
                _files.Add(file!);
            }

            _told.TrySetResult();
        }
    }
}
