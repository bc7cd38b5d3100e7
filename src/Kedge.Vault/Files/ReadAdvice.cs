namespace Kedge.Vault.Files;

/// <summary>What the kernel may expect of a file's reader (posix_fadvise(2)).</summary>
internal enum ReadAdvice
{
    Random = 1,

    /// <summary>From front to back: it reads twice as far ahead.</summary>
    Sequential = 2,

    /// <summary>Soon: it begins to read now.</summary>
    WillNeed = 3,

    /// <summary>Not again: its pages may go, so that a backup does not drive out what others use.</summary>
    DontNeed = 4,
}
