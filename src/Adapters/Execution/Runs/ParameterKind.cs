using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Runs;

/// <summary>How a parameter's value reaches QGIS.</summary>
internal enum ParameterKind
{
    /// <summary>A value that stands for itself.</summary>
    Literal,

    Layer,

    Layers,

    File,

    Files,

    /// <summary>A zip, unpacked.</summary>
    Folder,

    /// <summary>An array of objects with layers in them.</summary>
    Structure,
}

internal static class ParameterKinds
{
    private const int TypeRaster = 3;
    private const int TypeFile = 4;
    private const int TypeAnyLayer = -2;

    public static ParameterKind Of(ParameterDescriptor parameter) => parameter.Type switch
    {
        "source" or "vector" or "raster" or "mesh" or "layer" => ParameterKind.Layer,
        "multilayer" => parameter.Integer("layer_type") == TypeFile ? ParameterKind.Files : ParameterKind.Layers,
        "file" => parameter.Integer("behavior") == 1 ? ParameterKind.Folder : ParameterKind.File,
        "vectortilewriterlayers" or "tininputlayers" or "dxflayers" or "idw_interpolation_data" => ParameterKind.Structure,
        _ => ParameterKind.Literal,
    };

    /// <summary>What the worker has to open it as: <c>vector</c>, <c>raster</c>, <c>mesh</c> or <c>any</c>.</summary>
    public static string WantOf(ParameterDescriptor parameter) => parameter.Type switch
    {
        "raster" => "raster",
        "mesh" => "mesh",
        "layer" => "any",
        "multilayer" => parameter.Integer("layer_type") switch { TypeRaster => "raster", TypeAnyLayer => "any", _ => "vector" },
        _ => "vector",
    };
}
