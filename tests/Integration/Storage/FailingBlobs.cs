using System.Reflection;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>A store whose first deletions of many fail.</summary>
internal sealed class FailingBlobs
{
    public FailingBlobs(IBlobStore inner, int times)
    {
        Store = DispatchProxy.Create<IBlobStore, Proxy>();
        ((Proxy)Store).Call = (method, arguments) =>
        {
            if (method.Name != nameof(IBlobStore.DeleteAllAsync) || Failures >= times)
            {
                return method.Invoke(inner, arguments);
            }

            Failures++;
            return Task.FromException(new IOException("The store is away."));
        };
    }

    public IBlobStore Store { get; }

    public int Failures { get; private set; }

    public class Proxy : DispatchProxy
    {
        internal Func<MethodInfo, object?[]?, object?> Call { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Call(targetMethod!, args);
    }
}
