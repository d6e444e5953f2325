namespace GeoWps.Adapters.Execution.Policy;

/// <summary>Algorithms of QGIS that strangers do not get, by the reason. An operator allows one by its full id (<c>Processes:Allow</c>).</summary>
internal static class OffByDefault
{
    private const string Code = "it runs code, a formula that Python evaluates, or the caller's SQL";
    private const string Connection = "it opens a connection that the caller names, or sends data to a third party";
    private const string Paths = "it reads or writes beside its job's folder, or puts the server's paths into its result";
    private const string Styles = "it reads or writes style or project files, which name other files and addresses";
    public const string Desktop = "it only changes the desktop that runs it (project, profile, selection, layout)";

    private static readonly Dictionary<string, string> Reasons = new(
        Rows(Code, "qgis:advancedpythonfieldcalculator gdal:rastercalculator gdal:executesql qgis:executesql native:spatialiteexecutesql " +
            "native:spatialiteexecutesqlregistered native:postgisexecutesql qgis:postgisexecuteandloadsql")
        .Concat(Rows(Connection, "native:filedownloader native:batchnominatimgeocoder native:downloadgpsdata native:uploadgpsdata native:convertgpsdata " +
            "gdal:importvectorintopostgisdatabaseavailableconnections gdal:importvectorintopostgisdatabasenewconnection qgis:importintopostgis qgis:importintospatialite"))
        .Concat(Rows(Paths, "native:createdirectory native:savelog native:importphotos native:extractbinary native:splitvectorlayer gdal:tileindex " +
            "gdal:buildvirtualraster gdal:buildvirtualvector native:exportlayersinformation"))
        .Concat(Rows(Styles, "native:setlayerstyle qgis:setstyleforvectorlayer qgis:setstyleforrasterlayer native:stylefromproject native:categorizeusingstyle native:combinestyles"))
        .Concat(Rows(Desktop, "native:loadlayer native:renamelayer native:setprojectvariable native:transferannotationsfrommain native:layertobookmarks " +
            "native:bookmarkstolayer native:atlaslayouttoimage native:atlaslayouttopdf native:printlayouttoimage native:printlayouttopdf " +
            "native:printlayoutmapextenttolayer native:condition native:filter native:filterbygeometry native:filterlayersbytype native:raiseexception " +
            "native:raisewarning native:selectbylocation native:selectwithindistance qgis:randomselection qgis:randomselectionwithinsubsets " +
            "qgis:selectbyattribute qgis:selectbyexpression qgis:eliminateselectedpolygons")),
        StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyCollection<string> Ids => Reasons.Keys;

    /// <returns>Why, or <see langword="null"/> when it is not on the list.</returns>
    public static string? Reason(string id) => Reasons.GetValueOrDefault(id);

    private static IEnumerable<KeyValuePair<string, string>> Rows(string reason, string ids) => ids.Split(' ').Select(id => KeyValuePair.Create(id, reason));
}
