using System.Text;
using Kedge.Plan.Language;

namespace Kedge.Plan;

/// <summary>Brings a plan in from disk.</summary>
public static class PlanFiles
{
    /// <summary>Largest file that is read, in bytes: some fifteen times a plan of 10,000 components.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The file at <paramref name="path"/>, or the <c>*.yaml</c> files in the folder there, sorted by name. Never throws
    /// because of what is on disk: a file that cannot be read is a source with a problem.
    /// </summary>
    public static IReadOnlyList<PlanSource> Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Directory.Exists(path))
        {
            return [Read(path)];
        }

        try
        {
            var files = Directory.GetFiles(path, "*.yaml").Order(StringComparer.Ordinal).ToList();
            return files.Count > 0
                ? [.. files.Select(Read)]
                : [Unreadable(path, "This folder holds no file that ends in .yaml.", "Name the plan's file, or a folder of *.yaml files.")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [Unreadable(path, $"The folder cannot be read: {e.Message.TrimEnd('.')}.", "Let this user read the folder.")];
        }
    }

    private static PlanSource Read(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var content = new MemoryStream();
            var buffer = new byte[81920];
            while (stream.Read(buffer) is > 0 and var count)
            {
                content.Write(buffer, 0, count);
                if (content.Length > MaxBytes)
                {
                    return Unreadable(
                        file, ProblemCode.TooLarge, $"The file is larger than {MaxBytes / 1024 / 1024} MB.", "Give a plan, not another kind of file.");
                }
            }

            var text = Strict.GetString(content.GetBuffer().AsSpan(0, (int)content.Length));
            return new(file, text.StartsWith('\uFEFF') ? text[1..] : text);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unreadable(file, "There is no such file.", "Check the path, or write a first plan with `kedge init`.");
        }
        catch (DecoderFallbackException)
        {
            return Unreadable(file, "The file is not text in UTF-8.", "Save it as UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return Unreadable(file, $"The file cannot be read: {e.Message.TrimEnd('.')}.", "Give a file that this user can read.");
        }
    }

    private static PlanSource Unreadable(string file, string what, string fix) => Unreadable(file, ProblemCode.Unreadable, what, fix);

    private static PlanSource Unreadable(string file, ProblemCode code, string what, string fix) =>
        new(file, "", new(code.Code, code.Severity, file, 1, 1, "", what, fix));
}
