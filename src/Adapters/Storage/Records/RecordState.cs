using System.Globalization;

namespace GeoWps.Adapters.Storage.Records;

/// <summary>A state of a store of records as others know it: which store, and the number from which on changes are not in it.</summary>
internal static class RecordState
{
    private const char Between = '-';

    public static string Write(string epoch, long number) => string.Create(CultureInfo.InvariantCulture, $"{epoch}{Between}{number}");

    /// <param name="now">The number of the store's state now.</param>
    /// <param name="forgotten">Of the newest removal that is not known any more.</param>
    /// <returns><see langword="null"/>: it is of another store, or of no state that this one can tell changes from.</returns>
    public static long? Read(string state, string epoch, long now, long forgotten) =>
        state.Split(Between) is [var store, var text] && store == epoch && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= now && number > forgotten ? number : null;
}
