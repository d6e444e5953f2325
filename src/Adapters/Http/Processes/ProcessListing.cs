using System.Buffers;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>The summaries of one catalogue, in the order of their ids: <c>processList.yaml</c>.</summary>
internal sealed class ProcessListing
{
    private readonly Entry[] _entries;
    private StoredAnswer? _whole;
    private StoredPage? _wholePage;

    public ProcessListing(ProcessCatalogue catalogue, string baseAddress) =>
        _entries = [.. catalogue.Processes.Values.OrderBy(process => process.Id, StringComparer.Ordinal).Select(process => new Entry(process, baseAddress))];

    /// <summary>The processes after the one named, at most <paramref name="limit"/>.</summary>
    /// <param name="words">Each must occur in the id, title, description or a keyword; no difference of case.</param>
    public ProcessListPage Page(IReadOnlyList<string> words, string? after, int limit)
    {
        var found = _entries.Where(entry => (after is null || string.CompareOrdinal(entry.Id, after) > 0) && entry.Holds(words)).Take(limit + 1).ToArray();
        var last = found.Length > limit ? found[limit - 1].Id : null;
        Entry[] shown = [.. found.Take(limit)];
        return new ProcessListPage([.. shown.Select(entry => entry.Summary)], [.. shown.Select(entry => entry.Process)], last);
    }

    /// <summary>The page that holds everything and that nearly everybody asks for: kept.</summary>
    public StoredAnswer Whole(Func<StoredAnswer> make) => _whole ??= make();

    public StoredPage WholePage(Func<StoredPage> make) => _wholePage ??= make();

    private sealed class Entry(ProcessDescription process, string baseAddress)
    {
        private readonly string _text = string.Join('\n', [process.Id, process.Title, process.Description ?? "", .. process.Keywords]);

        public string Id => process.Id;

        public ProcessDescription Process => process;

        public byte[] Summary { get; } = JsonAnswer.Bytes(json => ProcessWriter.WriteSummary(json, process, baseAddress));

        public bool Holds(IReadOnlyList<string> words) => words.All(word => _text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}

/// <param name="Next">The id after which the next page begins; <see langword="null"/>: this is the last.</param>
internal sealed record ProcessListPage(IReadOnlyList<byte[]> Summaries, IReadOnlyList<ProcessDescription> Processes, string? Next)
{
    public StoredAnswer Answer(params ReadOnlySpan<Link> links)
    {
        var buffer = new ArrayBufferWriter<byte>(Summaries.Sum(summary => summary.Length + 1) + 1024);
        using (var json = new Utf8JsonWriter(buffer, JsonAnswer.Form))
        {
            json.WriteStartObject();
            json.WriteStartArray("processes");
            foreach (var summary in Summaries)
            {
                json.WriteRawValue(summary, skipInputValidation: true);
            }

            json.WriteEndArray();
            json.WriteLinks(links);
            json.WriteEndObject();
        }

        return new StoredAnswer(buffer.WrittenSpan.ToArray(), Media.Json);
    }
}
