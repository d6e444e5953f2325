using System.Text.Json;
using GeoWps.Application.Processes.Binding;
using GeoWps.Application.Processes.Inputs;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes;

/// <summary>The JSON of a value that stands for itself, also where it lies behind a reference: that is judged like one inline.</summary>
public sealed class LiteralReader(InputReader reader)
{
    /// <summary>Bytes; a literal that is larger is none.</summary>
    private const int Most = 4 * 1024 * 1024;

    /// <param name="place">How the value is called in a mistake.</param>
    /// <returns><see langword="null"/> when it is refused; the mistakes say why.</returns>
    public async Task<JsonElement?> ReadAsync(
        Job job, InputDescription input, string place, InputValue value, List<Mistake> mistakes, CancellationToken cancellationToken)
    {
        if (value is InputValue.Inline inline && (job.Request.Attachments.Count == 0 || !Attachment.IsIn(inline.Json)))
        {
            return inline.Json;
        }

        using var memory = new MemoryStream();
        if (await reader.CopyAsync(job, value, memory, Most, cancellationToken) is InputContent.Refused refused)
        {
            mistakes.Add(new Mistake(place, refused.Message));
            return null;
        }

        return ContentReading.Read(CompiledInput.Of(input), memory.GetBuffer().AsSpan(0, (int)memory.Length), value.MediaType, place, mistakes)?.Json;
    }
}
