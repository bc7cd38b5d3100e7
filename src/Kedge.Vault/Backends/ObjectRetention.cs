namespace Kedge.Vault.Backends;

/// <summary>Until when what is stored may not be removed: S3's object lock, which the bucket must have.</summary>
/// <param name="Days">From the moment of storing; 1 to 36,500.</param>
public sealed record ObjectRetention(int Days, RetentionMode Mode);
