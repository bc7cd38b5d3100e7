using System.CommandLine;
using System.Text;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault;
using Kedge.Vault.Filters;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>The four options of restic that leave out, or take, what patterns match.</summary>
/// <param name="word"><c>exclude</c> or <c>include</c>.</param>
/// <param name="alias"><c>-e</c> or <c>-i</c>.</param>
/// <param name="does">What happens to what matches.</param>
internal sealed class PatternOptions(string word, string alias, string does)
{
    private readonly Option<string[]> patterns = new($"--{word}", alias)
    {
        Description = $"{does} what this pattern matches: *, ?, [a-z] within a name, ** for any number of folders; from the root when it begins with a slash, else anywhere; ! before it takes back what earlier ones match. May be repeated.",
        HelpName = "PATTERN",
    };

    private readonly Option<string[]> anyCase = new($"--i{word}") { Description = $"The same, whether letters are large or small.", HelpName = "PATTERN" };

    private readonly Option<string[]> files = new($"--{word}-file")
    {
        Description = "A file of such patterns, one a line; # begins a comment, $NAME stands for a variable. May be repeated.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> anyCaseFiles = new($"--i{word}-file") { Description = "The same, whether letters are large or small.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Options.Add(patterns);
        command.Options.Add(anyCase);
        command.Options.Add(files);
        command.Options.Add(anyCaseFiles);
    }

    /// <summary>The patterns as they were given, for people: what a snapshot remembers of them.</summary>
    public IReadOnlyList<string> Given(VaultCall call) =>
        [.. call.Get(patterns)!, .. call.Get(files)!.SelectMany(f => ListFile.Patterns(call.Host, f, files.Name)).Select(Encoding.UTF8.GetString)];

    /// <summary>Empty where none of the options was given.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>.</exception>
    public IReadOnlyList<PathPatterns> Read(VaultCall call, ArgumentBytes arguments)
    {
        var lists = new List<PathPatterns>();
        Add(patterns, files, ignoresCase: false);
        Add(anyCase, anyCaseFiles, ignoresCase: true);
        return lists;

        void Add(Option<string[]> direct, Option<string[]> fromFiles, bool ignoresCase)
        {
            List<byte[]> all = [.. call.Get(direct)!.Select(arguments.Of), .. call.Get(fromFiles)!.SelectMany(f => ListFile.Patterns(call.Host, f, fromFiles.Name))];
            if (all.Count > 0)
            {
                lists.Add(PathPatterns.Parse(all, ignoresCase));
            }
        }
    }
}
