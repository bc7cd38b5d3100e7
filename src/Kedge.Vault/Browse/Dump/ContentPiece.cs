using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Dump;

/// <summary>A blob in a window.</summary>
/// <param name="Offset">Of its bytes in the window.</param>
/// <param name="File">The file to which it belongs.</param>
internal readonly record struct ContentPiece(ObjectId Blob, int Offset, ListedEntry File);
