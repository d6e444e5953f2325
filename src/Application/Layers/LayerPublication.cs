using System.Globalization;
using System.Text;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Binding;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Layers;

/// <summary>Stores a layer of data that are known: the data first, then the row that names them, so that a crash leaves one or the other whole.</summary>
/// <param name="self">For other nodes, where there may be any.</param>
public sealed class LayerPublication(LayerCatalogue layers, ILayerFiles files, TileMatrixSets sets, TimeProvider clock, ThisNode? self = null)
{
    private const int MostTries = 1000;
    private const int LongestName = 60;

    /// <param name="draft">Holds the file that <see cref="DataFacts.FileName"/> names; <see langword="null"/> where the server keeps nothing.</param>
    public async Task<StoreOutcome> StoreAsync(LayerDraft? draft, DataFacts facts, Publication publication, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        Check(publication.Settings, facts, mistakes);
        CheckSets(publication.Settings.Tiles.TileMatrixSets, sets, mistakes);
        if (mistakes.Count > 0)
        {
            return new StoreOutcome.Refused(mistakes);
        }

        return publication.Replaces is { } id
            ? await ReplaceAsync(draft, facts, publication, id, cancellationToken)
            : await AddAsync(draft, facts, publication, cancellationToken);
    }

    /// <summary>What of the settings does not go with the data.</summary>
    public static void Check(LayerSettings settings, DataFacts facts, List<Mistake> mistakes) =>
        Check(settings, facts.Contents, facts.Format, mistakes);

    /// <summary>Ids of sets that this server has.</summary>
    internal static void CheckSets(IEnumerable<string> ids, TileMatrixSets sets, List<Mistake> mistakes) =>
        mistakes.AddRange(ids.Where(id => !sets.Has(id)).Select(id => new Mistake("/tiles/tileMatrixSets", NoSuchSet(id, sets))));

    internal static string NoSuchSet(string id, TileMatrixSets sets) =>
        $"there is no tile matrix set {id}{Suggestion.For(id, sets.Ids)}; there are: {string.Join(", ", sets.Ids)}";

    internal static void Check(LayerSettings settings, LayerContents contents, Domain.Tiles.TileFormat? only, List<Mistake> mistakes)
    {
        var names = contents.Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        if (contents.Kind == LayerKind.Vector && settings.Tiles.Attributes is { } attributes)
        {
            mistakes.AddRange(attributes.Where(name => !names.Contains(name)).Select(name => new Mistake("/tiles/attributes", $"there is no field {name}; there are: {Some(names)}")));
        }

        mistakes.AddRange(settings.SearchFields.Where(name => !names.Contains(name)).Select(name => new Mistake("/searchFields", $"there is no field {name}; there are: {Some(names)}")));

        if (settings.TimeField is { } time && !contents.Fields.Any(field => field.Name == time && field.Format is not null))
        {
            mistakes.Add(new Mistake("/timeField", $"there is no field {time} of dates; there are: {Some(contents.Fields.Where(field => field.Format is not null).Select(field => field.Name))}"));
        }

        foreach (var format in settings.Tiles.Formats)
        {
            if (only is not null && format != only)
            {
                mistakes.Add(new Mistake("/tiles/formats", $"there is only {only} (got {format})"));
            }
            else if (contents.Kind == LayerKind.Map && only is null && format.IsVector)
            {
                mistakes.Add(new Mistake("/tiles/formats", $"pictures can't be had as {format}"));
            }
        }
    }

    private async Task<StoreOutcome> AddAsync(LayerDraft? draft, DataFacts facts, Publication publication, CancellationToken cancellationToken)
    {
        var stem = publication.Settings.Id ?? Slug(publication.Settings.Title ?? facts.Title ?? publication.Name ?? "layer");
        for (var number = 1; number <= MostTries; number++)
        {
            var id = number == 1 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
            if (await layers.FindStoredAsync(id, cancellationToken) is { } taken)
            {
                if (publication.Job is not null && taken.Job == publication.Job)
                {
                    // An earlier attempt of the same job got that far.
                    return await ReplaceAsync(draft, facts, publication, id, cancellationToken);
                }

                if (publication.Settings.Id is not null)
                {
                    return new StoreOutcome.Exists(id);
                }

                continue;
            }

            var now = Now;
            var layer = Assemble(draft, facts, publication.Settings, new Layer
            {
                Id = id,
                Title = facts.Title ?? publication.Name ?? id,
                Description = facts.Description,
                Attribution = facts.Attribution,
                Source = facts.Source(facts.FileName),
                Contents = facts.Contents,
                Job = publication.Job,
                Created = now,
                Updated = now,
            });
            await (draft?.ShareAsync(cancellationToken) ?? Task.CompletedTask);
            if (await layers.TryAddAsync(layer, cancellationToken))
            {
                draft?.Keep();
                return new StoreOutcome.Stored(layer, IsNew: true);
            }

            if (publication.Settings.Id is not null)
            {
                return new StoreOutcome.Exists(id);
            }
        }

        return new StoreOutcome.Exists(stem);
    }

