namespace GeoWps.Application.Records.Harvesting;

/// <summary>Addresses of a collection of OGC API - Features, of which that of the collection or of its items is known.</summary>
internal static class OgcAddress
{
    private const string Collections = "/collections/";

    /// <param name="filter">CQL2 text.</param>
    /// <returns>The first page.</returns>
    public static string Items(string url, int limit, string? filter)
    {
        var address = new UriBuilder(url);
        if (!IsItems(address.Path))
        {
            address.Path = address.Path.TrimEnd('/') + "/items";
        }

        var query = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (limit == 1)
        {
            query.RemoveAll(IsLimit);
        }

        if (!query.Any(IsLimit))
        {
            query.Add($"limit={limit}");
        }

        if (filter is not null)
        {
            query.Add($"filter={Uri.EscapeDataString(filter)}&filter-lang=cql2-text");
        }

        address.Query = string.Join('&', query);
        return address.Uri.AbsoluteUri;
    }

    /// <returns><see langword="null"/>: it is no usual address of a collection, or is asked with a filter of its own.</returns>
    public static (string Queryables, string Conformance)? Beside(string url)
    {
        var address = new UriBuilder(url);
        var path = address.Path.TrimEnd('/');
        var root = path.LastIndexOf(Collections, StringComparison.Ordinal);
        if (root < 0 || address.Query.Contains("filter", StringComparison.Ordinal))
        {
            return null;
        }

        var collection = IsItems(path) ? path[..path.LastIndexOf('/')] : path;
        address.Query = "";
        address.Path = collection + "/queryables";
        var queryables = address.Uri.AbsoluteUri;
        address.Path = path[..root] + "/conformance";
        return (queryables, address.Uri.AbsoluteUri);
    }

    /// <returns>The collection itself; <see langword="null"/>: it is no usual address of one, or a part of one is asked for.</returns>
    public static string? Collection(string url)
    {
        var address = new UriBuilder(url);
        var path = address.Path.TrimEnd('/');
        if (!path.Contains(Collections, StringComparison.Ordinal) || address.Query.Length > 0)
        {
            return null;
        }

        address.Path = IsItems(path) ? path[..path.LastIndexOf('/')] : path;
        return address.Uri.AbsoluteUri;
    }

    private static bool IsItems(string path) => path.TrimEnd('/').EndsWith("/items", StringComparison.Ordinal) || path.TrimEnd('/').EndsWith("/search", StringComparison.Ordinal);

    private static bool IsLimit(string part) => part.StartsWith("limit=", StringComparison.Ordinal);
}
