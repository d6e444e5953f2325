using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace GeoWps.Adapters.Storage.Tiles.Pack;

/// <summary>
/// A hash table in a mapped file: the system keeps in memory what is used of it, and an open index of a million tiles costs this process nothing.
/// Readers take no lock: they look again when somebody changed it meanwhile. Writers hold the lock of the level.
/// </summary>
internal sealed unsafe class SlotFile : IDisposable
{
    private const ulong Magic = 0x0001_7864_6957_4f45;
    private const int Least = 64;

    private readonly string _path;
    private volatile View _view;

    private SlotFile(string path, View view) => (_path, _view) = (path, view);

    /// <summary>For writers.</summary>
    public ref SlotHeader Header => ref *_view.Header;

    public int Capacity => (int)_view.Mask + 1;

    /// <returns><see langword="null"/> when there is none that can be used as it is.</returns>
    public static SlotFile? Open(string path, ulong boot)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length < sizeof(SlotHeader) + (Least * sizeof(Slot)))
        {
            return null;
        }

        var view = new View(path, file.Length);
        ref var header = ref *view.Header;
        if (header.Magic == Magic && header.Changing == 0 && (header.Boot == 0 || (header.Boot == boot && boot != 0))
            && header.Capacity == (ulong)view.Mask + 1 && file.Length == sizeof(SlotHeader) + ((long)header.Capacity * sizeof(Slot)))
        {
            return new SlotFile(path, view);
        }

        view.Dispose();
        return null;
    }

    public static SlotFile Create(string path, int capacity = Least)
    {
        using (var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
        {
            file.SetLength(sizeof(SlotHeader) + ((long)capacity * sizeof(Slot)));
        }

        var view = new View(path, sizeof(SlotHeader) + ((long)capacity * sizeof(Slot)));
        view.Header->Magic = Magic;
        view.Header->Capacity = (ulong)capacity;
        return new SlotFile(path, view);
    }

    /// <summary>The header of a file that may be open or not; counts only.</summary>
    public static SlotHeader Peek(string path)
    {
        var header = default(SlotHeader);
        try
        {
            using var file = File.OpenHandle(path);
            return RandomAccess.Read(file, new Span<byte>(&header, sizeof(SlotHeader)), 0) == sizeof(SlotHeader) && header.Magic == Magic ? header : default;
        }
        catch (IOException)
        {
            return default;
        }
    }

    /// <param name="used">Bits that are set in E of what was found, when they are not yet.</param>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public bool TryRead(ulong a, ulong b, bool wide, uint used, out Slot slot)
    {
        while (true)
        {
            var view = _view;
            var held = false;
            try
            {
                view.Handle.DangerousAddRef(ref held);
                var version = Volatile.Read(ref view.Version);
                if ((version & 1) == 0)
                {
                    var at = view.Locate(a, b, wide);
                    slot = *at;
                    Interlocked.MemoryBarrier();
                    if (Volatile.Read(ref view.Version) == version)
                    {
                        if (slot.IsEmpty || !slot.IsLive)
                        {
                            return false;
                        }

                        if ((slot.E & used) != used)
                        {
                            Interlocked.CompareExchange(ref at->E, slot.E | used, slot.E);
                        }

                        return true;
                    }
                }
            }
            catch (ObjectDisposedException) when (view != _view)
            {
                // It has just grown.
            }
            finally
            {
                if (held)
                {
                    view.Handle.DangerousRelease();
                }
            }

            Thread.SpinWait(20);
        }
    }

    /// <summary>For writers: the slot of a key, or the one where it goes. Valid until the next <see cref="Reserve"/>.</summary>
    public ref Slot Locate(ulong a, ulong b, bool wide) => ref *_view.Locate(a, b, wide);

    public ref Slot At(int index) => ref _view.Slots[index];

    /// <summary>For writers: from here until <see cref="EndChange"/> readers wait.</summary>
    public void BeginChange()
    {
        _view.Header->Changing = 1;
        Volatile.Write(ref _view.Version, _view.Version + 1);
        Interlocked.MemoryBarrier();
    }

    public void EndChange()
    {
        Volatile.Write(ref _view.Version, _view.Version + 1);
        _view.Header->Changing = 0;
    }

    /// <summary>For writers, outside of a change: makes room for some more, in a bigger file where it has to be.</summary>
    /// <param name="keepAll">Keeps what nobody uses: its users are still to come.</param>
    public void Reserve(int more, bool wide, bool keepAll = false)
    {
        var old = _view;
        if ((old.Header->Taken + more) * 10 <= (long)old.Header->Capacity * 7)
        {
            return;
        }

        var capacity = Least;
        var kept = keepAll ? old.Header->Taken : old.Header->Live;
        while ((kept + more) * 10 > capacity * 5L)
        {
            capacity *= 2;
        }

        var aside = _path + ".new";
        using (var next = Create(aside, capacity))
        {
            for (var i = 0; i <= old.Mask; i++)
            {
                if (old.Slots[i] is { IsEmpty: false } slot && (keepAll || slot.IsLive))
                {
                    *next._view.Locate(slot.A, slot.B, wide) = slot;
                }
            }

            var header = *old.Header;
            header.Capacity = (ulong)capacity;
            header.Taken = kept;
            *next._view.Header = header;
        }

        File.Move(aside, _path, overwrite: true);
        _view = new View(_path, sizeof(SlotHeader) + ((long)capacity * sizeof(Slot)));
        old.Dispose();
    }

    public void Flush() => _view.Flush();

    public void Dispose() => _view.Dispose();

    /// <summary>Closes it without writing it to disk: its file goes.</summary>
    public void Drop() => _view.Drop();

    private sealed class View : IDisposable
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _accessor;

        public readonly SafeMemoryMappedViewHandle Handle;
        public readonly SlotHeader* Header;
        public readonly Slot* Slots;
        public readonly long Mask;
        public int Version;

        public View(string path, long length)
        {
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, length);
            _accessor = _file.CreateViewAccessor(0, length);
            Handle = _accessor.SafeMemoryMappedViewHandle;
            byte* pointer = null;
            Handle.AcquirePointer(ref pointer);
            Handle.ReleasePointer();
            Header = (SlotHeader*)pointer;
            Slots = (Slot*)(pointer + sizeof(SlotHeader));
            var capacity = (ulong)(length - sizeof(SlotHeader)) / (ulong)sizeof(Slot);
            Mask = (long)System.Numerics.BitOperations.RoundUpToPowerOf2(capacity) - 1;
            if ((ulong)Mask + 1 != capacity)
            {
                Mask = Least - 1;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public Slot* Locate(ulong a, ulong b, bool wide)
        {
            var mixed = (a ^ (a >> 32)) * 0x9E3779B97F4A7C15;
            var i = (long)(mixed ^ (mixed >> 29)) & Mask;

            // A reader may see it while it changes; a table is never full, but it must end.
            for (var steps = 0L; steps <= Mask; steps++, i = (i + 1) & Mask)
            {
                var slot = Slots + i;
                if (slot->IsEmpty || (slot->A == a && (!wide || slot->B == b)))
                {
                    return slot;
                }
            }

            return Slots + i;
        }

        public void Flush() => _accessor.Flush();

        public void Dispose()
        {
            _accessor.Dispose();
            _file.Dispose();
        }

        public void Drop()
        {
            // The accessor would write what has changed, and wait for the disk, as long as its handle is open.
            Handle.Dispose();
            Dispose();
        }
    }
}
