using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Execution.Catalogue;

/// <summary>An algorithm that is offered: what a client is told and what QGIS tells, side by side.</summary>
/// <param name="Algorithm">Its id is the process's.</param>
internal sealed record QgisProcess(ProcessDescription Description, AlgorithmDescriptor Algorithm);

/// <summary>What this QGIS offers, after the policy. Replaced as a whole.</summary>
internal interface IQgisCatalogue
{
    Application.Ports.ProcessCatalogue Current { get; }

    QgisProcess? Find(string id);
}
