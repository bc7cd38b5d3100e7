using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Store;

namespace Kedge.Nodes;

/// <summary>A failure of the world rather than a defect: what failed and what to do, for a person.</summary>
/// <param name="Hint">Null where the first line says it.</param>
public sealed record KnownFailure(string What, string? Hint)
{
    /// <summary>Null for what Kedge did not expect.</summary>
    public static KnownFailure? Of(Exception failure) => failure switch
    {
        StoreException e => new(e.Message, null),
        JournalUnavailableException { InnerException: StoreException e } => new(e.Message, null),
        JournalDamagedException e => new(e.Message, "find out who changed it (kedge journal verify), and put the store back from a copy"),
        DriverException e => new(e.Message, e.Hint),
        UnauthorizedAccessException => new("a file or folder may not be used by this user", "run it as the user who owns the plan and its state"),
        IOException e => new(e.Message.TrimEnd('.'), "see that the disk has space and the path exists"),
        _ => null,
    };
}
