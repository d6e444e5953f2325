using System.Runtime.InteropServices;

namespace GeoWps.Adapters.TileSources.Vector;

/// <summary>Finds the places at which lines and rings can't be simplified as one: where not all who come by go to the same two neighbours, or one ends.</summary>
internal sealed class LineNodes
{
    private const ulong Node = 1;

    private ulong[] _hashes = [];
    private ulong[] _places = [];
    private ulong[] _neighbours = [];

    /// <summary>Finds out where more than two ways meet.</summary>
    /// <param name="nodes">For each place, whether it is one.</param>
    public void Find(Shapes shapes, bool[] nodes)
    {
        var places = shapes.Places;
        var count = shapes.PlaceCount;
        if (_hashes.Length < count)
        {
            _hashes = new ulong[2 * count];
        }

        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * count));
        if (_places.Length < size)
        {
            (_places, _neighbours) = (new ulong[size], new ulong[size]);
        }

        Array.Clear(_places, 0, size);
        var mask = (ulong)size - 1;
        for (var i = 0; i < count; i++)
        {
            _hashes[i] = Hash(places[2 * i], places[(2 * i) + 1]);
        }

        foreach (ref readonly var part in CollectionsMarshal.AsSpan(shapes.Parts))
        {
            if (part.Role == PartRole.Point)
            {
                continue;
            }

            var hashes = _hashes.AsSpan(part.Start, part.Count);
            for (var i = 0; i < hashes.Length; i++)
            {
                var (before, after) = (i > 0 ? hashes[i - 1] : hashes[^1], i + 1 < hashes.Length ? hashes[i + 1] : hashes[0]);
                var both = !part.IsRing && (i == 0 || i == hashes.Length - 1) ? Node : before + after;
                var slot = hashes[i] & mask;
                while (_places[slot] != 0 && _places[slot] != hashes[i])
                {
                    slot = (slot + 1) & mask;
                }

                _neighbours[slot] = _places[slot] == 0 || _neighbours[slot] == both ? both : Node;
                _places[slot] = hashes[i];
            }
        }

        for (var i = 0; i < count; i++)
        {
            var slot = _hashes[i] & mask;
            while (_places[slot] != _hashes[i] && _places[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            nodes[i] = _places[slot] == 0 || _neighbours[slot] == Node;
        }
    }

    private static ulong Hash(double x, double y)
    {
        var hash = ((ulong)(long)x * 0x9E3779B97F4A7C15) ^ ulong.RotateLeft((ulong)(long)y * 0xC2B2AE3D27D4EB4F, 32);
        hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
        return (hash ^ (hash >> 32)) | 2;
    }
}
