using GeoWps.Application.Ports;
using GeoWps.Domain.Uploads;

namespace GeoWps.Application.Uploads;

/// <summary>How far an upload may grow: to its length; and while nobody has said that, for as long as there is room, which others use, too.</summary>
internal sealed class UploadBound(Upload upload, IFinishedUploads files, UploadLimit limit)
{
    private UploadRoom _room;

    /// <param name="noted">Bytes of it that count already.</param>
    /// <returns>Bytes that it may have.</returns>
    public async ValueTask<long> MostAsync(long noted, CancellationToken cancellationToken)
    {
        if (upload.Length is { } length)
        {
            return length;
        }

        _room = await files.RoomAsync(upload.Owner, cancellationToken);
        return _room.Bytes < limit.MostBytes - noted ? noted + Math.Max(0, _room.Bytes) : limit.MostBytes;
    }

    /// <summary>What is said of more than it may have.</summary>
    public UploadOutcome Refusal(long most) => upload.Length is null && most < limit.MostBytes ? new UploadOutcome.NotFiled(FilingRefusal.NoRoom(_room)) : new UploadOutcome.TooLarge(most);
}
