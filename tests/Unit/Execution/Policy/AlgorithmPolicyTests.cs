using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;

namespace GeoWps.Tests.Unit.Execution.Policy;

public sealed class AlgorithmPolicyTests
{
    private static readonly AlgorithmPolicy _strangers = new(trustsCallers: false, []);
    private static readonly AlgorithmPolicy _friends = new(trustsCallers: true, []);

    public static TheoryData<string> Closed => [.. ClosedAlgorithms.All];

    [Fact]
    public void The_list_is_this_one_and_no_other()
    {
        OffByDefault.Ids.ShouldBe(ClosedAlgorithms.All, ignoreOrder: true);
        ClosedAlgorithms.All.Length.ShouldBe(56);
        ClosedAlgorithms.ForSafety.Length.ShouldBe(32);
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public void An_algorithm_of_the_list_is_off_until_it_is_allowed_or_callers_are_trusted(string id)
    {
        var algorithm = Described.Algorithm(id);

        _strangers.Refuse(algorithm).ShouldNotBeNullOrEmpty();
        new AlgorithmPolicy(trustsCallers: false, [id]).Refuse(algorithm).ShouldBeNull();
        _friends.Refuse(algorithm).ShouldBeNull();
    }

    [Theory]
    [InlineData("gdal:executesqll")]
    [InlineData("gdal:*")]
    [InlineData("executesql")]
    [InlineData("gdal:")]
    [InlineData("GDAL:EXECUTESQL")]
    public void Allowing_takes_the_full_id(string allowed) =>
        new AlgorithmPolicy(trustsCallers: false, [allowed]).Refuse(Described.Algorithm("gdal:executesql")).ShouldNotBeNull();

    [Fact]
    public void An_id_in_another_spelling_is_off_too() => _strangers.Refuse(Described.Algorithm("GDAL:ExecuteSQL")).ShouldNotBeNull();

    [Theory]
    [InlineData("native:buffer")]
    [InlineData("qgis:rastercalculator")]
    [InlineData("gdal:slope")]
    [InlineData("3d:tessellate")]
    [InlineData("native:truncatetable")]
    [InlineData("native:fieldcalculator")]
    public void What_came_with_QGIS_and_is_on_no_list_is_on(string id) => _strangers.Refuse(Described.Algorithm(id)).ShouldBeNull();

    [Theory]
    [InlineData("myplugin:buffer")]
    [InlineData("pcraster:slope")]
    [InlineData("wbt:slope")]
    public void A_plug_in_that_nobody_looked_through_is_off(string id)
    {
        _strangers.Refuse(Described.Algorithm(id)).ShouldNotBeNull().ShouldContain("plug-in");
        new AlgorithmPolicy(trustsCallers: false, [id]).Refuse(Described.Algorithm(id)).ShouldBeNull();
    }

    [Fact]
    public void What_only_a_desktop_has_is_off()
    {
        var algorithm = Described.Algorithm("native:something");

        _strangers.Refuse(algorithm with { Flags = Described.Plain with { Standalone = false } }).ShouldBe(OffByDefault.Desktop);
        _strangers.Refuse(algorithm with { Flags = Described.Plain with { Hidden = true } }).ShouldBe(OffByDefault.Desktop);
    }

    [Fact]
    public void What_is_hidden_because_it_is_deprecated_stays_on() =>
        _strangers.Refuse(Described.Algorithm("qgis:old") with { Flags = Described.Plain with { Hidden = true, Deprecated = true } }).ShouldBeNull();

    [Theory]
    [InlineData("providerconnection")]
    [InlineData("databaseschema")]
    [InlineData("databasetable")]
    [InlineData("authcfg")]
    [InlineData("execute_sql")]
    public void A_parameter_that_names_a_connection_or_holds_SQL_switches_its_algorithm_off(string type) =>
        _strangers.Refuse(Described.Algorithm("native:new", Described.Parameter("THAT", type))).ShouldNotBeNull().ShouldContain("THAT");

    [Fact]
    public void An_algorithm_that_needs_what_is_never_described_is_off()
    {
        _strangers.Refuse(Described.Algorithm("native:new", Described.Parameter("SQL", "string"))).ShouldNotBeNull().ShouldContain("SQL");
        _strangers.Refuse(Described.Algorithm("native:new", Described.Parameter("SQL", "string", initial: "\"a\""))).ShouldBeNull();
        _strangers.Refuse(Described.Algorithm("native:new", Described.Parameter("SQL", "string") with { Optional = true })).ShouldBeNull();
    }

    [Theory]
    [InlineData("EXTRA", "string")]
    [InlineData("OUTPUT_TEXT_DIR", "folderDestination")]
    [InlineData("XYZ_TEMPLATE", "string")]
    [InlineData("WHERE", "string")]
    [InlineData("SQL", "string")]
    [InlineData("QUERY", "string")]
    [InlineData("GRASS_OUTPUT_TYPE_PARAMETER", "string")]
    public void What_reaches_a_command_line_or_a_database_is_described_to_friends_only(string name, string type)
    {
        _strangers.Describes(Described.Parameter(name, type)).ShouldBeFalse();
        _friends.Describes(Described.Parameter(name, type)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("OPTIONS", "string")]
    [InlineData("DISTANCE", "distance")]
    [InlineData("extra", "string")]
    [InlineData("GRASS_REGION_CELLSIZE_PARAMETER", "number")]
    public void Other_parameters_are_described_to_all(string name, string type) => _strangers.Describes(Described.Parameter(name, type)).ShouldBeTrue();

    [Theory]
    [InlineData("grass7:v.buffer", true)]
    [InlineData("grass7:r.slope.aspect", true)]
    [InlineData("grass:r.info", true)]
    [InlineData("grass7:r.in.lidar", false)]
    [InlineData("grass7:r.out.gdal", false)]
    [InlineData("grass7:v.in.wfs", false)]
    [InlineData("grass7:v.out.postgis", false)]
    [InlineData("grass7:v.db.select", false)]
    [InlineData("grass7:r.mapcalc.simple", false)]
    [InlineData("grass7:db.execute", false)]
    [InlineData("grass7:r.external", false)]
    [InlineData("otb:BandMath", false)]
    public void A_command_line_tool_is_judged_by_its_name(string id, bool isOn) => (_strangers.Refuse(Described.Algorithm(id)) is null).ShouldBe(isOn);

    [Fact]
    public void A_script_of_the_operator_is_on() => _strangers.Refuse(Described.Algorithm("script:thrice")).ShouldBeNull();
}
