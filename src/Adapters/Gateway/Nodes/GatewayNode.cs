using System.Collections.Frozen;
using GeoWps.Domain.Nodes;

namespace GeoWps.Adapters.Gateway.Nodes;

/// <summary>One node, with what it offers, how it is, and what is on its way to it.</summary>
/// <param name="giveUp">After which time out an answer is not expected any more.</param>
internal sealed class GatewayNode(NodeEntry entry, NodeHealthRules rules, TimeProvider clock, TimeSpan giveUp = default)
{
    private readonly Lock _lock = new();
    private readonly NodeHealth _health = new(rules);
    private readonly long _start = clock.GetTimestamp();
    private CancellationTokenSource _life = new();
    private CancellationTokenSource _hope = new();
    private volatile Offered? _offered;
    private volatile bool _isIn;
    private long _fullFrom = long.MaxValue;
    private double _credit;
    private int _inFlight;

    public NodeEntry Entry { get; } = entry;

    /// <summary>Scheme, host and port, as requests are sent there.</summary>
    public string Prefix { get; } = entry.Address.GetLeftPart(UriPartial.Authority);

    public string Name => _offered?.Offer.Name is { Length: > 0 } name ? name : Entry.Name;

    /// <summary>It has another administrator's token than this gateway, or another time.</summary>
    public bool RefusesSeals { get; set; }

    public NodeOffer? Offer => _offered?.Offer;

    /// <summary>What it keeps things in, which other nodes may share.</summary>
    public string Store => _offered?.Offer.Store ?? Entry.Id;

    public bool IsIn => _isIn;

    public int InFlight => Volatile.Read(ref _inFlight);

    public NodeState State
    {
        get
        {
            lock (_lock)
            {
                return _health.State;
            }
        }
    }

    public int Ejections
    {
        get
        {
            lock (_lock)
            {
                return _health.Ejections;
            }
        }
    }

    /// <summary>Ends when the node is put out: what waits for its answer then and can be asked elsewhere, is.</summary>
    public CancellationToken Life
    {
        get
        {
            lock (_lock)
            {
                return _life.Token;
            }
        }
    }

    /// <summary>Ends when the node has been out for long: what waits for its answer then and must not be asked elsewhere, has waited enough.</summary>
    public CancellationToken Hope
    {
        get
        {
            lock (_lock)
            {
                return _hope.Token;
            }
        }
    }

    public void Take(NodeOffer offer) => _offered = new Offered(offer);

    public bool Offers(string service) => _offered?.Services.Contains(service) ?? false;

    /// <summary>Whether it runs a process itself.</summary>
    public bool HasProcess(string id) => _offered?.Processes.Contains(id) ?? false;

    /// <summary>Whether it takes in a process that other nodes run.</summary>
    public bool TakesProcess(string id) => _offered?.Elsewhere.Contains(id) ?? false;

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End() => Interlocked.Decrement(ref _inFlight);

    /// <inheritdoc cref="NodeHealth.Share"/>
    public double Share()
    {
        if (_isIn && clock.GetTimestamp() >= Volatile.Read(ref _fullFrom))
        {
            return 1;
        }

        lock (_lock)
        {
            return _health.Share(Now());
        }
    }

    /// <summary>Whether it is this node's turn to take part when its part is <paramref name="part"/> of a turn: over many turns, exactly so often.</summary>
    public bool Earns(double part)
    {
        lock (_lock)
        {
            _credit = Math.Min(_credit + part, 2);
            if (_credit < 1)
            {
                return false;
            }

            _credit--;
            return true;
        }
    }

    public TimeSpan Now() => clock.GetElapsedTime(_start);

    public bool Probed(bool succeeded, TimeSpan began) => Change(health => health.Probed(succeeded, began, Now()));

    public bool Refused(bool isLast) => Change(health => health.Refused(isLast, Now()));

    public bool Struck(bool isLast) => Change(health => health.Struck(isLast, Now()));

    public void Answered()
    {
        lock (_lock)
        {
            _health.Answered();
        }
    }

    /// <summary>It has left: what waits for it need not wait longer.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _isIn = false;
        }

        _ = GiveUpAsync(Ejections);
    }

    private async Task GiveUpAsync(int ejections)
    {
        await Task.Delay(giveUp, clock);
        CancellationTokenSource ended;
        lock (_lock)
        {
            // It was back meanwhile, and may be out again for another reason.
            if (_isIn || _health.Ejections != ejections)
            {
                return;
            }

            (ended, _hope) = (_hope, new CancellationTokenSource());
        }

        await ended.CancelAsync();
    }

    private bool Change(Func<NodeHealth, bool> change)
    {
        CancellationTokenSource ended;
        lock (_lock)
        {
            if (!change(_health))
            {
                return false;
            }

            Volatile.Write(ref _fullFrom, clock.GetTimestamp() + (long)(rules.Rise.TotalSeconds * clock.TimestampFrequency));
            _isIn = _health.State == NodeState.In;
            _credit = 0;
            if (_isIn)
            {
                return true;
            }

            (ended, _life) = (_life, new CancellationTokenSource());
        }

        // Whoever waits goes on somewhere else, on threads of their own.
        _ = ended.CancelAsync();
        _ = GiveUpAsync(Ejections);
        return true;
    }

    private sealed class Offered(NodeOffer offer)
    {
        public NodeOffer Offer { get; } = offer;

        public FrozenSet<string> Services { get; } = offer.Services.Select(service => service.Service).ToFrozenSet(StringComparer.Ordinal);

        public FrozenSet<string> Elsewhere { get; } = offer.Elsewhere.Select(process => process.Id).ToFrozenSet(StringComparer.Ordinal);

        public FrozenSet<string> Processes { get; } = offer.Processes.Select(process => process.Id).ToFrozenSet(StringComparer.Ordinal);
    }
}
