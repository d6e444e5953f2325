using System.Text;

namespace GeoWps.Domain.Records.Words;

/// <summary>The words of a record as stores keep them: for each of its four parts a row of words with a space between, in their order.</summary>
public sealed class IndexedRecord
{
    /// <summary>Stands where words that follow each other belong to different things (two keywords), so that no phrase goes over it.</summary>
    public const string Gap = "\u00a7";

    /// <summary>UTF-8 bytes of different words of one record, at most: what PostgreSQL keeps of one text, less its own. What a text has beyond is not found.</summary>
    public const int MaxBytes = 700_000;

    private readonly HashSet<string> _different = new(StringComparer.Ordinal);
    private readonly int _maxText;
    private int _bytes;

    private IndexedRecord(CatalogueRecord record, int maxText)
    {
        _maxText = maxText;
        var weigher = new WordWeigher();
        TitleLength = Read(weigher, WordWeigher.Title, [record.Title], out var title);
        Title = title;
        Read(weigher, WordWeigher.Keywords, record.Keywords, out var keywords);
        Keywords = keywords;
        Read(weigher, WordWeigher.Description, [record.Description ?? ""], out var description);
        Description = description;
        Read(weigher, WordWeigher.Text, [.. record.ExternalIds.Select(id => id.Value), .. record.Formats, Cut(record.Text ?? "")], out var text);
        Text = text;
        Weights = weigher.Write();
    }

    public string Title { get; }

    /// <summary>Words in the title: short titles come first where so much fits that not all of it can be weighed.</summary>
    public int TitleLength { get; }

    public string Keywords { get; }

    public string Description { get; }

    public string Text { get; }

    /// <summary>For <see cref="WordWeights"/>.</summary>
    public byte[] Weights { get; }

    /// <summary>All words, each once.</summary>
    public IReadOnlyCollection<string> Different => _different;

    /// <param name="maxText">UTF-16 units of <see cref="CatalogueRecord.Text"/> that are read.</param>
    public static IndexedRecord Of(CatalogueRecord record, int maxText) => new(record, maxText);

    private string Cut(string text) => text.Length <= _maxText ? text : text[..(char.IsHighSurrogate(text[_maxText - 1]) ? _maxText - 1 : _maxText)];

    private int Read(WordWeigher weigher, int part, IReadOnlyList<string> texts, out string words)
    {
        var (row, count) = (new StringBuilder(), 0);
        foreach (var text in texts)
        {
            if (row.Length > 0)
            {
                row.Append(' ').Append(Gap);
            }

            foreach (var word in WordBreaker.Break(text))
            {
                if (!_different.Contains(word.Text))
                {
                    var bytes = Encoding.UTF8.GetByteCount(word.Text);
                    if (_bytes + bytes > MaxBytes)
                    {
                        words = row.ToString();
                        return count;
                    }

                    _bytes += bytes;
                    _different.Add(word.Text);
                }

                row.Append(row.Length > 0 ? " " : "").Append(word.Text);
                weigher.Add(part, word);
                count++;
            }
        }

        words = row.ToString();
        return count;
    }
}
