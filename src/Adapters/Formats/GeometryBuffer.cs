namespace GeoWps.Adapters.Formats;

/// <summary>One geometry of a tree in preorder: its vertices and its ends, and where the tree goes on behind its descendants.</summary>
internal record struct GeometryNode(GeometryType Type, int FirstVertex, int FirstEnd)
{
    public int VertexEnd { get; set; }

    public int EndEnd { get; set; }

    /// <summary>Index of the first node that is not below this one.</summary>
    public int Next { get; set; }
}

/// <summary>One feature's geometry, flat, in the shape in which FlatGeobuf keeps it.</summary>
internal sealed class GeometryBuffer : IDisposable
{
    /// <summary>x and y in turn.</summary>
    public Pooled<double> Xy { get; } = new(8192);

    /// <summary>One for each vertex, 0 where the text has none.</summary>
    public Pooled<double> Z { get; } = new(4096);

    /// <summary>Where each ring or line ends, in vertices since its node's first.</summary>
    public Pooled<uint> Ends { get; } = new();

    public Pooled<GeometryNode> Nodes { get; } = new(64);

    /// <summary>Any vertex was written with a third number.</summary>
    public bool HasZ { get; set; }

    public bool IsNull => Nodes.Count == 0;

    public int VertexCount => Z.Count;

    public void Clear()
    {
        Xy.Clear();
        Z.Clear();
        Ends.Clear();
        Nodes.Clear();
        HasZ = false;
    }

    public int Open(GeometryType type)
    {
        Nodes.Add(new GeometryNode(type, VertexCount, Ends.Count));
        return Nodes.Count - 1;
    }

    public void Close(int node)
    {
        ref var closed = ref Nodes[node];
        closed.VertexEnd = VertexCount;
        closed.EndEnd = Ends.Count;
        closed.Next = Nodes.Count;
    }

    /// <summary>Ends a ring or line of <paramref name="node"/>; one without vertices leaves no trace.</summary>
    public void EndPart(int node)
    {
        var end = (uint)(VertexCount - Nodes[node].FirstVertex);
        var last = Ends.Count > Nodes[node].FirstEnd ? Ends[Ends.Count - 1] : 0;
        if (end > last)
        {
            Ends.Add(end);
        }
    }

    public void Dispose()
    {
        Xy.Dispose();
        Z.Dispose();
        Ends.Dispose();
        Nodes.Dispose();
    }
}
