using System.Reflection;
using GeoWps.Adapters.Execution.InProcess;
using GeoWps.Adapters.Execution.Pool;
using GeoWps.Adapters.Execution.Workers;

namespace GeoWps.Tests.Integration.Workers;

public sealed class SuiteTests
{
    [Fact]
    public void Every_implementation_runs_the_contract() =>
        WithoutSuite(typeof(IWorkers).Assembly.GetTypes(), typeof(SuiteTests).Assembly.GetTypes()).ShouldBeEmpty();

    [Fact]
    public void One_without_a_suite_is_found() =>
        WithoutSuite([typeof(PoolWorkers), typeof(EmbeddedWorkers)], [typeof(EmbeddedWorkersTests), typeof(SuiteTests)]).ShouldBe([nameof(PoolWorkers)]);

    private static List<string> WithoutSuite(IEnumerable<Type> product, IEnumerable<Type> tests)
    {
        var covered = tests.Where(type => type.IsSubclassOf(typeof(WorkersContract)))
            .Select(type => type.GetCustomAttribute<SuiteOfAttribute>()?.Implementation)
            .ToHashSet();
        return [.. product.Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IWorkers)) && !covered.Contains(type)).Select(type => type.Name)];
    }
}
