namespace Kedge.Vault.Format;

/// <summary>
/// Writes a tree as restic does, node by node. Its memory is pooled and grows with the tree; one object may write one tree
/// after another.
/// </summary>
internal sealed class TreeWriter : IDisposable
{
    private readonly JsonBuffer buffer = new(64 * 1024);
    private byte[] lastName = new byte[64];
    private int lastNameLength;

    public TreeWriter() => Begin();

    /// <summary>Of nodes.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes so far.</summary>
    public int Length => buffer.Length;

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where its name is not greater than the one before.</exception>
    public void Add(TreeNode node)
    {
        Next(node.Name);
        NodeWriter.Write(node, buffer);
    }

    /// <summary>A node of another tree as it stands there.</summary>
    /// <param name="rawNode">What <see cref="TreeReader.RawNode"/> gave, for a node of this name.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where its name is not greater than the one before.</exception>
    public void AddVerbatim(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rawNode)
    {
        Next(name);
        buffer.Append(rawNode);
    }

    /// <summary>The whole tree. It stands in this object's memory until <see cref="Begin"/> or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        buffer.Append("]}\n"u8);
        return buffer.Written;
    }

    /// <summary>The next tree, which is empty.</summary>
    public void Begin()
    {
        buffer.Clear();
        buffer.Append("{\"nodes\":["u8);
        (Count, lastNameLength) = (0, 0);
    }

    public void Dispose() => buffer.Dispose();

    private void Next(ReadOnlySpan<byte> name)
    {
        if (Count > 0)
        {
            if (name.SequenceCompareTo(lastName.AsSpan(0, lastNameLength)) <= 0)
            {
                throw new VaultException(VaultFault.Misuse, $"a folder cannot have {GoQuote.Describe(name)} after {GoQuote.Describe(lastName.AsSpan(0, lastNameLength))}");
            }

            buffer.Append(","u8);
        }

        if (lastName.Length < name.Length)
        {
            lastName = new byte[Math.Max(name.Length, 2 * lastName.Length)];
        }

        name.CopyTo(lastName);
        lastNameLength = name.Length;
        Count++;
    }
}
