using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>
/// What a person asked for, as a tree: a snapshot of <c>/srv/a</c> and <c>/srv/b</c> has the folder <c>srv</c> with just
/// these two. Relative paths stand below the root as they were given, as in restic; <c>.</c> is the root itself.
/// </summary>
internal sealed class TargetPlace(byte[] name)
{
    private readonly List<TargetPlace> below = [];

    internal byte[] Name { get; } = name;

    /// <summary>Whether all of it is wanted; otherwise only what is <see cref="Below"/>.</summary>
    internal bool IsTarget { get; private set; }

    internal IReadOnlyList<TargetPlace> Below => below;

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where absolute and relative paths are mixed.</exception>
    internal static TargetPlace Of(IReadOnlyList<byte[]> paths)
    {
        var root = new TargetPlace([]);
        foreach (var path in paths)
        {
            if (PathBytes.IsAbsolute(path) != PathBytes.IsAbsolute(paths[0]))
            {
                throw new VaultException(VaultFault.Misuse, "absolute and relative paths cannot stand in one snapshot", "Give all of them as absolute paths.");
            }

            root.Add(path);
        }

        return root;
    }

    private void Add(byte[] path)
    {
        var at = this;
        foreach (var range in path.AsSpan().Split(PathBytes.Separator))
        {
            var step = path.AsSpan(range);
            if (step.IsEmpty || step.SequenceEqual("."u8))
            {
                continue;
            }

            var next = at.Find(step);
            if (next is null)
            {
                next = new(step.ToArray());
                at.below.Add(next);
            }

            at = next;
        }

        at.IsTarget = true;
    }

    private TargetPlace? Find(ReadOnlySpan<byte> step)
    {
        foreach (var one in below)
        {
            if (one.Name.AsSpan().SequenceEqual(step))
            {
                return one;
            }
        }

        return null;
    }
}
