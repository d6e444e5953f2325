using System.Globalization;
using System.Text.Json;
using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>Figures of calls in memory, and in one file each day: <c>calls/2026-11-28.json</c>. For one process, which reads the files at its start.</summary>
/// <param name="root">The data directory.</param>
internal sealed class CallStatisticsFile(Func<string> root) : ICallStatistics, IDisposable
{
    private const string Form = "yyyy-MM-dd";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private SortedDictionary<DateOnly, Dictionary<Key, CallHour>>? _days;

    private string Folder => Path.Combine(root(), "calls");

    public async Task AddAsync(IReadOnlyList<CallHour> figures, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var days = await DaysAsync(cancellationToken);

            // What is written is taken over only when it is: whoever hears of a failure adds all of it again.
            var changed = new Dictionary<DateOnly, Dictionary<Key, CallHour>>();
            foreach (var one in figures)
            {
                var date = DateOnly.FromDateTime(one.Hour.UtcDateTime);
                if (!changed.TryGetValue(date, out var day))
                {
                    changed.Add(date, day = days.TryGetValue(date, out var before) ? new(before) : []);
                }

                var key = Key.Of(one);
                day[key] = day.TryGetValue(key, out var there) ? CallSums.Of(there, one) : one;
            }

            foreach (var (date, day) in changed)
            {
                await WriteAsync(date, [.. day.Values], cancellationToken);
                days[date] = day;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<IReadOnlyList<CallHour>> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var days = await DaysAsync(cancellationToken);
            return CallSums.Of(days.Values.SelectMany(day => day.Values).Where(one => one.Hour >= from && one.Hour < to));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>By whole days, of which the one that <paramref name="before"/> is in stays.</summary>
    public async Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var days = await DaysAsync(cancellationToken);
            foreach (var date in days.Keys.TakeWhile(date => date < DateOnly.FromDateTime(before.UtcDateTime)).ToArray())
            {
                File.Delete(FileOf(date));
                days.Remove(date);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<SortedDictionary<DateOnly, Dictionary<Key, CallHour>>> DaysAsync(CancellationToken cancellationToken)
    {
        if (_days is not null)
        {
            return _days;
        }

        var days = new SortedDictionary<DateOnly, Dictionary<Key, CallHour>>();
        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.EnumerateFiles(Folder, "*.json"))
        {
            if (DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(file), Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                days[date] = (await ReadFileAsync(file, cancellationToken)).ToDictionary(Key.Of);
            }
        }

        return _days = days;
    }

    // Figures that can't be read are not worth a server that does not run.
    private static async Task<IReadOnlyList<CallHour>> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            return await JsonSerializer.DeserializeAsync<CallHour[]>(stream, JsonSerializerOptions.Web, cancellationToken) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>Whole or not at all.</summary>
    private async Task WriteAsync(DateOnly date, CallHour[] figures, CancellationToken cancellationToken)
    {
        var file = FileOf(date);
        await using (var stream = File.Create(file + ".new"))
        {
            await JsonSerializer.SerializeAsync(stream, figures, JsonSerializerOptions.Web, cancellationToken);
        }

        File.Move(file + ".new", file, overwrite: true);
    }

    private string FileOf(DateOnly date) => Path.Combine(Folder, date.ToString(Form, CultureInfo.InvariantCulture) + ".json");

    private readonly record struct Key(DateTimeOffset Hour, string Service, string Operation, string Node)
    {
        public static Key Of(CallHour one) => new(one.Hour, one.Service, one.Operation, one.Node);
    }
}
