using GeoWps.Adapters.Http.Transport;

namespace GeoWps.Tests.Unit.Http.Transport;

/// <summary>Needs Linux on x64 or arm64.</summary>
public sealed class EpollFact : FactAttribute
{
    public EpollFact()
    {
        if (!Epoll.IsSupported)
        {
            Skip = "epoll is of Linux on x64 and arm64";
        }
    }
}
