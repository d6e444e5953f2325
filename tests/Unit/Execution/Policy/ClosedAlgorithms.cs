namespace GeoWps.Tests.Unit.Execution.Policy;

/// <summary>What strangers do not get, written down a second time: a line that goes missing in the product is missed here.</summary>
internal static class ClosedAlgorithms
{
    public static readonly string[] Code =
    [
        "qgis:advancedpythonfieldcalculator", "gdal:rastercalculator", "gdal:executesql", "qgis:executesql",
        "native:spatialiteexecutesql", "native:spatialiteexecutesqlregistered", "native:postgisexecutesql",
        "qgis:postgisexecuteandloadsql",
    ];

    public static readonly string[] Connections =
    [
        "native:filedownloader", "native:batchnominatimgeocoder", "native:downloadgpsdata", "native:uploadgpsdata",
        "native:convertgpsdata", "gdal:importvectorintopostgisdatabaseavailableconnections",
        "gdal:importvectorintopostgisdatabasenewconnection", "qgis:importintopostgis", "qgis:importintospatialite",
    ];

    public static readonly string[] Places =
    [
        "native:createdirectory", "native:savelog", "native:importphotos", "native:extractbinary", "native:splitvectorlayer",
        "gdal:tileindex", "gdal:buildvirtualraster", "gdal:buildvirtualvector", "native:exportlayersinformation",
    ];

    public static readonly string[] Styles =
    [
        "native:setlayerstyle", "qgis:setstyleforvectorlayer", "qgis:setstyleforrasterlayer", "native:stylefromproject",
        "native:categorizeusingstyle", "native:combinestyles",
    ];

    public static readonly string[] Desktops =
    [
        "native:loadlayer", "native:renamelayer", "native:setprojectvariable", "native:transferannotationsfrommain",
        "native:layertobookmarks", "native:bookmarkstolayer", "native:atlaslayouttoimage", "native:atlaslayouttopdf",
        "native:printlayouttoimage", "native:printlayouttopdf", "native:printlayoutmapextenttolayer", "native:condition",
        "native:filter", "native:filterbygeometry", "native:filterlayersbytype", "native:raiseexception", "native:raisewarning",
        "native:selectbylocation", "native:selectwithindistance", "qgis:randomselection", "qgis:randomselectionwithinsubsets",
        "qgis:selectbyattribute", "qgis:selectbyexpression", "qgis:eliminateselectedpolygons",
    ];

    public static readonly string[] ForSafety = [.. Code, .. Connections, .. Places, .. Styles];

    public static readonly string[] All = [.. ForSafety, .. Desktops];
}
