using GeoWps.Domain.Nodes;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class NodeHealthTests
{
    private readonly NodeHealth _node = new(NodeHealthRules.Default);
    private TimeSpan _now = TimeSpan.FromSeconds(100);

    [Fact]
    public void A_new_node_gets_nothing_before_a_probe_has_succeeded()
    {
        _node.Share(_now).ShouldBe(0);
        Probe(true);

        _node.State.ShouldBe(NodeState.In);
        _node.Share(_now).ShouldBe(0.1);
    }

    [Fact]
    public void One_failed_probe_is_none_two_in_a_row_are_the_end()
    {
        Probe(true);
        Probe(false);
        _node.State.ShouldBe(NodeState.In);
        Probe(true);
        Probe(false);
        _node.State.ShouldBe(NodeState.In);
        Probe(false);

        _node.State.ShouldBe(NodeState.Out);
        _node.Share(_now).ShouldBe(0);
    }

    [Fact]
    public void The_first_refused_connection_is_the_end_unless_it_is_the_last_node()
    {
        Probe(true);

        _node.Refused(isLast: true, _now).ShouldBeFalse();
        _node.State.ShouldBe(NodeState.In);
        _node.Refused(isLast: false, _now).ShouldBeTrue();
        _node.State.ShouldBe(NodeState.Out);
        _node.Ejections.ShouldBe(1);
    }

    [Fact]
    public void Time_alone_never_brings_it_back()
    {
        Eject();
        _now += TimeSpan.FromDays(300);

        _node.Share(_now).ShouldBe(0);
        _node.Answered();
        _node.State.ShouldBe(NodeState.Out);
    }

    [Fact]
    public void It_is_back_after_two_probes_in_a_row_that_began_after_its_end()
    {
        Eject();
        var before = _now - TimeSpan.FromMilliseconds(1);

        _node.Probed(true, before, _now).ShouldBeFalse();
        _node.Probed(true, before, _now).ShouldBeFalse();
        Probe(true);
        Probe(false);
        Probe(true);
        _node.State.ShouldBe(NodeState.Out);
        Probe(true);
        _node.State.ShouldBe(NodeState.In);
    }

    [Fact]
    public void Its_share_rises_from_a_tenth_to_the_whole_within_ten_seconds()
    {
        Eject();
        Probe(true);
        Probe(true);
        var back = _now;

        _node.Share(back).ShouldBe(0.1);
        _node.Share(back + TimeSpan.FromSeconds(5)).ShouldBe(0.55, 0.001);
        _node.Share(back + TimeSpan.FromSeconds(9)).ShouldBeLessThan(1);
        _node.Share(back + TimeSpan.FromSeconds(10)).ShouldBe(1);
    }

    [Fact]
    public void Three_requests_in_a_row_that_another_node_could_do_are_the_end_and_an_answer_between_is_not()
    {
        Probe(true);
        _node.Struck(false, _now);
        _node.Struck(false, _now);
        _node.Answered();
        _node.Struck(false, _now);
        _node.Struck(false, _now).ShouldBeFalse();

        _node.Struck(false, _now).ShouldBeTrue();
        _node.State.ShouldBe(NodeState.Out);
    }

    private void Eject()
    {
        Probe(true);
        _node.Refused(isLast: false, _now).ShouldBeTrue();
    }

    private void Probe(bool succeeded)
    {
        var began = _now;
        _now += TimeSpan.FromSeconds(1);
        _node.Probed(succeeded, began, _now);
    }
}
