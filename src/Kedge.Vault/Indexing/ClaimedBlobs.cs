using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>
/// The blobs that this process is about to store, or has stored since the index was read. Whoever is the first to claim
/// one stores it; all others may rely on that. Safe for many threads; about 40 bytes a blob.
/// </summary>
internal sealed class ClaimedBlobs
{
    private const int StripeBits = 5;

    private readonly Stripe[] stripes = [.. Enumerable.Range(0, 1 << StripeBits).Select(_ => new Stripe())];

    /// <summary>True for exactly one caller a blob.</summary>
    internal bool TryClaim(in BlobName blob) => stripes[StripeOf(blob.Id)].TryClaim(blob);

    internal bool Contains(in BlobName blob) => stripes[StripeOf(blob.Id)].Contains(blob);

    // Other bits than those by which the slots of a stripe are chosen.
    private static int StripeOf(in ObjectId id) => (int)(id.Prefix & ((1 << StripeBits) - 1));

    private sealed class Stripe : IIdColumn
    {
        private readonly Lock gate = new();
        private ObjectId[] ids = new ObjectId[64];
        private ulong[] trees = new ulong[1];
        private IdSlots slots = new(64);
        private int count;

        public ref readonly ObjectId this[int position] => ref ids[position];

        internal bool TryClaim(in BlobName blob)
        {
            lock (gate)
            {
                if (Find(blob))
                {
                    return false;
                }

                if (count == ids.Length)
                {
                    Array.Resize(ref ids, count + (count / 2));
                    Array.Resize(ref trees, (ids.Length + 63) / 64);
                }

                if (!slots.HasRoomFor(count + 1))
                {
                    slots.Grow(count, ids.Length, this);
                }

                ids[count] = blob.Id;
                if (blob.Kind == BlobKind.Tree)
                {
                    trees[count / 64] |= 1UL << (count % 64);
                }

                slots.Add(blob.Id, count++);
                return true;
            }
        }

        internal bool Contains(in BlobName blob)
        {
            lock (gate)
            {
                return Find(blob);
            }
        }

        private bool Find(in BlobName blob)
        {
            var probe = -1;
            for (var at = slots.Find(blob.Id, this, ref probe); at >= 0; at = slots.Find(blob.Id, this, ref probe))
            {
                if (((trees[at / 64] >> (at % 64)) & 1) == (ulong)blob.Kind)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
