using System.ComponentModel.DataAnnotations;

namespace GeoWps.Application.Records.Harvesting;

/// <summary>Section <c>Harvesting</c>.</summary>
public sealed class HarvestingOptions
{
    public const string Section = "Harvesting";

    /// <summary>Values of the header <c>Authorization</c> by the names that sources use (<c>{"credentials": {"name": "city"}}</c>); never shown. Default: none.</summary>
    public Dictionary<string, string> Credentials { get; set; } = [];

    /// <summary>Connections of GDAL's OGR (<c>MYSQL:archive,host=…,user=…,password=…</c>) by the names that sources of the kind <c>database</c> use; never shown. Default: none.</summary>
    public Dictionary<string, string> Databases { get; set; } = [];

    /// <summary>MiB of one answer: a page of another catalogue, a list. Default: 64.</summary>
    [Range(1, 1024)]
    public int MaxAnswerMb { get; set; } = 64;

    /// <summary>Records that one source may have; one with more has failed. Default: 5,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxRecords { get; set; } = 5_000_000;

    /// <summary>MiB of records that one run may set aside, twice for a source that is not sorted, on the disk of temporary files, before it has failed. Default: 8192.</summary>
    [Range(1, 1_048_576)]
    public int MaxChangesMb { get; set; } = 8192;

    /// <summary>Share (0 to 1) of a source's records that one run may remove; with more of them gone it has failed and changes nothing. Ten may always go. A source may say another (<c>maxRemoved</c>). Default: 0.25.</summary>
    [Range(0d, 1d)]
    public double MaxRemoved { get; set; } = 0.25;

    /// <summary>Documents of sources that are open at once, each by a connection of its own. Default: 32.</summary>
    [Range(1, 10_000)]
    public int MaxDocuments { get; set; } = 32;

    /// <summary>Documents of one source that are open at once. Default: 8.</summary>
    [Range(1, 10_000)]
    public int MaxDocumentsPerSource { get; set; } = 8;
}
