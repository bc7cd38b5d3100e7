using System.Text;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Secrets;

/// <summary>Reads secrets from this process's environment and from files of this machine, each time anew.</summary>
public sealed class SecretReader : ISecretReader
{
    private const int LongestSecret = 64 * 1024;

    private const UnixFileMode AnyOther =
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Read(SecretReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var secret = reference.Source is SecretSource.Environment ? FromEnvironment(reference) : FromFile(reference);
        secret = secret.EndsWith("\r\n", StringComparison.Ordinal) ? secret[..^2]
            : secret.EndsWith('\n') ? secret[..^1] : secret;
        return secret.Length > 0
            ? secret
            : throw new DriverException($"secret {reference} is empty", reference.Source is SecretSource.Environment
                ? $"set {reference.Name} where Kedge is started" : $"write the secret into {reference.Name}");
    }

    private static string FromEnvironment(SecretReference reference) =>
        Environment.GetEnvironmentVariable(reference.Name)
        ?? throw new DriverException($"secret {reference} is missing: there is no such environment variable",
            $"set {reference.Name} where Kedge is started (for a systemd unit: EnvironmentFile=)");

    private static string FromFile(SecretReference reference)
    {
        var path = reference.Name;
        try
        {
            if (Directory.Exists(path))
            {
                throw new DriverException($"secret {reference} is a folder", "name the file in it");
            }

            // The open file is asked, not its name: what is checked is what is read.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if ((File.GetUnixFileMode(file.SafeFileHandle) & AnyOther) != 0)
            {
                throw new DriverException($"secret {reference} is refused: others than its owner and group may use the file", $"chmod o= {path}");
            }

            if (!file.CanSeek || file.Length > LongestSecret)
            {
                throw new DriverException($"secret {reference} is refused: not a plain file of at most 64 KiB", "name the file that holds nothing but the secret");
            }

            using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            // Without the cause: its text shows the bytes.
            throw new DriverException($"secret {reference} is not text in UTF-8", "encode it (base64, say), as its user expects it");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DriverException($"secret {reference} is missing: there is no such file", $"write the secret into {path}, readable by Kedge alone", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"secret {reference} cannot be read: {e.Message}", $"let Kedge's user read {path}", inner: e);
        }
    }
}
