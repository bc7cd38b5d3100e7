using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Kedge.Drivers.Programs;

/// <summary>Tells when a program was replaced. A file is read again only when its size or time has changed.</summary>
internal sealed class ProgramDigests
{
    private readonly ConcurrentDictionary<string, (long Length, DateTime Written, string Digest)> known = new();

    /// <summary>
    /// Facts about the program that would be started: <c>NAME</c> with its path, <c>NAME-sha256</c> with the digest of
    /// the file behind it. Where there is none, <c>NAME</c> says so.
    /// </summary>
    internal IEnumerable<KeyValuePair<string, string>> Facts(string name, ProgramStart start)
    {
        try
        {
            var program = ProgramFinder.Find(start);
            return [new(name, program), new($"{name}-sha256", DigestOf(program))];
        }
        catch (Exception e) when (e is DriverException or IOException or UnauthorizedAccessException)
        {
            return [new(name, e.Message)];
        }
    }

    private string DigestOf(string program)
    {
        var file = new FileInfo(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program);
        var digest = known.GetValueOrDefault(file.FullName);
        if (digest.Digest is null || digest.Length != file.Length || digest.Written != file.LastWriteTimeUtc)
        {
            using var content = file.OpenRead();
            digest = (file.Length, file.LastWriteTimeUtc, Convert.ToHexStringLower(SHA256.HashData(content)));
            known[file.FullName] = digest;
        }

        return digest.Digest;
    }
}
