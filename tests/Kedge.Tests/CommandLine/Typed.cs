using System.Text.Json.Nodes;
using Kedge.CommandLine;
using Kedge.CommandLine.Terminals;

namespace Kedge.Tests.CommandLine;

/// <summary>A folder of its own in which commands are given, and what came of the last one.</summary>
internal sealed class Typed : IDisposable
{
    /// <summary>Services that people move by hand: runs need nothing of this machine.</summary>
    public const string ByHand = """
        plan: Hotline
        sites:
          east: { recovered-by: [west] }
          west: { recovered-by: [east] }
        people:
          - { name: Operations manager, login: ops, roles: [decides], contacts: { phone: "+1 202 555 0100" } }
        decision: { approvers: [decides] }
        services:
          hotline:
            primary: east
            objectives: { rto: 4h }
            components:
              desk:
                driver: manual
                redundancy: 2
                at:
                  east: { start: Open the desk at the main office., stop: Close it. }
                  west: { start: Open the desk at the branch office., stop: Close it. }
        accept:
          - { warning: KP046, at: services.hotline, because: Only a person can tell. }
        """;

    public Typed(string? plan = ByHand)
    {
        Folder = Directory.CreateTempSubdirectory("kedge-typed-").FullName;
        if (plan is not null)
        {
            File.WriteAllText(Path.Combine(Folder, "kedge.yaml"), plan);
        }
    }

    public string Folder { get; }

    public string State => Path.Combine(Folder, ".kedge");

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What a person types when asked; null where nobody is there.</summary>
    public string? Answers { get; set; }

    /// <summary>What a person types unseen when asked for a password; nobody is there when it is empty.</summary>
    public Queue<string> Secrets { get; } = new();

    /// <summary>What comes in as bytes.</summary>
    public byte[] Input { get; set; } = [];

    /// <summary>What went out as bytes, past <see cref="Output"/>.</summary>
    public byte[] RawOutput { get; private set; } = [];

    public string Login { get; set; } = "ops";

    public JsonNode Json => JsonNode.Parse(Output) ?? throw new InvalidOperationException("no JSON");

    /// <summary>Gives a command; arguments are separated by single spaces, underscores stand for spaces within one.</summary>
    public int Give(string line) => Give(line, CancellationToken.None);

    public int Give(string line, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var raw = new MemoryStream();
        var host = new CommandHost
        {
            Output = output,
            Error = error,
            Input = new StringReader(Answers ?? ""),
            Interactive = Answers is not null,
            Redraws = false,
            Colour = false,
            Size = () => (100, 50),
            Time = TimeProvider.System,
            Folder = Folder,
            Environment = name => Environment.GetValueOrDefault(name),
            Login = Login,
            AskHidden = (_, _) => Secrets.TryDequeue(out var secret) ? secret.ToCharArray() : null,
            OpenInput = () => new MemoryStream(Input),
            OpenOutput = () => raw,
        };
        var arguments = line.Length == 0 ? [] : line.Split(' ').Select(a => a.Replace('_', ' ')).ToList();
        var code = CommandEntry.RunAsync(arguments, host, cancellation).GetAwaiter().GetResult();
        (Output, Error, RawOutput) = (output.ToString(), error.ToString(), raw.ToArray());
        return code;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
