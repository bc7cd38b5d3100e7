using System.Security.Cryptography;

namespace Kedge.Demo.World;

/// <summary>Passwords and keys, each in a file that its owner alone can read.</summary>
internal static class SecretFiles
{
    /// <summary>A new one of 192 random bits, in base64.</summary>
    public static string Invent() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    public static void Write(string path, string secret)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(file);
        writer.Write(secret + "\n");
    }

    public static string Read(string path) => File.ReadAllText(path).TrimEnd('\n');
}
