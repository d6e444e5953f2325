using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;

namespace GeoWps.Tests.Unit.Execution.Policy;

public sealed class ModelPolicyTests
{
    private static readonly AlgorithmPolicy _strangers = new(trustsCallers: false, []);

    public static TheoryData<string> ClosedForSafety => [.. ClosedAlgorithms.ForSafety];

    public static TheoryData<string> OfDesktops => [.. ClosedAlgorithms.Desktops];

    [Theory]
    [MemberData(nameof(ClosedForSafety))]
    public void A_step_that_is_off_switches_its_model_off_and_is_named(string step)
    {
        _strangers.Refuse(Model("native:buffer", step)).ShouldNotBeNull().ShouldContain(step);
        _strangers.Refuse(Model(step) with { Id = "project:a", Provider = "project" }).ShouldNotBeNull().ShouldContain(step);
        new AlgorithmPolicy(trustsCallers: true, []).Refuse(Model(step)).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(OfDesktops))]
    public void A_step_that_only_changes_the_desktop_has_its_use_in_a_model(string step) => _strangers.Refuse(Model("native:buffer", step)).ShouldBeNull();

    [Fact]
    public void A_model_of_open_steps_is_on() => _strangers.Refuse(Model("native:buffer", "gdal:slope", "script:thrice", "model:other", "grass7:v.buffer")).ShouldBeNull();

    [Fact]
    public void Allowing_the_step_or_the_model_allows_the_model()
    {
        var model = Model("gdal:executesql");

        new AlgorithmPolicy(trustsCallers: false, ["gdal:executesql"]).Refuse(model).ShouldBeNull();
        new AlgorithmPolicy(trustsCallers: false, ["model:a"]).Refuse(model).ShouldBeNull();
    }

    [Fact]
    public void Allowing_a_model_does_not_allow_its_steps_to_callers() =>
        new AlgorithmPolicy(trustsCallers: false, ["model:a"]).Refuse(Described.Algorithm("gdal:executesql")).ShouldNotBeNull();

    [Theory]
    [InlineData("myplugin:anything")]
    [InlineData("grass7:r.mapcalc.simple")]
    [InlineData("grass7:v.in.wfs")]
    public void A_step_that_would_be_off_by_the_rules_switches_its_model_off(string step) =>
        _strangers.Refuse(Model("native:buffer", step)).ShouldNotBeNull().ShouldContain(step);

    private static AlgorithmDescriptor Model(params string[] steps) => Described.Algorithm("model:a") with { Steps = steps };
}
