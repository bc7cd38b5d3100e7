using Kedge.Vault.Chunking;
using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Backup;

/// <summary>What one thread of a backup has to itself.</summary>
internal sealed class BackupHand : IDisposable
{
    private readonly BackupCrew crew;
    private readonly BlobReader reader;
    private readonly TreeNode parsed = new();
    private readonly TreeNode made = new();
    private readonly NodeParser parser = new();
    private readonly JsonBuffer json = new(1024);
    private readonly NodeMaker nodes;
    private readonly TreeWriter tree = new();
    private ObjectId? hole;

    internal BackupHand(BackupCrew crew)
    {
        this.crew = crew;
        reader = crew.Vault.OpenReader();
        Blobs = new(crew.Session);
        nodes = new(crew.Owners, crew.Wanted.WithAccessTime);
    }

    internal BlobWriter Blobs { get; }

    /// <summary>To read into: in each half the longest piece of an ordinary file has room.</summary>
    internal Memory<byte> Buffer { get; } = AlignedBuffer.Make(2 * CutSizes.Ordinary.Maximum);

    /// <summary>The node of something that is open, without content. Valid until the next call, but for folders, which keep theirs.</summary>
    internal TreeNode NodeOf(FolderUnit folder, ReadOnlySpan<byte> name, in FileStatus status, Descriptor open)
    {
        var node = status.Kind == FileKind.Folder ? new TreeNode() : made;
        var error = nodes.Fill(node, name, status, open);
        if (error != Errno.None)
        {
            crew.Tell(folder.PathOf(name), $"cannot read its extended attributes: {error.Words()}", isLost: false);
        }

        return node;
    }

    /// <summary>Valid until the next call.</summary>
    internal TreeNode ParseNode(ReadOnlyMemory<byte> json)
    {
        parser.Parse(json.Span, parsed);
        return parsed;
    }

    /// <summary>The node as it stands in a tree.</summary>
    internal NodeEntry Write(TreeNode node)
    {
        json.Clear();
        NodeWriter.Write(node, json);
        return new(node.Name.ToArray(), json.ToArray());
    }

    internal ObjectId StoreTree(ReadOnlySpan<NodeEntry?> all)
    {
        tree.Begin();
        foreach (var node in all)
        {
            if (node is { } kept)
            {
                tree.AddVerbatim(kept.Name, kept.Raw.Span);
            }
        }

        return Blobs.Store(BlobKind.Tree, tree.Finish().Span);
    }

    /// <summary>An earlier snapshot's folder. One that cannot be read is as good as none: its files are read again.</summary>
    internal OldTree OldTree(ObjectId id)
    {
        try
        {
            return Backup.OldTree.Parse(reader.Read(crew.Index, new(BlobKind.Tree, id), crew.Stopping).ToArray());
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            crew.Tell([], $"the parent snapshot is damaged ({problem.Message}); what it lacks is read again", isLost: false);
            return Backup.OldTree.None;
        }
    }

    /// <summary>Stores a piece of zeros, as holes of sparse files are.</summary>
    internal ObjectId StoreZeros(int length)
    {
        if (length == CutSizes.Hole && hole is { } known)
        {
            return known;
        }

        var id = Blobs.Store(BlobKind.Data, Zeros.Span[..length]);
        hole = length == CutSizes.Hole ? id : hole;
        return id;
    }

    public void Dispose()
    {
        Blobs.Dispose();
        reader.Dispose();
        tree.Dispose();
        json.Dispose();
    }
}
