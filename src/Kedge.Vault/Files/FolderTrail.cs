namespace Kedge.Vault.Files;

/// <summary>
/// The way from a folder down to where a walk stands, and back. Holds at most <see cref="MostOpen"/> descriptors at any depth:
/// those of the folders farthest up are closed, and opened again when the walk comes back, if they are still the same
/// folders. Belongs to one thread.
/// </summary>
internal sealed class FolderTrail : IDisposable
{
    /// <summary>How many folders below the top stay open; while one is opened, one more.</summary>
    internal const int MostOpen = 32;

    private readonly FolderHandle top;
    private readonly List<Step> steps = [];
    private int firstOpen;

    /// <param name="top">Stays open; the caller disposes it after this.</param>
    internal FolderTrail(FolderHandle top) => this.top = top;

    /// <summary>How many folders below the top the walk stands.</summary>
    internal int Depth => steps.Count;

    /// <summary>Where the walk stands. The trail closes it: who hands it to another thread has to hold it there.</summary>
    internal FolderHandle Current => steps.Count == 0 ? top : steps[^1].Folder!;

    /// <summary>Its name in the folder above; of the top, empty.</summary>
    internal ReadOnlySpan<byte> Name => steps.Count == 0 ? default : steps[^1].Name;

    /// <summary>Goes down a step. After an error the walk stands where it stood.</summary>
    internal Errno Enter(ReadOnlySpan<byte> name)
    {
        var error = Current.OpenFolder(name, out var folder);
        if (error != Errno.None)
        {
            return error;
        }

        if (steps.Count + 1 - firstOpen > MostOpen)
        {
            error = CloseFirst();
            if (error != Errno.None)
            {
                folder.Dispose();
                return error;
            }
        }

        steps.Add(new(name.ToArray()) { Folder = folder });
        return Errno.None;
    }

    /// <summary>Goes up a step.</summary>
    /// <returns>Where the folders above were moved or replaced meanwhile (<see cref="Errno.Moved"/>), or cannot be opened again:
    /// the walk then stands at the lowest one that is still in its place, see <see cref="Depth"/>.</returns>
    /// <exception cref="InvalidOperationException">The walk is at the top.</exception>
    internal Errno Leave()
    {
        if (steps.Count == 0)
        {
            throw new InvalidOperationException("The walk is at its top.");
        }

        using var left = Current;
        steps.RemoveAt(steps.Count - 1);
        if (firstOpen < steps.Count || steps.Count == 0)
        {
            return Errno.None;
        }

        firstOpen = steps.Count - 1;
        return left.OpenAbove(out var above) == Errno.None && Keep(steps[^1], above) == Errno.None ? Errno.None : OpenByName();
    }

    public void Dispose()
    {
        foreach (var step in steps)
        {
            step.Folder?.Dispose();
        }

        steps.Clear();
    }

    private Errno CloseFirst()
    {
        var step = steps[firstOpen];
        var error = step.Folder!.Status(out var status);
        if (error == Errno.None)
        {
            step.Status = status;
            step.Folder.Dispose();
            step.Folder = null;
            firstOpen++;
        }

        return error;
    }

    /// <summary>The folder that was left has been moved: the one that it was in may still be in its place.</summary>
    private Errno OpenByName()
    {
        var from = top;
        for (var index = 0; index < steps.Count; index++)
        {
            var error = from.OpenFolder(steps[index].Name, out var folder);
            error = error == Errno.None ? Keep(steps[index], folder) : error;
            if (error != Errno.None)
            {
                // The one above is open: the walk goes on from there.
                steps.RemoveRange(index, steps.Count - index);
                firstOpen = Math.Max(0, index - 1);
                return error is Errno.NotFound or Errno.NotAFolder ? Errno.Moved : error;
            }

            if (index > 0)
            {
                from.Dispose();
                steps[index - 1].Folder = null;
            }

            from = folder;
        }

        return Errno.None;
    }

    /// <summary>Takes a folder for a step, if it is the one that was closed there.</summary>
    private static Errno Keep(Step step, FolderHandle folder)
    {
        var error = folder.Status(out var status);
        if (error == Errno.None && !status.IsSameAs(step.Status))
        {
            error = Errno.Moved;
        }

        if (error == Errno.None)
        {
            step.Folder = folder;
        }
        else
        {
            folder.Dispose();
        }

        return error;
    }

    private sealed class Step(byte[] name)
    {
        internal byte[] Name { get; } = name;

        /// <summary>Null while it is closed.</summary>
        internal FolderHandle? Folder { get; set; }

        /// <summary>As it was closed.</summary>
        internal FileStatus Status { get; set; }
    }
}
