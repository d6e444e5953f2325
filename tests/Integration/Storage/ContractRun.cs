using System.Reflection;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>Runs all facts of a contract's class inside of one test, where the class can't say for itself whether it is to be skipped.</summary>
internal static class ContractRun
{
    /// <param name="make">Makes an instance of the class for each run of a fact.</param>
    /// <param name="facts">That it has at least.</param>
    public static async Task RunAsync<TContract>(Func<Task<TContract>> make, int facts = 16)
        where TContract : IAsyncLifetime
    {
        var runs = typeof(TContract).GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .SelectMany(method => method.GetCustomAttributes<InlineDataAttribute>().Select(data => data.GetData(method).Single()).DefaultIfEmpty([]).Select(arguments => (Method: method, Arguments: arguments)))
            .ToArray();
        runs.Length.ShouldBeGreaterThanOrEqualTo(facts);
        var failures = new List<string>();
        foreach (var (method, arguments) in runs)
        {
            var contract = await make();
            await contract.InitializeAsync();
            try
            {
                await (Task)method.Invoke(contract, arguments)!;
            }
            catch (Exception reason)
            {
                failures.Add($"{method.Name}({string.Join(", ", arguments)}): {reason}");
            }

            await contract.DisposeAsync();
        }

        failures.ShouldBeEmpty();
    }
}
