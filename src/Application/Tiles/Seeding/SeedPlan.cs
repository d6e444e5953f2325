using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>All that a seeding visits, part by part. Nothing of it is a list of tiles.</summary>
public sealed class SeedPlan(IReadOnlyList<SeedPart> parts, long revision)
{
    public IReadOnlyList<SeedPart> Parts { get; } = parts;

    public long Tiles { get; } = parts.Sum(part => part.Walk.Tiles);

    public long MetaTiles { get; } = parts.Sum(part => part.Walk.MetaTiles);

    /// <summary>Whether <see cref="Tiles"/> is not merely the least that it can be.</summary>
    public bool IsExact { get; } = parts.All(part => part.Walk.IsExact);

    /// <summary>Of the layer, when it was planned.</summary>
    public long Revision { get; } = revision;

    /// <param name="done">Metatiles at the beginning that are left out.</param>
    public IEnumerable<(SeedPart Part, MetaTile Tiles)> From(long done)
    {
        foreach (var part in Parts)
        {
            if (done >= part.Walk.MetaTiles)
            {
                done -= part.Walk.MetaTiles;
                continue;
            }

            foreach (var tiles in part.Walk.From(done))
            {
                yield return (part, tiles);
            }

            done = 0;
        }
    }
}

/// <summary>One matrix of a tileset in a format.</summary>
/// <param name="Exactly">The same without what metatiles reach over the area.</param>
public sealed record SeedPart(LayerTileset Tileset, TileFormat Format, TileWalk Walk, TileWalk Exactly)
{
    /// <summary>The metatiles, each with those of its tiles that the area touches.</summary>
    public IEnumerable<(MetaTile Tiles, IReadOnlyList<TileRange> Wanted)> Divided()
    {
        // Both walks go down by rows: what a row of metatiles has to do with is known when it begins, and is little.
        using var ranges = Exactly.Ranges().GetEnumerator();
        var more = ranges.MoveNext();
        var near = new List<TileRange>();
        foreach (var tiles in Walk.From())
        {
            near.RemoveAll(range => range.MaxRow < tiles.Range.MinRow);
            for (; more && ranges.Current.MinRow <= tiles.Range.MaxRow; more = ranges.MoveNext())
            {
                near.Add(ranges.Current);
            }

            TileRange[] wanted = [.. near.Select(range => range.Meet(tiles.Range)).Where(range => !range.IsEmpty)];
            if (wanted.Length > 0)
            {
                yield return (tiles, wanted);
            }
        }
    }
}
