using Kedge.Plan.Contracts;

namespace Kedge.Drivers;

/// <summary>Resolves references to secrets, at the moment of use.</summary>
public interface ISecretReader
{
    /// <summary>
    /// The secret, without a trailing newline. Throws <see cref="DriverException"/> that names the reference (never the
    /// value) and the remedy where it is missing, empty, or a file that others may read.
    /// </summary>
    string Read(SecretReference reference);
}
