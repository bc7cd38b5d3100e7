using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Comparing;

/// <summary>
/// Whether two files have the same bytes, although their blobs are not the same: restic cuts files at other places than we
/// do. Reads only where neither both have one blob for the same stretch, and no further than to the first difference.
/// </summary>
internal sealed class ContentEquality(BlobFetch blobs)
{
    /// <returns>False also where it cannot be told, because something is missing or damaged.</returns>
    internal async Task<bool> SameAsync(TreeNode one, TreeNode other, CancellationToken cancellation)
    {
        if (one.Size != other.Size)
        {
            return false;
        }

        var (left, right) = (new Run(this, one.Content), new Run(this, other.Content));
        while (!left.IsAtEnd || !right.IsAtEnd)
        {
            if (!left.TryTake(out var first) || !right.TryTake(out var second))
            {
                return false;
            }

            while (left.Position != right.Position)
            {
                if (!(left.Position < right.Position ? left : right).TryTake(out _))
                {
                    return false;
                }
            }

            var isSingle = left.Count == 1 && right.Count == 1;
            if (isSingle ? first != second : !await SameAsync(left.Blobs, right.Blobs, cancellation))
            {
                return false;
            }

            left.Forget();
            right.Forget();
        }

        return true;
    }

    private async Task<bool> SameAsync(IReadOnlyList<ObjectId> one, IReadOnlyList<ObjectId> other, CancellationToken cancellation)
    {
        try
        {
            ReadOnlyMemory<byte> left = default, right = default;
            var (nextLeft, nextRight) = (0, 0);
            while (true)
            {
                left = left.IsEmpty && nextLeft < one.Count ? await blobs.LoadAsync(new(BlobKind.Data, one[nextLeft++]), cancellation) : left;
                right = right.IsEmpty && nextRight < other.Count ? await blobs.LoadAsync(new(BlobKind.Data, other[nextRight++]), cancellation) : right;
                var length = Math.Min(left.Length, right.Length);
                if (length == 0 || !left.Span[..length].SequenceEqual(right.Span[..length]))
                {
                    return left.Length == right.Length && length == 0;
                }

                (left, right) = (left[length..], right[length..]);
            }
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            // A check tells what is damaged; here it is not the same.
            return false;
        }
    }

    /// <summary>The blobs of a file, taken until both files are at the same place.</summary>
    private sealed class Run(ContentEquality equality, List<ObjectId> content)
    {
        private int start;
        private int next;

        /// <summary>In the file, in bytes.</summary>
        internal long Position { get; private set; }

        internal bool IsAtEnd => next == content.Count;

        internal int Count => next - start;

        internal IReadOnlyList<ObjectId> Blobs => content.GetRange(start, Count);

        internal bool TryTake(out ObjectId blob)
        {
            blob = IsAtEnd ? default : content[next];
            var length = IsAtEnd ? 0 : equality.LengthOf(blob);
            Position += Math.Max(0, length);
            next += IsAtEnd ? 0 : 1;
            return length > 0;
        }

        internal void Forget() => start = next;
    }

    private long LengthOf(ObjectId blob) => blobs.Index.ContentLength(new(BlobKind.Data, blob));
}
