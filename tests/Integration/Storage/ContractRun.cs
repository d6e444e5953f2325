using System.Reflection;
using Xunit.Sdk;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>Runs all facts of a contract's class inside of one test, where the class can't say for itself whether it is to be skipped.</summary>
internal static class ContractRun
{
    /// <param name="make">Makes an instance of the class for each run of a fact.</param>
    /// <param name="atLeast">Runs that there must be, or they were not found.</param>
    public static async Task RunAsync<TContract>(Func<Task<TContract>> make, int atLeast = 15)
        where TContract : class
    {
        var runs = typeof(TContract).GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .SelectMany(method => method.GetCustomAttributes().OfType<DataAttribute>().SelectMany(data => data.GetData(method)).DefaultIfEmpty([]).Select(arguments => (Method: method, Arguments: arguments)))
            .ToArray();
        runs.Length.ShouldBeGreaterThan(atLeast);
        var failures = new List<string>();
        foreach (var (method, arguments) in runs)
        {
            var contract = await make();
            try
            {
                await ((contract as IAsyncLifetime)?.InitializeAsync() ?? Task.CompletedTask);
                await (Task)method.Invoke(contract, arguments)!;
            }
            catch (Exception reason)
            {
                failures.Add($"{method.Name}({string.Join(", ", arguments)}): {reason}");
            }

            await ((contract as IAsyncLifetime)?.DisposeAsync() ?? Task.CompletedTask);
            (contract as IDisposable)?.Dispose();
        }

        failures.ShouldBeEmpty();
    }
}
