namespace GeoWps.Domain.Records;

/// <summary>What records can be asked for by, and sorted by. OGC API - Records Part 1, clause 8.3, and what every record of ours has beside. Any other name is one of <see cref="CatalogueRecord.Properties"/>.</summary>
public static class RecordProperties
{
    public const string Id = "id";
    public const string Type = "type";
    public const string Title = "title";
    public const string Description = "description";
    public const string Keywords = "keywords";
    public const string Language = "language";
    public const string Created = "created";
    public const string Updated = "updated";
    public const string Time = "time";
    public const string Formats = "formats";
    public const string License = "license";
    public const string Source = "source";
    public const string ExternalIds = "externalIds";
    public const string Classification = "classification";
    public const string Geometry = "geometry";

    /// <summary>Before the id of a classification scheme, where it stands beside names of properties.</summary>
    public const string SchemePrefix = "scheme:";

    /// <summary>Each with what it holds; of what is a list one entry has to fit.</summary>
    public static IReadOnlyList<(string Name, RecordPropertyKind Kind, string Title)> All { get; } =
    [
        (Id, RecordPropertyKind.Text, "Id of the record"),
        (Type, RecordPropertyKind.Text, "What it is: dataset, file, process, service, document, or another"),
        (Title, RecordPropertyKind.Text, "Title"),
        (Description, RecordPropertyKind.Text, "Description"),
        (Keywords, RecordPropertyKind.TextList, "Keywords"),
        (Language, RecordPropertyKind.Text, "Language (BCP 47)"),
        (Created, RecordPropertyKind.Instant, "When the record was made"),
        (Updated, RecordPropertyKind.Instant, "When the record was changed"),
        (Time, RecordPropertyKind.Interval, "What it is about in time"),
        (Formats, RecordPropertyKind.TextList, "Media types or names of formats"),
        (License, RecordPropertyKind.Text, "License"),
        (Source, RecordPropertyKind.Text, "Who keeps the record up to date"),
        (ExternalIds, RecordPropertyKind.TextList, "Ids that others know it by"),
        (Classification, RecordPropertyKind.TextList, "Codes of classification schemes"),
        (Geometry, RecordPropertyKind.Geometry, "Where it is"),
    ];

    /// <summary>Those that a list can be sorted by.</summary>
    public static IReadOnlyList<string> Sortable { get; } = [Id, Type, Title, Created, Updated, Time, Source];

    /// <summary>Those that what is found can be counted by, beside classification schemes.</summary>
    public static IReadOnlyList<string> Facets { get; } = [Type, Keywords, Formats, Source, Language, Classification];

    public static RecordPropertyKind KindOf(string name)
    {
        foreach (var property in All)
        {
            if (property.Name == name)
            {
                return property.Kind;
            }
        }

        return RecordPropertyKind.Any;
    }
}

public enum RecordPropertyKind
{
    Text,
    TextList,
    Instant,
    Interval,
    Geometry,

    /// <summary>What a source says: a text, a number, true or false.</summary>
    Any,
}
