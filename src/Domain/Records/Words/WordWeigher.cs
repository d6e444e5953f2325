using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GeoWps.Domain.Records.Words;

/// <summary>
/// Works out how much a record is about each of its words: BM25 over four parts (BM25F), whose figures of the collection (usual lengths, how common a word is) are constants. So the
/// weight is the record's own and can be stored with it: records of two nodes, or of two databases, compare.
/// </summary>
internal sealed class WordWeigher
{
    public const int Title = 0;
    public const int Keywords = 1;
    public const int Description = 2;
    public const int Text = 3;

    /// <summary>Words of a record whose weights are kept: the heaviest. Others weigh <see cref="WordWeights.Least"/>.</summary>
    private const int MaxKept = 2_000;

    /// <summary>Where half of the weight that there can be is reached.</summary>
    private const double Half = 2;

    /// <summary>What the begin of a word weighs of what the word does.</summary>
    private const double Begin = 0.8;

    private const int LongestBegin = 12;

    private static readonly double[] _boosts = [12, 5, 2, 0.7];
    private static readonly double[] _usualLengths = [8, 8, 40, 400];
    private static readonly double[] _lengthMatters = [0.5, 0.3, 0.6, 0.6];

    private readonly Dictionary<string, Counts> _words = new(StringComparer.Ordinal);
    private readonly int[] _lengths = new int[4];

    public void Add(int part, in Word word)
    {
        _lengths[part]++;
        CollectionsMarshal.GetValueRefOrAddDefault(_words, word.Text, out _).Add(part);
        if (word.Part == WordPart.Pair)
        {
            // The single character is searched for as the begin of a pair.
            var first = word.Text[..(char.IsHighSurrogate(word.Text[0]) ? 2 : 1)];
            CollectionsMarshal.GetValueRefOrAddDefault(_words, first, out _).Add(part);
        }
    }

    /// <returns>Entries of five bytes, by hash: four of the word's hash, one of its weight.</returns>
    public byte[] Write()
    {
        var weights = new Dictionary<uint, byte>(_words.Count);
        foreach (var (word, counts) in _words)
        {
            var weight = Weight(counts);
            Keep(weights, WordWeights.Hash(word), weight);
            if (counts.Of(Title) + counts.Of(Keywords) > 0 && word[0] < 0x2E80)
            {
                for (var length = 2; length < Math.Min(word.Length, LongestBegin); length++)
                {
                    Keep(weights, WordWeights.Hash(word.AsSpan(0, length)), weight * Begin);
                }
            }
        }

        var kept = weights.OrderByDescending(one => one.Value).ThenBy(one => one.Key).Take(MaxKept).OrderBy(one => one.Key).ToArray();
        var bytes = new byte[kept.Length * WordWeights.EntryBytes];
        for (var i = 0; i < kept.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * WordWeights.EntryBytes), kept[i].Key);
            bytes[(i * WordWeights.EntryBytes) + 4] = kept[i].Value;
        }

        return bytes;
    }

    private static void Keep(Dictionary<uint, byte> weights, uint hash, double weight)
    {
        ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(weights, hash, out _);
        kept = Math.Max(kept, (byte)Math.Clamp(Math.Round(weight * byte.MaxValue), WordWeights.Least, byte.MaxValue));
    }

    private double Weight(in Counts counts)
    {
        var sum = 0.0;
        for (var part = 0; part < _boosts.Length; part++)
        {
            if (counts.Of(part) is > 0 and var count)
            {
                var often = count / (1 - _lengthMatters[part] + (_lengthMatters[part] * _lengths[part] / _usualLengths[part]));

                // No part can make up for a better one by repeating.
                sum += _boosts[part] * 2 * often / (often + 1);
            }
        }

        return sum / (sum + Half);
    }

    private struct Counts
    {
        private ushort _title;
        private ushort _keywords;
        private ushort _description;
        private ushort _text;

        public readonly int Of(int part) => part switch
        {
            Title => _title,
            Keywords => _keywords,
            Description => _description,
            _ => _text,
        };

        public void Add(int part)
        {
            switch (part)
            {
                case Title:
                    _title = One(_title);
                    break;
                case Keywords:
                    _keywords = One(_keywords);
                    break;
                case Description:
                    _description = One(_description);
                    break;
                default:
                    _text = One(_text);
                    break;
            }
        }

        private static ushort One(ushort count) => count < ushort.MaxValue ? (ushort)(count + 1) : count;
    }
}
