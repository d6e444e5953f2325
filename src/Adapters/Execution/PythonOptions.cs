using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution;

/// <summary>Where QGIS runs.</summary>
public enum PythonExecution
{
    /// <summary>In processes of its own: a crash costs one job.</summary>
    Pool,

    /// <summary>In this process: the least overhead, for trusted use on one core.</summary>
    InProcess,

    /// <summary>On other nodes of the cluster, by the queue that all share: this one needs neither QGIS nor Python.</summary>
    Remote,

    /// <summary>Nowhere: no QGIS algorithm is offered.</summary>
    None,
}

/// <summary>Whether QGIS processes run without network and without sight of the server's files.</summary>
public enum PythonSandbox
{
    /// <summary>Where bubblewrap works.</summary>
    Auto,

    Off,

    /// <summary>Where it does not work, the server does not start.</summary>
    Required,
}

/// <summary>Section <c>Python</c>. A wrong or unknown key stops the start.</summary>
public sealed class PythonOptions
{
    public const string Section = "Python";

    /// <summary>Default: <see cref="PythonExecution.Pool"/>.</summary>
    public PythonExecution Execution { get; set; } = PythonExecution.Pool;

    /// <summary>How many QGIS processes, and so how many of its jobs at once; one more is kept for checks. Default: the number of cores.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>The Python that has QGIS. Default: <c>/usr/bin/python3</c>.</summary>
    public string Executable { get; set; } = "/usr/bin/python3";

    /// <summary>Default: <see cref="PythonSandbox.Auto"/>.</summary>
    public PythonSandbox Sandbox { get; set; } = PythonSandbox.Auto;

    /// <summary>Jobs after which a QGIS process is replaced by a fresh one. Default: 2000.</summary>
    [Range(1, 1_000_000)]
    public int MaxJobsPerWorker { get; set; } = 2000;

    /// <summary>QGIS processes that only draw map tiles, beside the workers: no job keeps a map waiting. Started when they are needed. Default: 2.</summary>
    [Range(1, 64)]
    public int Drawers { get; set; } = 2;

    /// <summary>Seconds that a metatile may take, with waiting for a process to draw it. Default: 30.</summary>
    [Range(1, 3600)]
    public int DrawSeconds { get; set; } = 30;

    /// <summary>Folders that QGIS may read though its sandbox would hide them: where rasters and projects lie that layers name in place. Default: none.</summary>
    public string[] ReadFolders { get; set; } = [];

    /// <summary>The same for processes that only draw.</summary>
    internal PythonOptions WithoutJobs() => new()
    {
        Execution = Execution,
        Workers = 0,
        Executable = Executable,
        Sandbox = Sandbox,
        MaxJobsPerWorker = MaxJobsPerWorker,
        Drawers = Drawers,
        DrawSeconds = DrawSeconds,
        ReadFolders = ReadFolders,
    };
}

/// <param name="isCluster">Whether nodes share what they keep.</param>
internal sealed class PythonOptionsValidator(bool isCluster) : IValidateOptions<PythonOptions>
{
    public ValidateOptionsResult Validate(string? name, PythonOptions options) =>
        options.Execution == PythonExecution.Remote && !isCluster
            ? ValidateOptionsResult.Fail("Python:Execution: 'Remote' is not allowed without Storage:Provider Postgres, by which other nodes get the work; one of Pool, InProcess, None")
            : ValidateOptionsResult.Success;
}
