using Kedge.Vault.Format;

namespace Kedge.Vault.Browse;

/// <summary>What a walk does at an entry.</summary>
[Flags]
internal enum WalkStep
{
    Pass = 0,

    Show = 1,

    /// <summary>Into a folder. Has no meaning for anything else.</summary>
    Descend = 2,
}

/// <summary>Decides where a walk goes. Asked twice about a folder; the second time it may have learned that it need not descend.</summary>
/// <param name="path">Absolute.</param>
internal delegate WalkStep WalkChoice(ReadOnlySpan<byte> path, TreeNode node);