    private async Task<StoreOutcome> ReplaceAsync(LayerDraft? draft, DataFacts facts, Publication publication, string id, CancellationToken cancellationToken)
    {
        while (await layers.FindStoredAsync(id, cancellationToken) is { } before)
        {
            var settings = publication.KeepSettings ? LayerSettings.Of(before) with { TimeField = null } : publication.Settings;
            var mistakes = new List<Mistake>();
            Check(settings, facts, mistakes);
            if (mistakes.Count > 0)
            {
                return new StoreOutcome.Refused(mistakes);
            }

            var next = Assemble(draft, facts, settings, before with
            {
                Contents = facts.Contents,
                Job = publication.Job ?? before.Job,
                Updated = Now,
                Revision = before.Revision + 1,
            });
            await (draft?.ShareAsync(cancellationToken) ?? Task.CompletedTask);
            if (before.Source.Folder is { } old)
            {
                files.Doubt(id, old);
            }

            if (await layers.TryReplaceAsync(next, tilesStay: false, cancellationToken))
            {
                draft?.Keep();
                return new StoreOutcome.Stored(next, IsNew: false);
            }
        }

        return new StoreOutcome.Unknown(id);
    }

    /// <summary>The layer with its data in place.</summary>
    private Layer Assemble(LayerDraft? draft, DataFacts facts, LayerSettings settings, Layer layer)
    {
        var bytes = draft?.Length ?? 0;
        var path = draft is null ? facts.FileName : $"{draft.Place(layer.Id, layer.Revision)}/{facts.FileName}";
        var set = settings.ApplyTo(layer);
        var source = facts.Source(path);
        return set with
        {
            Source = source,
            Home = source.FileInPlace is null ? null : self?.Name,
            Bytes = bytes,
            Description = set.Description ?? facts.Description,
            Attribution = set.Attribution ?? facts.Attribution,
            Tiles = set.Tiles with
            {
                TileMatrixSets = facts.TileMatrixSets ?? set.Tiles.TileMatrixSets,
                Name = facts.TileName ?? set.Tiles.Name,
                Formats = facts.Format is { } only ? [only] : set.Tiles.Formats,
                MinLevel = Math.Max(set.Tiles.MinLevel, facts.Levels?.First ?? 0),
                MaxLevel = Math.Min(set.Tiles.MaxLevel, facts.Levels?.Last ?? int.MaxValue),
            },
        };
    }

    /// <summary>To the millisecond, as it is told.</summary>
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>An id out of a name: <c>Rivers and lakes</c> is <c>rivers-and-lakes</c>.</summary>
    internal static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var letter in name.Take(LongestName))
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter == '_')
            {
                slug.Append(char.ToLowerInvariant(letter));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().Trim('-', '_');
        return text.Length == 0 ? "layer" : text;
    }

    private static string Some(IEnumerable<string> names) => string.Join(", ", names.Take(30)) is { Length: > 0 } some ? some : "none";
}

/// <param name="Name">What the data are called outside: a file's name without its extension, an output.</param>
/// <param name="Job">The job that publishes, or whose result it is.</param>
/// <param name="Replaces">The layer that gets these data.</param>
public sealed record Publication(LayerSettings Settings, string? Name, string? Job, string? Replaces)
{
    /// <summary>The layer that is replaced keeps its settings.</summary>
    public bool KeepSettings { get; init; }
}

public abstract record StoreOutcome
{
    private StoreOutcome()
    {
    }

    public sealed record Stored(Layer Layer, bool IsNew) : StoreOutcome;

    public sealed record Exists(string Id) : StoreOutcome;

    public sealed record Unknown(string Id) : StoreOutcome;

    public sealed record Refused(IReadOnlyList<Mistake> Mistakes) : StoreOutcome;
}
