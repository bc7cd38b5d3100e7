namespace Kedge.Vault.Files;

/// <summary>A point in time as file systems keep it.</summary>
/// <param name="Seconds">Since 1970-01-01 UTC; negative before.</param>
/// <param name="Nanoseconds">0 to 999,999,999, counted forward from <paramref name="Seconds"/> also before 1970.</param>
internal readonly record struct FileTime(long Seconds, int Nanoseconds);
