using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Where the results of one job can be fetched, one by one.</summary>
internal sealed class OutputAddresses(string baseAddress, JobId job)
{
    /// <summary>The output's own address.</summary>
    /// <remarks>
    /// Of content the one that ends in its file name: there are programs that go by the extension (GDAL for CSV and zip), and files beside it are
    /// named relative to that.
    /// </remarks>
    public string Of(OutputValue value) => Addresses.Result(baseAddress, job.Value, value is OutputValue.Content content ? content.Name : value.Id);

    /// <summary>The layer that an output was published as, on its request's wish.</summary>
    public Link? LayerOf(OutputValue value) =>
        value.Layer is { } layer ? new Link(Addresses.Collection(baseAddress, layer), Links.Collection, Media.Json, $"{value.Id} as a layer") : null;

    /// <summary>The address of each file of an output of several; of the output itself, when its values are no files.</summary>
    public IEnumerable<(string Href, OutputValue Value)> All(OutputValue value) =>
        value is OutputValue.Many { Values.Count: > 0 } many && many.Values.All(one => one is OutputValue.Content)
            ? many.Values.Cast<OutputValue.Content>().Select(content => (Addresses.Result(baseAddress, job.Value, content.Name), (OutputValue)content))
            : [(Of(value), value)];
}
