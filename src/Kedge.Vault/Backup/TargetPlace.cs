using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>
/// What a person asked for, as a tree: a snapshot of <c>/srv/a</c> and <c>/srv/b</c> has the folder <c>srv</c> with just
/// these two. Relative paths stand below the root as they were given, as in restic, without the <c>..</c> that they begin
/// with; <c>.</c> and <c>..</c> are the root itself.
/// </summary>
internal sealed class TargetPlace(byte[] name)
{
    private readonly List<TargetPlace> below = [];

    /// <summary>In the folder above; of the root, the path of the folder that stands there.</summary>
    internal byte[] Name { get; } = name;

    /// <summary>Whether all of it is wanted; otherwise only what is <see cref="Below"/>.</summary>
    internal bool IsTarget { get; private set; }

    internal IReadOnlyList<TargetPlace> Below => below;

    /// <param name="paths">Without <c>..</c> but at the beginning of relative ones.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where no one folder is the root of all of them.</exception>
    internal static TargetPlace Of(IReadOnlyList<byte[]> paths)
    {
        var root = new TargetPlace(RootOf(paths[0]));
        foreach (var path in paths)
        {
            if (!RootOf(path).AsSpan().SequenceEqual(root.Name))
            {
                throw new VaultException(
                    VaultFault.Misuse, "absolute and relative paths, or relative ones that lead up to different folders, cannot stand in one snapshot", "Give all of them as absolute paths.");
            }

            root.Add(path);
        }

        return root;
    }

    private static byte[] RootOf(ReadOnlySpan<byte> path)
    {
        if (PathBytes.IsAbsolute(path))
        {
            return "/"u8.ToArray();
        }

        var root = PathBytes.Of(Environment.CurrentDirectory);
        foreach (var range in path.Split(PathBytes.Separator))
        {
            root = path[range].SequenceEqual(".."u8) ? PathBytes.Clean(PathBytes.Join(root, ".."u8)) : root;
        }

        return root;
    }

    private void Add(byte[] path)
    {
        var at = this;
        foreach (var range in path.AsSpan().Split(PathBytes.Separator))
        {
            var step = path.AsSpan(range);
            if (step.IsEmpty || step.SequenceEqual("."u8) || step.SequenceEqual(".."u8))
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
