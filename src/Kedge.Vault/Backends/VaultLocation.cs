using System.Security.Cryptography;
using Kedge.Vault.Backends.Local;
using Kedge.Vault.Backends.Rest;
using Kedge.Vault.Backends.S3;

namespace Kedge.Vault.Backends;

/// <summary>
/// Where a vault is, as a person writes it: a folder (also as <c>local:PATH</c>), <c>s3:https://host[:port]/bucket/prefix</c>
/// (also <c>s3:host/bucket</c>), or <c>rest:https://[user:password@]host[:port]/path/</c>. Shown without credentials.
/// </summary>
public abstract class VaultLocation
{
    /// <summary>What restic knows and we do not, so that it is not taken for a folder of that name.</summary>
    private static readonly string[] Unsupported = ["sftp", "b2", "azure", "gs", "swift", "rclone"];

    private protected VaultLocation()
    {
        // Its kinds are these three.
    }

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>, with what is wrong about it. The text itself is
    /// not repeated where it may hold a password.</exception>
    public static VaultLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
        {
            throw Bad("the vault's location is empty", "Give a folder, s3:https://host/bucket/prefix or rest:https://host/path/.");
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (colon < 0 || (slash >= 0 && slash < colon))
        {
            return new LocalLocation(text);
        }

        var rest = text[(colon + 1)..];
        return text[..colon] switch
        {
            "local" => new LocalLocation(rest),
            "s3" => S3Location.After(rest),
            "rest" => RestLocation.After(rest),
            "http" or "https" => throw Bad(
                "a web address alone does not say how to speak to its server", "Write rest: or s3: before it, as in rest:https://host/path/."),
            var scheme when Unsupported.Contains(scheme) => throw Bad(
                $"storage of the kind {scheme}: is not supported", "Supported are folders, s3: and rest: (rest-server, also rclone serve restic)."),
            var scheme => throw Bad($"the kind of storage {BackendFaults.OneLine(scheme)}: is not known", "For a folder of this name write ./ before it."),
        };
    }

    /// <summary>Opens the storage, with retries and limits as the options have them. Nothing is read or written yet.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>: options that do not fit;
    /// <see cref="VaultFault.Denied"/>: credentials that S3 needs are missing.</exception>
    public IBackend Open(BackendOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Check();
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        return new RetryingBackend(OpenBare(options, time), new(options.RetryFor, options.OnRetry, new(seed), time));
    }

    /// <summary>The location without credentials; <see cref="Parse"/> reads it again.</summary>
    public abstract override string ToString();

    /// <summary>Without retries.</summary>
    internal abstract IBackend OpenBare(BackendOptions options, TimeProvider time);

    private protected static VaultException Bad(string message, string? hint) => new(VaultFault.Misuse, message, hint);

    /// <summary>An address of a server, from a text that is not repeated when it is none.</summary>
    private protected static Uri AddressOf(string text, string example)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || address.Host.Length == 0)
        {
            throw Bad("the vault's location is no web address", $"It looks like this: {example}");
        }

        return address.Query.Length == 0 && address.Fragment.Length == 0
            ? address
            : throw Bad("the vault's location has a ? or # in it", "Where they belong to a password, write them as %3F and %23.");
    }

    private protected static void RefuseRetention(BackendOptions options)
    {
        if (options.Retention is not null)
        {
            throw Bad("a retention is only for S3", "For a folder or a REST server, protect what is stored on the server itself (append-only mode).");
        }
    }
}
