using System.Reflection;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Files;

/// <summary>A store that says that it does not keep the case of names.</summary>
public class Caseless : DispatchProxy
{
    private IBlobStore _store = null!;

    public static IBlobStore Of(IBlobStore store)
    {
        var proxy = Create<IBlobStore, Caseless>();
        ((Caseless)(object)proxy)._store = store;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == "get_KeepsCase" ? false : targetMethod.Invoke(_store, args);
}
