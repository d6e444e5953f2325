using System.Reflection;
using GeoWps.Tests.Unit.Storage;
using Npgsql;

namespace GeoWps.Tests.Integration.Storage;

/// <summary>
/// A store whose database has the time of a test: its function <c>geowps.now_ms</c> reads a table, which gets the clock's time before each call. Tests of a contract move
/// a clock on; the program itself knows no such thing.
/// </summary>
public class ClockedByTest<T> : DispatchProxy
    where T : class
{
    private readonly Lock _gate = new();
    private T _store = null!;
    private string _connection = "";
    private TestClock _clock = null!;
    private long _told;

    // Contracts open stores and call them from many tasks at once, which wait here for each other: their threads must not be those that the answers need.
    static ClockedByTest() => ThreadPool.SetMinThreads(128, 128);

    public static T Of(T store, string connection, TestClock clock)
    {
        var proxy = Create<T, ClockedByTest<T>>();
        var mine = (ClockedByTest<T>)(object)proxy;
        (mine._store, mine._connection, mine._clock) = (store, connection, clock);
        mine.Run(
            """
            CREATE TABLE IF NOT EXISTS public.test_clock (ms bigint);
            CREATE OR REPLACE FUNCTION geowps.now_ms() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT ms FROM public.test_clock $$
            """);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (now != _told)
            {
                Run($"DELETE FROM public.test_clock; INSERT INTO public.test_clock VALUES ({now})");
                _told = now;
            }
        }

        try
        {
            return targetMethod!.Invoke(_store, args);
        }
        catch (TargetInvocationException reason)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(reason.InnerException!);
            throw;
        }
    }

    private void Run(string sql)
    {
        using var connection = new NpgsqlConnection(_connection);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
