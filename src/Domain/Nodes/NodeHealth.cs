namespace GeoWps.Domain.Nodes;

/// <summary>Whether a node gets requests.</summary>
public enum NodeState
{
    /// <summary>Known, and never proven: it gets none before its first probe has succeeded.</summary>
    New,

    /// <summary>It gets its share, or a rising part of it.</summary>
    In,

    /// <summary>It gets none until real probes have succeeded.</summary>
    Out,
}

/// <param name="ProbesToEject">Probes in a row that fail before a node is out.</param>
/// <param name="ProbesToAdmit">Probes in a row that succeed before an ejected node is back.</param>
/// <param name="Rise">From the first share to the full one.</param>
/// <param name="FirstShare">Above 0, at most 1.</param>
/// <param name="StrikesToEject">Requests in a row that failed on this node and not on another.</param>
public sealed record NodeHealthRules(int ProbesToEject, int ProbesToAdmit, TimeSpan Rise, double FirstShare, int StrikesToEject)
{
    public static NodeHealthRules Default { get; } = new(2, 2, TimeSpan.FromSeconds(10), 0.1, 3);
}

/// <summary>
/// Health of one node as a gateway sees it. Time never heals: only probes bring a node back. Times are since any fixed moment, by a clock that only goes forward. Not for
/// several threads at once.
/// </summary>
public sealed class NodeHealth(NodeHealthRules rules)
{
    private int _good;
    private int _bad;
    private int _strikes;
    private TimeSpan _since;

    public NodeState State { get; private set; } = NodeState.New;

    /// <summary>How often it was put out.</summary>
    public int Ejections { get; private set; }

    /// <summary>A probe has ended.</summary>
    /// <param name="began">One that began before the node was put out proves nothing.</param>
    /// <returns>Whether the state is another one now.</returns>
    public bool Probed(bool succeeded, TimeSpan began, TimeSpan now)
    {
        if (State == NodeState.Out && began < _since)
        {
            return false;
        }

        (_good, _bad) = succeeded ? (_good + 1, 0) : (0, _bad + 1);
        return State switch
        {
            NodeState.New when succeeded => Admit(now),
            NodeState.New when _bad >= rules.ProbesToEject => Eject(now),
            NodeState.In when _bad >= rules.ProbesToEject => Eject(now),
            NodeState.Out when _good >= rules.ProbesToAdmit => Admit(now),
            _ => false,
        };
    }

    /// <summary>It did not take a connection for a request.</summary>
    /// <param name="isLast">No other node could take its requests: then only probes put it out.</param>
    /// <returns>Whether it is out by this.</returns>
    public bool Refused(bool isLast, TimeSpan now) => State == NodeState.In && !isLast && Eject(now);

    /// <summary>A request failed here, and then succeeded on another node.</summary>
    /// <inheritdoc cref="Refused"/>
    public bool Struck(bool isLast, TimeSpan now) => State == NodeState.In && ++_strikes >= rules.StrikesToEject && !isLast && Eject(now);

    /// <summary>A request was answered.</summary>
    public void Answered() => _strikes = 0;

    /// <summary>The part of its share that it gets: 0 for none, rising to 1 after it was admitted.</summary>
    public double Share(TimeSpan now)
    {
        if (State != NodeState.In)
        {
            return 0;
        }

        var age = now - _since;
        return age >= rules.Rise ? 1 : rules.FirstShare + ((1 - rules.FirstShare) * (age / rules.Rise));
    }

    private bool Admit(TimeSpan now) => Become(NodeState.In, now);

    private bool Eject(TimeSpan now)
    {
        Ejections++;
        return Become(NodeState.Out, now);
    }

    private bool Become(NodeState state, TimeSpan now)
    {
        (State, _since, _good, _bad, _strikes) = (state, now, 0, 0, 0);
        return true;
    }
}
