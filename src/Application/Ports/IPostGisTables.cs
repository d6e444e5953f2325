using GeoWps.Domain.Layers;

namespace GeoWps.Application.Ports;

/// <summary>Looks at what a layer of PostGIS would be made of, before it is published and whenever it is renewed.</summary>
public interface IPostGisTables
{
    /// <summary>Names of the connections that the settings have, by name. What they connect to is nobody's business.</summary>
    IReadOnlyList<string> Connections { get; }

    /// <summary>Reads the columns, the CRS, the extent and the number of features (both estimated where the database has an estimate).</summary>
    /// <param name="connection">Name of a connection.</param>
    /// <param name="from">A table or view (<c>name</c>, <c>schema.name</c>), or a query in brackets.</param>
    /// <param name="geometryColumn">When not given, the only one there is.</param>
    /// <param name="idColumn">When not given, a primary key of one whole number, else none.</param>
    Task<PostGisInspection> InspectAsync(string connection, string from, string? geometryColumn, string? idColumn, CancellationToken cancellationToken);
}

public abstract record PostGisInspection
{
    private PostGisInspection()
    {
    }

    /// <param name="Source">With the columns and the SRID that were found.</param>
    public sealed record Found(LayerSource.PostGis Source, LayerContents Contents) : PostGisInspection;

    /// <summary>It can't be a layer.</summary>
    /// <param name="Place">The parameter that is to blame: <c>connection</c>, <c>from</c>, <c>geometryColumn</c>, <c>idColumn</c>.</param>
    /// <param name="Message">Safe to show.</param>
    public sealed record Refused(string Place, string Message) : PostGisInspection;

    /// <summary>The database does not answer now; safe to show.</summary>
    public sealed record Unavailable(string Message) : PostGisInspection;
}
