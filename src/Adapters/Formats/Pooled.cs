using System.Buffers;
using System.Runtime.CompilerServices;

namespace GeoWps.Adapters.Formats;

/// <summary>A list on a rented array that is emptied and filled again for every feature.</summary>
internal sealed class Pooled<T>(int capacity = 256) : IDisposable
    where T : unmanaged
{
    private T[] _items = ArrayPool<T>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public Span<T> Items => _items.AsSpan(0, Count);

    public ReadOnlyMemory<T> Memory => _items.AsMemory(0, Count);

    public ref T this[int index] => ref _items[index];

    public void Clear() => Count = 0;

    public void Truncate(int count) => Count = count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        var items = _items;
        var count = Count;
        if ((uint)count >= (uint)items.Length)
        {
            Grow(1);
            items = _items;
        }

        items[count] = item;
        Count = count + 1;
    }

    /// <summary>Adds room for <paramref name="count"/> more items, which hold anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Extend(int count)
    {
        if (_items.Length - Count < count)
        {
            Grow(count);
        }

        Count += count;
        return _items.AsSpan(Count - count, count);
    }

    public void AddRange(ReadOnlySpan<T> items) => items.CopyTo(Extend(items.Length));

    public void Dispose()
    {
        ArrayPool<T>.Shared.Return(_items);
        _items = [];
        Count = 0;
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<T>.Shared.Rent(checked(Math.Max(Count + more, _items.Length * 2)));
        Items.CopyTo(larger);
        ArrayPool<T>.Shared.Return(_items);
        _items = larger;
    }
}
