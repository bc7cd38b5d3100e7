using System.Runtime.CompilerServices;
using Kedge.Vault.Files;

namespace Kedge.Vault.Filters;

/// <summary>The names of an absolute path, found once for all patterns that it is held against.</summary>
internal ref struct PathNames
{
    private readonly ReadOnlySpan<byte> path;
    private readonly Span<int> ends;

    /// <param name="path">Begins with a slash; has no doubled one and none at its end.</param>
    /// <param name="room">For as many numbers as <see cref="CountOf"/> says.</param>
    internal PathNames(ReadOnlySpan<byte> path, Span<int> room)
    {
        this.path = path;
        ends = room;
        for (var at = 1; ;)
        {
            var slash = path[at..].IndexOf(PathBytes.Separator);
            ends[Count++] = slash < 0 ? path.Length : at + slash;
            if (slash < 0)
            {
                break;
            }

            at += slash + 1;
        }
    }

    internal int Count { get; }

    internal static int CountOf(ReadOnlySpan<byte> path) => path.Count(PathBytes.Separator);

    internal readonly ReadOnlySpan<byte> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => path[(index == 0 ? 1 : ends[index - 1] + 1)..ends[index]];
    }
}
