using System.Text.Json;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;

namespace GeoWps.Application.Ports;

/// <summary>Reads sources of one kind.</summary>
public interface IHarvestReader
{
    /// <summary>As sources name it: <c>ogc</c>, <c>list</c>, <c>folder</c>, <c>postgresql</c>, <c>database</c>, <c>sftp</c>, <c>ftp</c>.</summary>
    string Kind { get; }

    /// <summary>Names of its settings; others are mistakes.</summary>
    IReadOnlyList<string> Settings { get; }

    /// <summary>Judges settings by themselves, without asking the source.</summary>
    /// <param name="mistakes">Each at the setting's name.</param>
    void Check(JsonElement settings, List<Mistake> mistakes);

    /// <exception cref="HarvestException">It can't be read, now or while what is returned is gone through.</exception>
    Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken);
}

/// <param name="Mark">Of the last run that went well with the same settings.</param>
/// <param name="Progress">0 to 100.</param>
public sealed record HarvestWish(HarvestSource Source, JsonElement Settings, string? Mark, Action<double> Progress);

public abstract record HarvestReading
{
    private HarvestReading()
    {
    }

    /// <summary>The source says that it is as the mark says.</summary>
    public sealed record Unchanged : HarvestReading;

    /// <summary>All that the source has, in any order, each with its version.</summary>
    /// <param name="Mark">What to ask with next time; asked for after the records.</param>
    public sealed record Whole(IAsyncEnumerable<CatalogueRecord> Records, Func<string?> Mark) : HarvestReading;

    /// <summary>What is new or changed since the mark, and how many there are in all: where these are not as many as are known then, something is gone, and all of it is read.</summary>
    public sealed record Changes(IAsyncEnumerable<CatalogueRecord> Records, long Total, Func<string?> Mark, Whole All) : HarvestReading
    {
        /// <summary>Ids of what is gone, where the source tells; some may never have been known.</summary>
        public IReadOnlyList<string> Removed { get; init; } = [];
    }

    /// <summary>A source that gives keys and versions alone, for far less than the records.</summary>
    /// <param name="Versions">All, by key in the order of UTF-8, no key twice.</param>
    /// <param name="Fetch">Reads some by their keys; those that are gone by now are left out.</param>
    public sealed record Sorted(IAsyncEnumerable<(string Key, string Version)> Versions, Func<IReadOnlyList<string>, CancellationToken, IAsyncEnumerable<CatalogueRecord>> Fetch) : HarvestReading;
}

/// <summary>The source can't be read, or is not what its settings say.</summary>
/// <param name="message">Safe to show.</param>
public sealed class HarvestException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>It took longer than it may.</summary>
    public bool IsLate { get; init; }
}
