namespace Kedge.Vault.Format;

/// <summary>An extended attribute (xattr(7)). Names that are not UTF-8 lose what is not when they are written.</summary>
public readonly record struct ExtendedAttribute(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value);
