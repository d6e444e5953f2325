using System.Text;
using GeoWps.Application.Processes;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>A text that is here already.</summary>
internal sealed class TextSource(string text) : IContentSource
{
    private bool _given;

    /// <summary>The first letter that is no white space; NUL when there is none.</summary>
    public char First => text.AsSpan().TrimStart() is [var first, ..] ? first : '\0';

    public ValueTask<bool> StepAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (_given)
        {
            return ValueTask.FromResult(false);
        }

        _given = true;
        destination.Write(Encoding.UTF8.GetBytes(text));
        return ValueTask.FromResult(true);
    }
}
