using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>
/// Where a vault's password comes from: a file, a program, the environment, or the person at the terminal; never an
/// argument. Blanks around it do not belong to it, as in restic.
/// </summary>
/// <param name="host">Where the command was given.</param>
/// <param name="prefix">Of the variables that name its sources: <c>RESTIC_</c>, or <c>RESTIC_FROM_</c> for the vault that is copied from.</param>
internal sealed class VaultPassword(CommandHost host, string prefix)
{
    private const int Longest = 64 << 10;

    /// <summary>The password of a vault that exists. Whoever asked for it wipes it.</summary>
    /// <param name="file">What the options say; null where they say nothing.</param>
    /// <param name="command">The same.</param>
    /// <param name="question">What a person is asked.</param>
    public char[] Read(string? file, string? command, string question, CancellationToken cancellation) =>
        Given(file, command) ?? host.AskHidden(question, cancellation)
        ?? throw VerbException.Usage("the vault's password is not given, and nobody can be asked for it here", "name a file that holds it: --password-file FILE, or KEDGE_VAULT_PASSWORD_FILE");

    /// <summary>A password for a new key, asked for twice.</summary>
    public char[] ReadNew(string? file, string? command, CancellationToken cancellation)
    {
        var password = Given(file, command);
        if (password is null && host.AskHidden("new password:", cancellation) is { } typed)
        {
            password = typed;
            var again = host.AskHidden("the same again:", cancellation);
            var isSame = typed.AsSpan().SequenceEqual(again);
            Array.Clear(again ?? []);
            if (!isSame)
            {
                throw new VerbException(ExitCodes.Failed, "the two passwords differ", "Give the command again.");
            }
        }

        return password switch
        {
            null => throw VerbException.Usage("the new password is not given, and nobody can be asked for it here", "name a file that holds it"),
            [] => throw new VerbException(ExitCodes.Failed, "an empty password protects nothing", "Choose one that nobody guesses."),
            _ => password,
        };
    }

    private char[]? Given(string? file, string? command)
    {
        if (file is not null && command is not null)
        {
            throw VerbException.Usage("the password is given twice, as a file and as a command", "give one of the two");
        }

        if ((file ?? (command is null ? Variable("PASSWORD_FILE") : null)) is { } path)
        {
            return OfFile(Path.GetFullPath(path, host.Folder));
        }

        return (command ?? Variable("PASSWORD_COMMAND")) is { } program ? OfCommand(program) : Variable("PASSWORD")?.ToCharArray();
    }

    private string? Variable(string name)
    {
        var ours = prefix == "RESTIC_" && name == "PASSWORD_FILE" ? host.Environment("KEDGE_VAULT_PASSWORD_FILE") : null;
        return ours is { Length: > 0 } ? ours : host.Environment(prefix + name) is { Length: > 0 } text ? text : null;
    }

    private static char[] OfFile(string path)
    {
        byte[] bytes = [];
        try
        {
            bytes = File.ReadAllBytes(path);
            return Decoded(bytes, $"the password file {path}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCodes.Failed, $"the password file {path} cannot be read: {(File.Exists(path) ? "it is not yours to read" : "it does not exist")}", "Name a file that you may read: --password-file FILE.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private char[] OfCommand(string command)
    {
        if (CommandWords.Split(command) is not [var program, .. var arguments])
        {
            throw VerbException.Usage("the password command is not closed or empty", "write it as in --password-command 'pass show vault'");
        }

        byte[] bytes = [];
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = host.Folder };
            using var process = Process.Start(start)!;
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            bytes = output.ToArray();
            CryptographicOperations.ZeroMemory(output.GetBuffer());
            return process.ExitCode == 0
                ? Decoded(bytes, $"the password command {program}")
                : throw new VerbException(ExitCodes.Failed, $"the password command {program} ended with exit code {process.ExitCode}", "What it says itself stands above.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new VerbException(ExitCodes.Failed, $"the password command {program} cannot be started", "Name a program that exists; it is started without a shell.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static char[] Decoded(byte[] bytes, string source)
    {
        if (bytes.Length > Longest)
        {
            throw new VerbException(ExitCodes.Failed, $"{source} has {bytes.Length} bytes, which no password has", "Look whether it is the right one.");
        }

        ReadOnlySpan<byte> text = bytes;
        text = text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
        var characters = new char[Encoding.UTF8.GetCharCount(text)];
        Encoding.UTF8.GetChars(text, characters);
        var trimmed = characters.AsSpan().Trim().ToArray();
        Array.Clear(characters);
        return trimmed;
    }
}
