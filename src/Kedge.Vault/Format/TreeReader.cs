namespace Kedge.Vault.Format;

/// <summary>How a node's name follows the one before it.</summary>
internal enum NameOrder : byte
{
    /// <summary>It is greater, as in every sound tree.</summary>
    Ascending,

    /// <summary>It is the same again.</summary>
    Repeated,

    /// <summary>It is smaller.</summary>
    Descending,
}

/// <summary>
/// Goes forward through a tree: <c>{"nodes":[…]}</c> (restic, doc/design.rst "Trees and Data"). A tree may be a hundred
/// megabytes long, so that there is never more than one node of it. One object belongs to one thread, and may read one tree
/// after another.
/// </summary>
/// <param name="anyOrder">Also takes trees whose names are not in order or not unique, which nobody has ever written in good
/// faith: <see cref="Order"/> says which.</param>
internal sealed class TreeReader(bool anyOrder)
{
    private const string What = "a tree";
    private readonly NodeReader nodes = new();
    private ReadOnlyMemory<byte> tree;
    private Place place = Place.After;
    private int position;
    private byte[] lastName = new byte[64];
    private int lastNameLength;

    private enum Place
    {
        Before,
        First,
        Within,
        After,
    }

    /// <summary>The JSON of the node that was read last: a part of the tree.</summary>
    public ReadOnlyMemory<byte> RawNode { get; private set; }

    /// <summary>How the node that was read last follows the one before it.</summary>
    public NameOrder Order { get; private set; }

    /// <summary>How many nodes were read.</summary>
    public int Count { get; private set; }

    /// <summary>Tests compare both speeds.</summary>
    internal bool Recognise { get; init; } = true;

    /// <param name="json">Must stay as it is while it is being read.</param>
    public void Begin(ReadOnlyMemory<byte> json)
    {
        (tree, place, position, Count, lastNameLength) = (json, Place.Before, 0, 0, 0);
        RawNode = default;
    }

    /// <summary>Reads the next node into <paramref name="node"/>.</summary>
    /// <returns>False where there is none any more, and the tree was sound to its end.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>; the tree cannot be read on then.</exception>
    public bool TryReadNext(TreeNode node)
    {
        if (place == Place.After)
        {
            return false;
        }

        var cursor = new JsonCursor(tree.Span, What) { Position = position };
        var before = place;
        place = Place.After;
        if (before == Place.Before)
        {
            before = TakeBeginning(ref cursor);
        }

        if (before != Place.After && !(before == Place.First ? cursor.TryTake(']') : !TakeComma(ref cursor)))
        {
            TakeNode(ref cursor, node);
            (place, position) = (Place.Within, cursor.Position);
            return true;
        }

        TakeEnd(ref cursor);
        return false;
    }

    private static Place TakeBeginning(ref JsonCursor cursor)
    {
        if (cursor.TryTakeExactly("{\"nodes\":["u8))
        {
            return Place.First;
        }

        cursor.Take('{');
        do
        {
            if (!cursor.TakeName().SequenceEqual("nodes"u8))
            {
                cursor.TakeValue();
            }
            else if (cursor.TryTakeNull())
            {
                return Place.After;
            }
            else
            {
                cursor.Take('[');
                return Place.First;
            }
        }
        while (cursor.TryTake(','));
        throw cursor.Wrong("nodes");
    }

    /// <returns>False where the list ends instead.</returns>
    private static bool TakeComma(ref JsonCursor cursor)
    {
        if (cursor.TryTake(','))
        {
            return true;
        }

        cursor.Take(']');
        return false;
    }

    private static void TakeEnd(ref JsonCursor cursor)
    {
        while (cursor.TryTake(','))
        {
            if (cursor.TakeName().SequenceEqual("nodes"u8))
            {
                throw cursor.Wrong("a field that was not there yet");
            }

            cursor.TakeValue();
        }

        cursor.Take('}');
        cursor.End();
    }

    private void TakeNode(ref JsonCursor cursor, TreeNode node)
    {
        node.Clear();
        cursor.TakeSpace();
        var start = cursor.Position;
        if (!Recognise || !NodeShape.TryTake(ref cursor, node, nodes))
        {
            node.Clear();
            nodes.Take(ref cursor, node);
        }

        RawNode = tree[start..cursor.Position];
        Compare(node.Name);
        if (Order != NameOrder.Ascending && !anyOrder)
        {
            throw VaultException.Damaged($"{What} in which {GoQuote.Describe(node.Name)} {(Order == NameOrder.Repeated ? "stands twice" : "stands after a greater name")}");
        }

        Count++;
    }

    private void Compare(ReadOnlySpan<byte> name)
    {
        // The first may be anything, even empty.
        var order = Count == 0 ? 1 : name.SequenceCompareTo(lastName.AsSpan(0, lastNameLength));
        Order = order > 0 ? NameOrder.Ascending : order == 0 ? NameOrder.Repeated : NameOrder.Descending;
        if (lastName.Length < name.Length)
        {
            lastName = new byte[Math.Max(name.Length, 2 * lastName.Length)];
        }

        name.CopyTo(lastName);
        lastNameLength = name.Length;
    }
}
