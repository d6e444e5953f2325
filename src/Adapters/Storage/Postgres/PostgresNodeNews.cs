using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>News of jobs and layers: those of jobs come out of the transactions that made them.</summary>
internal sealed class PostgresNodeNews(PostgresNews news) : INodeNews
{
    private const string Waits = "accepted";
    private const string Dismissed = "dismissed";
    private const string Layer = "layer";

    public IDisposable Listen(Action<NodeNews> heard) => news.Listen((kind, rest) =>
    {
        switch (kind)
        {
            case Waits:
                heard(new NodeNews.JobWaits(rest));
                break;
            case Dismissed when JobId.TryParse(rest, out var id):
                heard(new NodeNews.JobDismissed(id));
                break;
            case Layer:
                heard(new NodeNews.LayerChanged(rest));
                break;
            case PostgresNews.Gap:
                heard(new NodeNews.Missed());
                break;
        }
    });

    /// <summary>What <see cref="PostgresNews.Statement"/> tells when a layer of this node's has changed.</summary>
    public string LayerLine(string id) => news.Line(Layer, id);
}
